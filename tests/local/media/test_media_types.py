"""Detection of what bytes are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.media.media_types import MediaType, detect


@pytest.mark.parametrize(
    ("head", "name", "mime", "format_"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "photo.png", "image/jpeg", "jpg"),
        (b"\x89PNG\r\n\x1a\n", "x", "image/png", "png"),
        (b"GIF89a", "x", "image/gif", "gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "x", "image/webp", "webp"),
        (b"\x00\x00\x00\x1cftypavif", "x", "image/avif", "avif"),
        (b"\x00\x00\x00\x1cftypheic", "x", "image/heic", "heic"),
        (b"\x00\x00\x00\x1cftypisom", "x", "video/mp4", "mp4"),
        (b"\x00\x00\x00\x14ftypqt  ", "x", "video/quicktime", "mov"),
        (b"\x1aE\xdf\xa3", "x", "video/webm", "webm"),
        (b"%PDF-1.7", "x", "application/pdf", "pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x", "image/svg+xml", "svg"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- made -->\n<svg>', "x", "image/svg+xml", "svg"),
        (b"<html><svg>", "page.html", "text/html", "html"),
        (b"body {}", "style.css", "text/css", "css"),
        (b"hello", "photo.JPEG", "image/jpeg", "jpg"),
        (b"hello", "notes", "application/octet-stream", None),
        (b"\x00\x01\x02", "data.unknown", "application/octet-stream", None),
    ],
)
def test_the_magic_number_decides_and_then_the_extension(
    head: bytes, name: str, mime: str, format_: str | None
) -> None:
    assert detect(head, name) == MediaType(mime, format_)


def test_videos_are_no_images() -> None:
    video = detect(b"\x00\x00\x00\x1cftypisom", "clip.mp4")
    assert video.is_video
    assert not video.is_image


@given(st.binary(max_size=200), st.text(max_size=20))
def test_every_content_has_a_type(head: bytes, name: str) -> None:
    assert "/" in detect(head, name).mime


def test_a_long_text_of_comments_is_told_from_svg_quickly() -> None:
    assert detect(b"<!--" * 1000, "x").format is None
