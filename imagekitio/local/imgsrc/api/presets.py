"""Handlers for presets (img-src API, "Presets")."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from ....imgsrc.parameters import check_preset_name, check_preset_params
from ...base.errors import ApiError
from ...web.calls import Answer
from .. import presets
from ..presets import Preset
from .values import check_value, read_text, refuse

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

    from ...storage.transactions import DataTransaction
    from ...web.calls import Call
    from ..store import ImgsrcStore

MAX_DESCRIPTION = 200  # characters


def list_presets(store: ImgsrcStore, call: Call) -> Answer:
    with store.read() as connection:
        found = [_to_json(preset) for preset in presets.list_presets(connection)]
    return Answer(200, {"presets": found, "total": len(found)})


def create_preset(store: ImgsrcStore, call: Call) -> Answer:
    limit = store.settings.limits.max_presets
    with store.write() as transaction:
        if limit is not None and len(presets.list_presets(transaction.connection)) >= limit:
            raise ApiError(403, f"Your plan is limited to {limit} presets")
        now = transaction.now
        preset = Preset(
            id=str(uuid.uuid4()),
            name=_read_name(call.body),
            description=_read_description(call.body) if "description" in call.body else None,
            params=_read_params(call.body),
            created_at=now,
            updated_at=now,
        )
        _save(transaction, preset)
    return Answer(201, _to_json(preset))


def get_preset(store: ImgsrcStore, call: Call) -> Answer:
    with store.read() as connection:
        return Answer(200, _to_json(_find(connection, call)))


def update_preset(store: ImgsrcStore, call: Call) -> Answer:
    """Change the members in the body; its ``params`` replace all old ones."""
    changes: dict[str, Any] = {name: read(call.body) for name, read in _READERS.items() if name in call.body}
    with store.write() as transaction:
        old = _find(transaction.connection, call)
        preset = old._replace(**{**changes, "updated_at": transaction.now})
        _save(transaction, preset)
    return Answer(200, _to_json(preset))


def delete_preset(store: ImgsrcStore, call: Call) -> Answer:
    """Delete a preset by its name; the other operations take the id."""
    with store.write() as transaction:
        preset = presets.find_by_name(transaction.connection, call.path["name"])
        if preset is None:
            raise _not_found()
        presets.delete(transaction, preset)
    return Answer(200, {"success": True, "message": "Preset deleted successfully"})


def _save(transaction: DataTransaction, preset: Preset) -> None:
    namesake = presets.find_by_name(transaction.connection, preset.name)
    if namesake is not None and namesake.id != preset.id:
        raise ApiError(409, f"A preset with the name {preset.name} already exists")
    presets.save(transaction, preset)


def _read_name(body: Mapping[str, Any]) -> str:
    return check_value(check_preset_name, body.get("name"))


def _read_description(body: Mapping[str, Any]) -> str | None:
    return None if body["description"] is None else read_text(body, "description", most=MAX_DESCRIPTION)


def _read_params(body: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(body.get("params"), dict):
        raise refuse("params", "an object")
    return check_value(check_preset_params, body["params"])


_READERS: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
    "name": _read_name,
    "description": _read_description,
    "params": _read_params,
}


def _find(connection: sqlite3.Connection, call: Call) -> Preset:
    preset = presets.find(connection, call.path["id"])
    if preset is None:
        raise _not_found()
    return preset


def _not_found() -> ApiError:
    return ApiError(404, "Preset not found")


def _to_json(preset: Preset) -> dict[str, Any]:
    return {**preset._asdict(), "created_at": int(preset.created_at), "updated_at": int(preset.updated_at)}
