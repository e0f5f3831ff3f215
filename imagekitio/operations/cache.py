"""Purges of the CDN cache. Source: ImageKit docs, cache API."""

from __future__ import annotations

import re

from ..models.cache import PurgeCacheResult, PurgeCacheStatusResult
from .core import Operation, Request
from .encoding import build_json_request, quote_segment, require_text
from .responses import parse_as

_parse_purge = parse_as(PurgeCacheResult)
_parse_purge_status = parse_as(PurgeCacheStatusResult)
_SHARED_HOST = "ik.imagekit.io"  # its paths begin with the ID of an account
_NEVER_PURGED = ("/media/catalog/", "/s/files/")  # as a whole: shops keep all their pictures there
_MIN_LEVELS, _MIN_CHARACTERS = 2, 15


def purge_file_cache(file_url: str) -> Operation[PurgeCacheResult]:
    """Purge a URL, or all URLs with a common prefix if `file_url` ends in ``*``."""
    body = {"url": require_text(file_url, "file_url")}
    return Operation(build_json_request("POST", "/v1/files/purge", body, idempotent=False), _parse_purge)


def check_purge_url(file_url: str, *, prefix: str = "") -> None:
    """Raise ValueError for a URL with ``*`` that the service is known to refuse.

    `purge_file_cache` leaves the check to the service, which alone knows all endpoints of an account. Here, a part of
    the path that may belong to an unknown endpoint counts as part of the file's path, so that no URL is refused that
    the service accepts.

    Args:
        file_url: URL to purge.
        prefix: Prefix of the URLs under the account's endpoint, with a trailing slash.
    Raises:
        ValueError: The service refuses the URL; the message says what is valid.
    Source: ImageKit docs, "Purge cache".
    """
    before, star, after = file_url.partition("*")
    if after:
        raise ValueError("a * is allowed only at the very end")
    if not star:
        return
    path = _find_path(before, prefix)
    if path in _NEVER_PURGED:
        raise ValueError(f"all of {path[1:]} cannot be purged together: purge folders below it, as in {path}shoes/*")
    levels = [segment for segment in path.split("/") if segment]
    has_extension = re.search(r"\.[A-Za-z0-9]+\Z", path) is not None
    if len(levels) < _MIN_LEVELS and len(path) < _MIN_CHARACTERS and not has_extension:
        raise ValueError(
            "this is too short for a *: before it, there must be a complete file name, two folders, or 15 characters"
        )


def _find_path(url: str, prefix: str) -> str:
    """Return the path of a URL in the media library, as far as it is known."""
    if prefix and url.startswith(prefix):
        return f"/{url.removeprefix(prefix)}"
    host, _, path = url.partition("://")[2].partition("/")
    if host.lower() == _SHARED_HOST:
        path = path.partition("/")[2]
    return f"/{path}"


def get_purge_file_cache_status(purge_cache_id: str) -> Operation[PurgeCacheStatusResult]:
    """Return the progress of a purge."""
    path = f"/v1/files/purge/{quote_segment(purge_cache_id, 'purge_cache_id')}"
    return Operation(Request("GET", path), _parse_purge_status)
