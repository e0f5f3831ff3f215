"""Handlers for usage and analytics (api.md, chapter 22). The figures are always current."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Literal

from ..base.dates import iso_date
from ..base.errors import ApiError
from ..delivery.traffic import TOTAL
from ..web.calls import Answer

if TYPE_CHECKING:
    import sqlite3

    from ..delivery.traffic import Traffic
    from ..library.store import Store
    from ..web.calls import Call

MAX_DAYS = 90
MAX_ENTRIES = 100  # in each group; the service does not document its limit

# Groups with requests and bytes; local ImageKit does not distinguish those after `urlEndpoints`.
GROUPS = (
    *("format", "topImages", "topImageTransforms", "topVideos", "topVideoTransforms", "topOtherAssets"),
    *("topReferrers", "topUserAgents", "urlEndpoints", "browser", "device", "country"),
)
COUNTS = ("statusCodes", "errorReasons", "top404Assets")  # groups with requests only

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)


def get_usage(store: Store, call: Call, traffic: Traffic) -> Answer:
    start, end = _days(call)
    traffic.flush()
    with store.read() as connection:
        _, sent_bytes = _totals(connection, start, end - timedelta(days=1))
        (stored_bytes,) = connection.execute("SELECT coalesce(sum(size), 0) FROM assets").fetchone()
        query = "SELECT coalesce(sum(units), 0) FROM extension_units WHERE used_at >= ? AND used_at < ?"
        (units,) = connection.execute(query, (_midnight(start), _midnight(end))).fetchone()
    return Answer(
        200,
        {
            "bandwidthBytes": sent_bytes,
            "mediaLibraryStorageBytes": stored_bytes,  # of all versions, now; there is no history
            "videoProcessingUnitsCount": 0,  # there is no video encoder
            "extensionUnitsCount": units,
            "originalCacheStorageBytes": 0,  # nothing is fetched from origins
        },
    )


def get_analytics(store: Store, call: Call, traffic: Traffic) -> Answer:
    start, end = _days(call)
    traffic.flush()
    with store.read() as connection:
        requests, sent_bytes = _totals(connection, start, end)
        cache = {entry["name"]: entry["requestCount"] for entry in _entries(connection, "cache", start, end)}
        body: dict[str, Any] = {
            "startDate": start.isoformat(),
            "endDate": end.isoformat(),
            "generatedAt": iso_date(store.settings.clock.time()),
            "bandwidthBytes": sent_bytes,
            "requestCount": requests,
            "cache": {f"{state}Count": cache.get(state, 0) for state in ("hit", "miss", "error")},
            "extensions": [],
            "videoProcessing": [],
        }
        for group in COUNTS:
            found = _entries(connection, group, start, end)
            body[group] = [{"name": entry["name"], "requestCount": entry["requestCount"]} for entry in found]
        for group in GROUPS:
            body[group] = {
                "byBandwidth": _entries(connection, group, start, end, order="bytes"),
                "byRequests": _entries(connection, group, start, end),
            }
    return Answer(200, body)


def _days(call: Call) -> tuple[date, date]:
    texts = [call.query.get(name, "") for name in ("startDate", "endDate")]
    if not all(texts):
        raise ApiError(400, "startDate and endDate are required in query parameters.")
    try:
        if not all(map(_DATE.match, texts)):
            raise ValueError(texts)
        start, end = map(date.fromisoformat, texts)
    except ValueError:
        raise ApiError(400, "startDate and endDate should be in format YYYY-MM-DD.") from None
    if start >= end:
        raise ApiError(400, "startDate should be before endDate.")
    if (end - start).days >= MAX_DAYS:
        raise ApiError(400, f"startDate and endDate should be within {MAX_DAYS} days.")
    return start, end


def _midnight(day: date) -> float:
    """Return the Unix time in seconds of the start of a day in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone.utc).timestamp()


def _totals(connection: sqlite3.Connection, first: date, last: date) -> tuple[int, int]:
    query = (
        "SELECT coalesce(sum(requests), 0), coalesce(sum(bytes), 0) FROM traffic "
        "WHERE category = ? AND day BETWEEN ? AND ?"
    )
    requests, sent_bytes = connection.execute(query, (TOTAL, first.isoformat(), last.isoformat())).fetchone()
    return requests, sent_bytes


def _entries(
    connection: sqlite3.Connection,
    category: str,
    first: date,
    last: date,
    order: Literal["requests", "bytes"] = "requests",
) -> list[dict[str, Any]]:
    query = (
        "SELECT name, sum(bytes) AS bytes, sum(requests) AS requests FROM traffic "
        f"WHERE category = ? AND day BETWEEN ? AND ? GROUP BY name ORDER BY {order} DESC, name LIMIT {MAX_ENTRIES}"
    )
    rows = connection.execute(query, (category, first.isoformat(), last.isoformat()))
    return [
        {"name": row["name"], "bandwidthBytes": row["bytes"], "requestCount": row["requests"]}
        for row in rows.fetchall()
    ]
