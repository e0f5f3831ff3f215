"""Detection of the media type of a file by magic number, then by the extension of its name (api.md, section 20.4)."""

from __future__ import annotations

import re
from typing import NamedTuple

# MIME types by the word in the search language. Words that are not in api.md, section 12.2, are our own.
_MIME_BY_FORMAT = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "avif": "image/avif",
    "ico": "image/x-icon",
    "heic": "image/heic",
    "tiff": "image/tiff",
    "bmp": "image/bmp",
    "jxl": "image/jxl",
    "psd": "image/vnd.adobe.photoshop",
    "jp2": "image/jp2",
    "pdf": "application/pdf",
    "js": "text/javascript",
    "css": "text/css",
    "txt": "text/plain",
    "html": "text/html",
    "csv": "text/csv",
    "md": "text/markdown",
    "json": "application/json",
    "xml": "application/xml",
    "woff2": "font/woff2",
    "woff": "font/woff",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "eot": "application/vnd.ms-fontobject",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "avi": "video/x-msvideo",
    "ts": "video/mp2t",
    "m3u8": "application/vnd.apple.mpegurl",
    "swf": "application/x-shockwave-flash",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "zip": "application/zip",
    "gz": "application/gzip",
}
_OTHER_EXTENSIONS = {
    "jpeg": "jpg",
    "jpe": "jpg",
    "tif": "tiff",
    "htm": "html",
    "mjs": "js",
    "j2k": "jp2",
    "jpf": "jp2",
    "heif": "heic",
    "m4v": "mp4",
}

# Formats that the service transforms as a picture; the list in api.md, section 20.4, is not complete.
_IMAGE_FORMATS = {"jpg", "png", "webp", "gif", "svg", "avif", "ico", "heic", "tiff", "bmp", "psd", "jp2"}

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Patterns of fixed length, so that none can backtrack: the bytes are not trusted.
_MAGIC = (
    (re.compile(rb"\xff\xd8\xff"), "jpg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "webp"),
    (re.compile(rb"RIFF.{4}WAVE", re.DOTALL), "wav"),
    (re.compile(rb"RIFF.{4}AVI ", re.DOTALL), "avi"),
    (re.compile(rb".{4}ftypavi[fs]", re.DOTALL), "avif"),
    (re.compile(rb".{4}ftyp(?:hei[cxms]|hev[cx]|mif1|msf1)", re.DOTALL), "heic"),
    (re.compile(rb".{4}ftypqt  ", re.DOTALL), "mov"),
    (re.compile(rb".{4}ftyp", re.DOTALL), "mp4"),
    (re.compile(rb"\x1aE\xdf\xa3"), "webm"),
    (re.compile(rb"II\*\x00|MM\x00\*"), "tiff"),
    (re.compile(rb"BM.{4}\x00\x00\x00\x00", re.DOTALL), "bmp"),
    (re.compile(rb"\x00\x00\x01\x00"), "ico"),
    (re.compile(rb"\xff\x0a|\x00\x00\x00\x0cJXL \r\n\x87\n"), "jxl"),
    (re.compile(rb"8BPS"), "psd"),
    (re.compile(rb"\x00\x00\x00\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51\x00"), "jp2"),
    (re.compile(rb"%PDF-"), "pdf"),
    (re.compile(rb"wOF2"), "woff2"),
    (re.compile(rb"wOFF"), "woff"),
    (re.compile(rb"OTTO"), "otf"),
    (re.compile(rb"\x00\x01\x00\x00\x00"), "ttf"),
    (re.compile(rb"[CFZ]WS[\x01-\x32]"), "swf"),
    (re.compile(rb"ID3|\xff[\xfb\xf3\xf2]"), "mp3"),
    (re.compile(rb"OggS"), "ogg"),
    (re.compile(rb"fLaC"), "flac"),
    (re.compile(rb"PK\x03\x04"), "zip"),
    (re.compile(rb"\x1f\x8b"), "gz"),
)


class MediaType(NamedTuple):
    """A media type; `format` is the word in searches, or None if the type is unknown."""

    mime: str
    format: str | None

    @property
    def is_image(self) -> bool:
        """Whether `fileType` is ``image``."""
        return self.format in _IMAGE_FORMATS

    @property
    def is_video(self) -> bool:
        return self.mime.startswith("video/")


def detect(head: bytes, name: str) -> MediaType:
    """Return the type of a file with these first `HEAD_BYTES` bytes and this name."""
    by_magic = next((found for pattern, found in _MAGIC if pattern.match(head)), None)
    if by_magic is None and _is_svg(head):
        by_magic = "svg"
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    by_name = _OTHER_EXTENSIONS.get(extension, extension)
    found = by_magic or (by_name if by_name in _MIME_BY_FORMAT else None)
    return MediaType("application/octet-stream" if found is None else _MIME_BY_FORMAT[found], found)


def _is_svg(head: bytes) -> bool:
    """Return whether the root element is ``svg``, after any XML declaration, document type and comments.

    The position only moves forward, so that the work is always linear in the length of `head`.
    """
    position = len(_BYTE_ORDER_MARK) if head.startswith(_BYTE_ORDER_MARK) else 0
    while True:
        while head[position : position + 1].isspace():
            position += 1
        if head.startswith(b"<!--", position):
            position = _skip(head, b"-->", position + 4)
        elif head.startswith(b"<?", position):
            position = _skip(head, b"?>", position)
        elif head.startswith(b"<!", position):
            end = _skip(head, b">", position)
            subset = head.find(b"[", position, end)  # of declarations, each of which has its own ">"
            position = end if subset < 0 else _skip(head, b">", _skip(head, b"]", subset))
        else:
            tag = head[position : position + 5]
            return tag[:4].lower() == b"<svg" and (tag[4:].isspace() or tag[4:] == b">")


def _skip(head: bytes, mark: bytes, position: int) -> int:
    """Return the position after the next `mark`, or the end of `head` if there is none."""
    found = head.find(mark, position)
    return len(head) if found < 0 else found + len(mark)
