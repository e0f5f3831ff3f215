"""Saved extensions: configurations of extensions that uploads and updates refer to by an ID."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

from ..options import UNSET, Options, Unset, encode_extension, encode_nonempty_str, option
from ..result import ALWAYS, ListResult, Result, as_sent

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True, repr=False)
class SavedExtensionResult(Result):
    """A saved extension.

    Attributes:
        id: ID of the saved extension, for ``extensions=[{"name": "saved-extension", "id": …}]``.
        name: Name of the saved extension.
        description: Description of the saved extension.
        config: The extension, with names as the API spells them.
        created_at, updated_at: Timestamps in ISO 8601.
    """

    id: str = ALWAYS
    name: str = ALWAYS
    description: str = ALWAYS
    config: dict[str, Any] = field(default_factory=dict, metadata=as_sent())
    created_at: str = ALWAYS
    updated_at: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class ListSavedExtensionsResult(ListResult[SavedExtensionResult]):
    """The saved extensions of the account."""

    @classmethod
    def _decode_item(cls, data: Any) -> SavedExtensionResult:
        return SavedExtensionResult.from_json(data)


def _encode_config(value: object) -> dict[str, Any]:
    config = encode_extension(value)
    if not config.get("name"):
        raise ValueError("must have the name of an extension, such as {'name': 'remove-bg'}")
    if config["name"] == "saved-extension":
        raise ValueError("must be an extension itself, not a saved-extension")
    return config


class SavedExtensionKeywords(TypedDict, total=False):
    """The options of `create_saved_extension` and `update_saved_extension` as keywords."""

    name: str
    description: str
    config: Mapping[str, Any]


@dataclass(repr=False)
class SavedExtensionRequestOptions(Options):
    """Options of `create_saved_extension` and `update_saved_extension`.

    In an update, options that are not set stay unchanged.

    Attributes:
        name: Name of the saved extension; required for a new one.
        description: Description of the saved extension; required for a new one.
        config: One extension as in the option `extensions` of uploads, such as
            ``{"name": "aws-auto-tagging", "min_confidence": 80, "max_tags": 5}``; required for a new one.
    """

    name: str | Unset = field(default=UNSET, metadata=option(encode=encode_nonempty_str))
    description: str | Unset = field(default=UNSET, metadata=option(encode=encode_nonempty_str))
    config: Mapping[str, Any] | Unset = field(default=UNSET, metadata=option(encode=_encode_config))
