"""The configuration of an account, which most requests need. It is read as a whole, and cached by the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from . import fields, presets

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping


class Account(NamedTuple):
    """The configuration of an account.

    Attributes:
        transformations: Steps of the enabled named transformations, by name.
        url_prefixes: Descriptions of the URL endpoints by prefix, except the default endpoint.
        field_schemas: Schemas of the custom metadata fields by name, except deleted ones.
        has_webhooks: Whether there are any webhooks, even if they are disabled.
    """

    transformations: Mapping[str, str]
    url_prefixes: Mapping[str, str]
    field_schemas: Mapping[str, Mapping[str, Any]]
    has_webhooks: bool


def read_account(connection: sqlite3.Connection) -> Account:
    named = [preset.members for preset in presets.all_of(connection, "named-transformation")]
    endpoints = [preset.members for preset in presets.all_of(connection, "url-endpoint")]
    return Account(
        transformations={members["name"]: members["transformation"] for members in named if members["enabled"]},
        url_prefixes={members["urlPrefix"]: members["description"] for members in endpoints if members["urlPrefix"]},
        field_schemas=fields.schemas(connection),
        has_webhooks=bool(presets.all_of(connection, "webhook")),
    )
