"""Handlers that return the metadata of a file (api.md, chapter 18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.errors import ApiError
from ..delivery.sources import NotDelivered, fetch_own, own_target
from ..web.calls import Answer, path_id
from .files import existing_file

if TYPE_CHECKING:
    from pathlib import Path

    from ..library.store import Store
    from ..web.calls import Call


def by_id(store: Store, call: Call) -> Answer:
    file_id = path_id(call, "fileId")
    with store.read() as connection:
        row = existing_file(connection, file_id)
    return _measure(store, store.content(row.content_hash), row.name)


def by_url(store: Store, call: Call) -> Answer:
    url = call.query.get("url")
    if not url:
        raise ApiError(400, "Your request is missing url parameter.")
    target = own_target(url, store.settings, call.endpoints)
    if target is None:
        raise ApiError(400, "The url should be accessible using your ImageKit.io account.")
    with store.incoming() as content:
        try:
            name = fetch_own(store, target, content, may_read_private=True)
        except NotDelivered as exc:
            if exc.status in (401, 404):
                raise ApiError(404, "The requested file does not exist or is inaccessible at this time.") from exc
            raise ApiError(400, exc.message) from exc
        return _measure(store, content.path, name)


def _measure(store: Store, path: Path, name: str) -> Answer:
    from ..media.metadata import UnreadableError, file_metadata  # slow to load, so only when needed

    try:
        return Answer(200, file_metadata(path, name, max_pixels=store.settings.max_pixels))
    except UnreadableError as exc:
        raise ApiError(400, "The requested file is corrupt or invalid.") from exc
    except FileNotFoundError:  # deleted since the database was read
        raise ApiError(404, "The requested file does not exist.") from None
