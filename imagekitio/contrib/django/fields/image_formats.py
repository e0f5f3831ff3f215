"""Recognize pictures by their first bytes, so that a form can refuse a file before it is sent to the service."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.core.files.base import File

HEAD_BYTES = 4096  # for SVG, whose root may follow comments

# Formats that the service treats as images (ImageKit docs, "Supported formats"), by the signatures in their
# specifications. Dots stand for any byte.
_SIGNATURES = re.compile(
    rb"""
    \xff\xd8\xff                                              # JPEG
    | \x89PNG\r\n\x1a\n
    | GIF8[79]a
    | RIFF....WEBP
    | ....ftyp(?:avif|avis|heic|heix|heim|heis|mif1|msf1)     # AVIF, HEIC
    | II\*\x00 | MM\x00\*                                     # TIFF
    | BM
    | \x00\x00\x01\x00                                        # ICO
    | 8BPS                                                    # PSD
    | \x00\x00\x00\x0cjP\x20\x20\r\n\x87\n                    # JPEG 2000
    """,
    re.VERBOSE | re.DOTALL,
)
_SVG = re.compile(rb"<(?:\w+:)?svg[\s>]", re.IGNORECASE)


def is_image(file: File[Any]) -> bool:
    """Return whether a file starts like a picture, and rewind it.

    The file name and the content type sent by the browser do not matter. Pillow is not needed; the service checks the
    rest.
    """
    file.seek(0)
    head: bytes = file.read(HEAD_BYTES)
    file.seek(0)
    if _SIGNATURES.match(head):
        return True
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and _SVG.search(head) is not None
