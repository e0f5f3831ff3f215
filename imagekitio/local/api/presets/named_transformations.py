"""Handlers for named transformations, which delivery URLs use as ``tr:n-<name>`` (api.md, chapter 27).

The API cannot refer to one in the upload settings of the account, so a delete is never refused because it is in use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...base.dates import iso_date
from ...base.errors import ApiError
from ...library import presets
from .collection import Collection
from .members import read_members, shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...library.presets import Preset
    from ...library.tables.transactions import Transaction

MAX_NAMED = 250

SCHEMA: dict[str, Any] = shape(
    {
        "name": {
            "type": "string",
            "minLength": 1,
            "pattern": "^[A-Za-z0-9_]+$",
            "description": "letters, digits and underscores",
        },
        "transformation": {"type": "string", "minLength": 1},
    },
    {"enabled": {"type": "boolean", "default": True}},
)


def _read(transaction: Transaction, body: Mapping[str, Any], old: Preset | None) -> dict[str, Any]:
    from ...rendering.language.named import PREDEFINED  # slow to load, so only when needed

    steps = body.get("transformation")
    if isinstance(steps, str):  # definitions copied from URLs start with tr:
        body = {**body, "transformation": steps.removeprefix("tr:")}
    given = read_members(SCHEMA, body, partial=old is not None)
    name = given.get("name")
    others = [each for each in presets.all_of(transaction.connection, "named-transformation") if each != old]
    if name in PREDEFINED or any(other.members["name"] == name for other in others):
        raise ApiError(400, f"A named transformation with the name '{name}' already exists.")
    if "transformation" in given:
        _check_steps(given["transformation"])
    return {**(old.members if old is not None else {}), **given}


def _check_steps(steps: str) -> None:
    """Raise a 400 for steps that the service would refuse; those that only local ImageKit lacks are accepted."""
    from ...rendering import Transformation, TransformationError

    try:
        Transformation.parse(steps, named={})
    except TransformationError as exc:
        if exc.status != 501:
            raise ApiError(400, f"transformation is invalid: {exc.message}") from exc


def _show(preset: Preset) -> dict[str, Any]:
    return {"id": preset.id, **preset.members, "createdAt": iso_date(preset.created_at)}


NAMED_TRANSFORMATIONS = Collection(
    kind="named-transformation",
    id_prefix="nt_",
    read=_read,
    show=_show,
    missing="Named transformation not found.",
    most=(MAX_NAMED, f"A maximum of {MAX_NAMED} named transformations can be created."),
)
