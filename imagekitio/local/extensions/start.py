"""The start of extensions: running those that finish within the request, queueing the others, and charging units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.errors import ApiError
from ..events import tasks
from ..library import files
from .recognition import make_ai_tags
from .requests import TAGGING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from ..events.outbox import Callback
    from ..library.tables.rows import FileRow
    from ..library.tables.transactions import Transaction
    from .requests import Extension

# The docs name no price for AI descriptions and tasks.
UNITS: Mapping[str, int] = {"aws-auto-tagging": 1, "google-auto-tagging": 2, "remove-bg": 130}


def start_extensions(
    transaction: Transaction, row: FileRow, extensions: Sequence[Extension], callback: Callback | None
) -> dict[str, str]:
    """Run the extensions that finish within the request, and queue the rest; return the status of each by its name.

    Args:
        row: The current version of the file, as stored.
        callback: The callback to call when queued extensions finish.
    Raises:
        ApiError: 400 if the units are used up; then nothing may be stored.
    """
    _charge(transaction, extensions)
    status: dict[str, str] = {}
    for extension in extensions:
        name = extension["name"]
        if name in TAGGING:
            status[name] = "success" if _tag(transaction, row.id, extension) else "failed"
        else:
            # One task for each request, even if the file changes in the meantime: the task looks it up again.
            payload = {"fileId": row.id, "extension": extension, "callback": callback}
            tasks.add(transaction, "extension", payload, delay=transaction.settings.extension_delay)
            status[name] = "pending"
    return status


def count_units(connection: sqlite3.Connection, *, since: float) -> int:
    """Return the number of extension units used since a Unix time in seconds."""
    query = "SELECT coalesce(sum(units), 0) FROM extension_units WHERE used_at >= ?"
    used: int = connection.execute(query, (since,)).fetchone()[0]
    return used


def _charge(transaction: Transaction, extensions: Sequence[Extension]) -> None:
    units = sum(UNITS.get(extension["name"], 0) for extension in extensions)
    if not units:
        return
    month = transaction.settings.clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()
    quota = transaction.settings.extension_units
    if quota is not None and count_units(transaction.connection, since=month) + units > quota:
        raise ApiError(400, "Extensions quota exceeded.")
    transaction.connection.execute("INSERT INTO extension_units VALUES (?, ?)", (transaction.now, units))


def _tag(transaction: Transaction, file_id: str, extension: Extension) -> bool:
    row = files.find(transaction.connection, file_id)
    if row is None or not row.is_image:
        return False
    source = extension["name"]
    found = make_ai_tags(row, source, extension["minConfidence"], extension["maxTags"])
    names = {tag["name"] for tag in found}
    kept = [tag for tag in row.ai_tags if tag.get("source") != source or tag.get("name") not in names]
    transaction.update(row, ai_tags=[*kept, *found], updated_at=transaction.now)
    return True
