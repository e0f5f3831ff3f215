"""The plan of an answer of delivery, for any service."""

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

# Uploads of strangers must not run scripts in the origin of the server.
_ACTIVE_CONTENT = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"})


@dataclass(frozen=True)
class Plan:
    """A file, and what is made of it; `rendering.render` explains what the last four attributes are for.

    Attributes:
        path: Path of the file in its account.
        content: Path of its bytes on disk.
        mime: Their media type.
        transformation: What is made of them; None delivers them untouched.
        etag: ETag of the answer.
        headers: Headers of the answer.
        accept: The Accept header of the request.
        hints: Client hints of the request.
        custom_coordinates: ``x,y,width,height`` as stored with the file.
        layer_files: Files of layers by path.
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
    """Return a hash of everything that decides the bytes of an answer."""
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def content_headers(
    etag: str, mime: str, transformation: Transformation | None, *, max_age_seconds: int | None
) -> dict[str, str]:
    """Return the headers that every answer with a file has.

    Args:
        etag: ETag of the answer.
        mime: Media type of the file.
        transformation: What is made of it; see `Plan`.
        max_age_seconds: Seconds for which shared caches may keep the answer; None if they must not.
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
