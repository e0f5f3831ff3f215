"""Purges of the CDN's cache. ImageKit docs, cache API."""

from __future__ import annotations

from ..models.cache import PurgeCacheResult, PurgeCacheStatusResult
from .core import Operation, Request
from .encoding import required, segment, with_json
from .responses import reads

_purge = reads(PurgeCacheResult)
_purge_status = reads(PurgeCacheStatusResult)


def purge_file_cache(file_url: str) -> Operation[PurgeCacheResult]:
    """Purge a URL, or with a ``*`` at its end all that begin so."""
    body = {"url": required(file_url, "file_url")}
    return Operation(with_json("POST", "/v1/files/purge", body, idempotent=False), _purge)


def get_purge_file_cache_status(purge_cache_id: str) -> Operation[PurgeCacheStatusResult]:
    """Ask how far a purge is."""
    path = f"/v1/files/purge/{segment(purge_cache_id, 'purge_cache_id')}"
    return Operation(Request("GET", path), _purge_status)
