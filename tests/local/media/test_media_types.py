"""Detecting the media type of bytes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.media.media_types import MediaType, detect
from imagekitio.local.storage.contents import HEAD_BYTES


@pytest.mark.parametrize(
    ("head", "name", "mime", "format_"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "photo.png", "image/jpeg", "jpg"),
        (b"\x89PNG\r\n\x1a\n", "x", "image/png", "png"),
        (b"GIF89a", "x", "image/gif", "gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "x", "image/webp", "webp"),
        (b"\x00\x00\x00\x1cftypavif", "x", "image/avif", "avif"),
        (b"\x00\x00\x00\x1cftypheic", "x", "image/heic", "heic"),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "x", "image/jp2", "jp2"),
        (b"\xff\x4f\xff\x51\x00", "x", "image/jp2", "jp2"),
        (b"", "x.j2k", "image/jp2", "jp2"),
        (b"8BPS\x00\x01", "x", "image/vnd.adobe.photoshop", "psd"),
        (b"\x00\x00\x00\x1cftypisom", "x", "video/mp4", "mp4"),
        (b"\x00\x00\x00\x14ftypqt  ", "x", "video/quicktime", "mov"),
        (b"\x1aE\xdf\xa3", "x", "video/webm", "webm"),
        (b"%PDF-1.7", "x", "application/pdf", "pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x", "image/svg+xml", "svg"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- made -->\n<svg>', "x", "image/svg+xml", "svg"),
        (b"<!---->" * 30 + b"<svg>", "x", "image/svg+xml", "svg"),
        (b"<!-- a > b -- c --><SVG\nwidth='1'>", "x", "image/svg+xml", "svg"),
        (b'<?xml version="1.0"?><?xml-stylesheet href="a.css"?><svg>', "x", "image/svg+xml", "svg"),
        (b'<!DOCTYPE svg PUBLIC "-//W3C" "svg.dtd"><svg>', "x", "image/svg+xml", "svg"),
        (b'<!DOCTYPE svg [\n<!ENTITY a "b">\n<!ENTITY c "d">\n]>\n<svg>', "x", "image/svg+xml", "svg"),
        (b"<html><svg>", "page.html", "text/html", "html"),
        (b"<svgs>", "x", "application/octet-stream", None),
        (b"<svg", "x", "application/octet-stream", None),
        (b"<!-- <svg> ->", "x", "application/octet-stream", None),
        (b"<!DOCTYPE svg [<svg>", "x", "application/octet-stream", None),
        (b"body {}", "style.css", "text/css", "css"),
        (b"hello", "photo.JPEG", "image/jpeg", "jpg"),
        (b"hello", "notes", "application/octet-stream", None),
        (b"\x00\x01\x02", "data.unknown", "application/octet-stream", None),
    ],
)
def test_the_type_comes_from_the_magic_number_or_else_the_extension(
    head: bytes, name: str, mime: str, format_: str | None
) -> None:
    assert detect(head, name) == MediaType(mime, format_)


def test_formats_that_can_be_rendered_are_images() -> None:
    for name in ("a.jpg", "a.heic", "a.bmp", "a.ico", "a.psd", "a.jp2"):
        assert detect(b"", name).is_image


def test_videos_are_not_images() -> None:
    video = detect(b"\x00\x00\x00\x1cftypisom", "clip.mp4")
    assert video.is_video
    assert not video.is_image


@given(st.binary(max_size=200), st.text(max_size=20))
def test_every_content_has_a_type(head: bytes, name: str) -> None:
    assert "/" in detect(head, name).mime


# Pieces of markup, and input that could make a parser read the same bytes repeatedly.
PIECES = [
    b"<!",
    b"<!--",
    b"--",
    b"-->",
    b">",
    b"<?xml",
    b"?>",
    b"[",
    b"]",
    b"<svg",
    b"\xef\xbb\xbf",
    b" ",
    b"\n",
    b'"',
    b"a",
]


@pytest.mark.parametrize(
    "unit", [b"<!---->", b"<!-- a -->", b"<!>", b"<![]>", b"<![", b"<!--", b"<??>", b"<?", b" ", b"<! "]
)
def test_no_head_takes_long(unit: bytes) -> None:
    head = (unit * HEAD_BYTES)[:HEAD_BYTES]
    start = time.process_time()
    assert detect(head, "x").format is None
    assert detect(head[:175], "x").format is None
    assert time.process_time() - start < 1  # a millisecond; a regular expression took twice as long for each comment


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8), st.lists(st.sampled_from(PIECES), max_size=8))
def test_no_repeated_markup_takes_long(unit: list[bytes], end: list[bytes]) -> None:
    head = (b"".join(unit) * 1024)[:1024] + b"".join(end)
    start = time.process_time()
    detect(head, "x")
    assert time.process_time() - start < 1
