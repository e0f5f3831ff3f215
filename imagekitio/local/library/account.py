"""What an account sets up once and other requests ask for all the time: read together, and kept by the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from . import fields, presets

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping


class Account(NamedTuple):
    """An account as it is set up.

    Attributes:
        transformations: The enabled named transformations: steps by name.
        url_prefixes: Descriptions of the URL endpoints by prefix, the default one left out.
        field_schemas: Schemas of the custom metadata fields by name, deleted ones left out.
        has_webhooks: Whether there are any, be they enabled or not.
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
