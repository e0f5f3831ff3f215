"""The plan for a response of delivery, for any service."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..rendering.sizes import NO_HINTS
from .errors import CORS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ..rendering import ClientHints, LayerFile, Transformation

# Files uploaded by strangers must not run scripts in the origin of the server.
_ACTIVE_CONTENT = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"})


@dataclass(frozen=True)
class Plan:
    """A file and its transformation; `rendering.render` explains the last four attributes.

    Attributes:
        path: Path of the file in its account.
        content: Path of its content on disk.
        mime: Its media type.
        transformation: Transformation to apply; None delivers the file unchanged.
        etag: ETag of the response.
        headers: Headers of the response.
        accept: Accept header of the request.
        hints: Client hints of the request.
        custom_coordinates: ``x,y,width,height`` as stored with the file.
        layer_files: Files of layers, by path.
    """

    path: str
    content: Path
    mime: str
    transformation: Transformation | None
    etag: str
    headers: Mapping[str, str]
    accept: str = ""
    hints: ClientHints = NO_HINTS
    custom_coordinates: str | None = None
    layer_files: Mapping[str, LayerFile] = field(default_factory=dict[str, "LayerFile"])


def make_etag(parts: Sequence[object]) -> str:
    """Return a hash of everything that affects the content of a response."""
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def content_headers(
    etag: str, mime: str, transformation: Transformation | None, *, max_age_seconds: int | None
) -> dict[str, str]:
    """Return the headers of every response with a file.

    Args:
        etag: ETag of the response.
        mime: Media type of the file.
        transformation: Transformation to apply; see `Plan`.
        max_age_seconds: Seconds for which shared caches may store the response; None if they must not.
    """
    headers = {
        **CORS,
        "ETag": etag,
        "Cache-Control": "private" if max_age_seconds is None else f"public, max-age={max_age_seconds}",
        "X-Content-Type-Options": "nosniff",
    }
    if transformation is None and mime.partition(";")[0] in _ACTIVE_CONTENT:
        headers["Content-Security-Policy"] = "sandbox"
    return headers
