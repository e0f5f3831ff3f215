"""What will be delivered, whichever service was asked for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..rendering.sizes import NO_HINTS
from .errors import CORS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..rendering import ClientHints, LayerFile, Transformation

# Uploads of strangers must not run scripts in the origin of the server.
_ACTIVE_CONTENT = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"})


@dataclass(frozen=True)
class Plan:
    """A file, and what is made of it.

    Attributes:
        path: Path of the file in its account.
        content: Where its bytes are.
        mime: Their media type.
        transformation: What is made of them; None leaves them untouched.
        etag: Name of the bytes that will be sent.
        headers: Headers of the answer.
        accept: The Accept header. This and the following are for the renderer.
        hints: Client hints.
        custom_coordinates: ``x,y,width,height`` as stored with the file.
        layer_files: The files of layers by path.
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


def content_headers(
    etag: str, mime: str, transformation: Transformation | None, *, max_age_seconds: int | None
) -> dict[str, str]:
    """Return the headers that every answer with a file has.

    Args:
        etag: See `Plan`, like the next two.
        mime: The media type of the file.
        transformation: What is made of it.
        max_age_seconds: How long caches may keep the answer; None for one that is for whoever asks alone.
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
