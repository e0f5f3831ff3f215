"""Picture formats that img-src.io knows but not ImageKit."""

from __future__ import annotations

import re

from .media_types import MediaType

# Patterns of fixed length, so that none can backtrack: the bytes are not trusted.
_MAGIC = (
    (re.compile(rb"P[1-7][\s#]"), MediaType("image/x-portable-anymap", "pnm")),
    (re.compile(rb"qoif"), MediaType("image/qoi", "qoi")),
    (re.compile(rb"#\?R(?:ADIANCE|GBE)\n"), MediaType("image/vnd.radiance", "hdr")),
    (re.compile(rb"v/1\x01"), MediaType("image/x-exr", "exr")),
    # The format lacks a magic number, so match the header of images with 8 to 32 bits per pixel and any palette.
    (
        re.compile(rb"[\x00-\xff](?:\x00[\x02\x03\x0a\x0b]|\x01[\x01\x09]).{13}[\x08\x0f\x10\x18\x20]", re.DOTALL),
        MediaType("image/x-tga", "tga"),
    ),
)


def detect_rare(head: bytes) -> MediaType | None:
    """Return the type of a picture with these first bytes, if it is one that `media_types.detect` does not know."""
    return next((found for pattern, found in _MAGIC if pattern.match(head)), None)
