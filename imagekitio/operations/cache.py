"""Purges of the CDN cache. Source: ImageKit docs, cache API."""

from __future__ import annotations

from ..models.cache import PurgeCacheResult, PurgeCacheStatusResult
from .core import Operation, Request
from .encoding import build_json_request, quote_segment, require_text
from .responses import parse_as

_parse_purge = parse_as(PurgeCacheResult)
_parse_purge_status = parse_as(PurgeCacheStatusResult)


def purge_file_cache(file_url: str) -> Operation[PurgeCacheResult]:
    """Purge a URL, or all URLs with a common prefix if `file_url` ends in ``*``."""
    body = {"url": require_text(file_url, "file_url")}
    return Operation(build_json_request("POST", "/v1/files/purge", body, idempotent=False), _parse_purge)


def get_purge_file_cache_status(purge_cache_id: str) -> Operation[PurgeCacheStatusResult]:
    """Return the progress of a purge."""
    path = f"/v1/files/purge/{quote_segment(purge_cache_id, 'purge_cache_id')}"
    return Operation(Request("GET", path), _parse_purge_status)
