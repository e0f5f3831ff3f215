"""Pictures for the tests, and how a form gets them."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any

from django.utils.datastructures import MultiValueDict

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def make_files(**files: UploadedFile[Any]) -> MultiValueDict[str, UploadedFile[Any]]:
    """Return files as `request.FILES` has them."""
    return MultiValueDict({name: [file] for name, file in files.items()})


def make_png(width: int, height: int) -> bytes:
    """Return a red PNG of this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\xc8\x3c\x1e" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
