"""Handlers for cache purges (api.md, chapter 17)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..base.errors import ApiError
from ..library import purges
from ..web.calls import Answer

if TYPE_CHECKING:
    from ..base.addresses import UrlEndpoints
    from ..library.store import Store
    from ..web.calls import Call


def create_purge(store: Store, call: Call) -> Answer:
    url = call.body.get("url")
    if not isinstance(url, str) or not url:
        raise ApiError(400, "Your request is missing url parameter.")
    if not is_purgeable(url, call.endpoints):
        raise ApiError(400, "The URL is not valid for cache purging.")
    with store.write() as transaction:
        return Answer(201, {"requestId": purges.request_purge(transaction, url)})


def get_purge(store: Store, call: Call) -> Answer:
    with store.read() as connection:
        started_at = purges.started_at(connection, call.path["requestId"])
    if started_at is None:
        raise ApiError(400, "No request found for this requestId.")
    is_done = store.settings.clock.time() >= started_at + store.settings.job_delay
    return Answer(200, {"status": "Completed" if is_done else "Pending"})


def is_purgeable(url: str, endpoints: UrlEndpoints) -> bool:
    """Return whether the cache of this URL may be purged (api.md, section 17.1)."""
    path = endpoints.remove_prefix(url)
    if path is None:
        return False
    before, star, after = path.partition("*")
    if not star:
        return True
    if after or before in ("/media/catalog/", "/s/files/"):
        return False
    levels = [segment for segment in before.split("/") if segment]
    return len(levels) >= 2 or len(before) >= 15 or re.search(r"\.[A-Za-z0-9]+\Z", before) is not None
