"""Handlers for saved extensions, which uploads and updates refer to by id (api.md, chapter 26)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...base.errors import ApiError
from ...extensions.requests import ExtensionRefused, read_extension
from .collection import Collection, show_with_dates
from .members import read_members, shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...library.presets import Preset
    from ...library.tables.transactions import Transaction

MAX_SAVED = 100

SCHEMA: dict[str, Any] = shape(
    {
        "name": {"type": "string", "minLength": 1},
        "description": {"type": "string", "minLength": 1},
        "config": {"type": "object"},
    }
)


def _read(transaction: Transaction, body: Mapping[str, Any], old: Preset | None) -> dict[str, Any]:
    given = read_members(SCHEMA, body, partial=old is not None)
    if "config" in given:
        try:
            read_extension(given["config"])
        except ExtensionRefused as exc:
            # The service says only that it is invalid; the reason helps its author.
            raise ApiError(400, "Invalid extension configuration.", errors={"config": str(exc)}) from exc
    return {**(old.members if old is not None else {}), **given}


SAVED_EXTENSIONS = Collection(
    kind="saved-extension",
    id_prefix="ext_",
    read=_read,
    show=show_with_dates,
    missing="The requested saved extension does not exist.",
    malformed="Invalid saved extension ID.",
    most=(MAX_SAVED, f"A maximum of {MAX_SAVED} saved extensions can be created."),
)
