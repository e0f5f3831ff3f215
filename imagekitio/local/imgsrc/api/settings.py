"""Handlers for the account's settings (img-src API, "Settings")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ....imgsrc.parameters import EXTENSION_OF_FORMAT, FITS
from ...base.json_values import as_texts
from ...web.calls import Answer
from .. import account, usage
from .values import UNBOUNDED, read_choice, read_integer, read_text, refuse

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

    from ...web.calls import Call
    from ..settings import ImgsrcSettings
    from ..store import ImgsrcStore


def get_settings(store: ImgsrcStore, call: Call) -> Answer:
    with store.read() as connection:
        return Answer(200, {"settings": _to_json(connection, store.settings)})


def update_settings(store: ImgsrcStore, call: Call) -> Answer:
    """Change the settings in the body; keep the others, although the method is PUT."""
    changes = {name: read(call.body, name) for name, read in _READERS.items() if name in call.body}
    with store.write() as transaction:
        if changes:
            account.change_settings(transaction, changes)
        settings = _to_json(transaction.connection, store.settings)
    return Answer(200, {"settings": settings, "message": "Settings updated successfully"})


def _read_formats(body: Mapping[str, Any], name: str) -> list[str]:
    formats = as_texts(body[name])
    if formats is None or not {*formats} <= {*EXTENSION_OF_FORMAT}:
        raise refuse(name, f"a list of {', '.join(EXTENSION_OF_FORMAT)}")
    return formats


def _read_bound(body: Mapping[str, Any], name: str) -> int | None:
    return None if body[name] is None else read_integer(body, name, least=1, most=UNBOUNDED)


def _read_word(body: Mapping[str, Any], name: str) -> str:
    return read_text(body, name, least=1, most=50)


_READERS: dict[str, Callable[[Mapping[str, Any], str], object]] = {
    "delivery_formats": _read_formats,
    "default_quality": lambda body, name: read_integer(body, name, least=1, most=100),
    "default_fit_mode": lambda body, name: read_choice(body, name, FITS),
    "default_max_width": _read_bound,
    "default_max_height": _read_bound,
    # Settings of the service's web page; their values are not documented.
    "theme": _read_word,
    "language": _read_word,
}


def _to_json(connection: sqlite3.Connection, settings: ImgsrcSettings) -> dict[str, Any]:
    """Return a UserSettings; limits that are not set are left out."""
    known = account.read_account(connection)
    return {
        "id": f"user_{settings.username}",
        "username": settings.username,
        "email": settings.email,
        "plan": settings.plan,
        **{name: value for name, value in known.settings.items() if value is not None},
        "created_at": int(known.created_at),
        "updated_at": int(known.updated_at),
        "total_uploads": usage.read_total_usage(connection, "uploads"),
        "storage_used_bytes": usage.measure_storage(connection),
    }
