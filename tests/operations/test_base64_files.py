from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import time
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.operations.base64_files import read_content

if TYPE_CHECKING:
    from collections.abc import Callable

REST = bytes(range(256))


def make_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "content")
    return buffer.getvalue()


# Short signatures are followed by what such a file contains there, long ones by anything.
FILES: dict[str, bytes] = {
    "JPEG": b"\xff\xd8\xff\xe0\x00\x10JFIF" + REST,
    "PNG": b"\x89PNG\r\n\x1a\n" + REST,
    "GIF": b"GIF89a" + REST,
    "WebP": b"RIFF\x10\x00\x00\x00WEBPVP8 " + REST,
    "AVI": b"RIFF\x10\x00\x00\x00AVI LIST" + REST,
    "WAV": b"RIFF\x10\x00\x00\x00WAVEfmt " + REST,
    "MP4": b"\x00\x00\x00\x18ftypmp42" + REST,
    "MOV": b"\x00\x00\x00\x14ftypqt  " + REST,
    "HEIC": b"\x00\x00\x00\x18ftypheic" + REST,
    "AVIF": b"\x00\x00\x00\x1cftypavif" + REST,
    "TIFF": b"II*\x00\x08\x00\x00\x00" + REST,
    "TIFF, big-endian": b"MM\x00*\x00\x00\x00\x08" + REST,
    "ICO": b"\x00\x00\x01\x00\x01\x00\x10\x10\x00\x00\x01\x00\x20\x00" + REST,
    "BMP": b"BM\x36\x03\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00" + REST,
    "BMP with reserved bytes in use": b"BM\x36\x03\x00\x00abcd\x36\x00\x00\x00\x28\x00\x00\x00" + REST,
    "PSD": b"8BPS\x00\x01" + bytes(6) + REST,
    "JPEG XL": b"\xff\x0a" + REST,
    "JPEG XL in a container": b"\x00\x00\x00\x0cJXL \r\n\x87\n" + REST,
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "XML": b"\xef\xbb\xbf<?xml version='1.0'?><a/>",
    "HTML": b"\n<!DOCTYPE html>\n<title>A</title>",
    "HTML without a type": b"<HTML><body>A</body></HTML>",
    "PDF": b"%PDF-1.7\n" + REST,
    "ZIP": make_zip(),
    "gzip": gzip.compress(b"content"),
    "7z": b"7z\xbc\xaf\x27\x1c\x00\x04" + REST,
    "RAR": b"Rar!\x1a\x07\x01\x00" + REST,
    "WebM": b"\x1aE\xdf\xa3" + REST,
    "OGG": b"OggS\x00\x02" + REST,
    "MP3": b"ID3\x03\x00" + REST,
    "MP3 without tags": b"\xff\xfb\x90\x64" + REST,
    "FLAC": b"fLaC\x00\x00\x00\x22" + REST,
    "WOFF": b"wOFF\x00\x01\x00\x00" + REST,
    "WOFF2": b"wOF2\x00\x01\x00\x00" + REST,
}


def make_table() -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([["sku", "price"], ["shoe", 59]])
    return text.getvalue().encode()


# Types without a signature, such as these, and contents of no type at all.
TEXTS: dict[str, bytes] = {
    "CSS": b".shoe{color:red}",
    "CSV": make_table(),
    "JSON": json.dumps({"shoe": 1}).encode(),
    "text": "größer\n".encode(),
    "short text": b"hello",
    "a digit": b"1",
    "unknown": bytes(range(100, 180)),
}

SPELLINGS: dict[str, Callable[[bytes], bytes]] = {
    "standard": base64.b64encode,
    "URL-safe": base64.urlsafe_b64encode,
    "without padding": lambda content: base64.b64encode(content).rstrip(b"="),
    "URL-safe without padding": lambda content: base64.urlsafe_b64encode(content).rstrip(b"="),
    "lines of 76": base64.encodebytes,
    "lines of 76 with CRLF": lambda content: base64.encodebytes(content).replace(b"\n", b"\r\n"),
    "lines of 64": lambda content: split_into_lines(base64.b64encode(content), 64),
    "URL-safe lines of 64": lambda content: split_into_lines(base64.urlsafe_b64encode(content), 64),
    "data URI": lambda content: b"data:;base64," + base64.b64encode(content),
    "data URI with parameters": lambda content: b"data:a/b+c;charset=utf-8;base64," + base64.b64encode(content),
}


def split_into_lines(encoded: bytes, width: int) -> bytes:
    return b"\n".join(encoded[start : start + width] for start in range(0, len(encoded), width))


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("kind", FILES)
def test_base64_of_a_file_is_decoded_in_every_variant(kind: str, spelling: str) -> None:
    assert read_content(SPELLINGS[spelling](FILES[kind])) == FILES[kind]


@given(st.sampled_from(sorted(FILES)), st.sampled_from(sorted(SPELLINGS)), st.binary(max_size=300))
def test_base64_of_a_file_is_decoded_whatever_the_file_contains(kind: str, spelling: str, rest: bytes) -> None:
    content = FILES[kind] + rest
    assert read_content(SPELLINGS[spelling](content)) == content


@given(st.binary(min_size=1, max_size=300))
def test_a_data_uri_is_decoded_whatever_it_contains(content: bytes) -> None:
    assert read_content(SPELLINGS["data URI"](content)) == content


@pytest.mark.parametrize("kind", FILES)
def test_files_are_sent_unchanged(kind: str) -> None:
    assert read_content(FILES[kind]) is FILES[kind]


@given(st.binary(max_size=200), st.sampled_from(b"\x00\x7f\xff .,:;<{\"'"), st.binary(max_size=200))
def test_contents_with_a_byte_outside_of_base64_are_sent_unchanged(before: bytes, foreign: int, after: bytes) -> None:
    content = before + bytes([foreign]) + after
    assert read_content(content) is content


@given(st.binary(min_size=1))
def test_contents_are_sent_unchanged_unless_they_are_base64(content: bytes) -> None:
    try:
        found = read_content(content)
    except ValueError:
        found = content
    symbols = content.rstrip(b"\r\n").rstrip(b"=")
    assert found is content or base64.b64encode(found).rstrip(b"=") == symbols


@pytest.mark.parametrize("spelling", ["standard", "without padding", "lines of 76"])
@pytest.mark.parametrize("kind", [kind for kind in TEXTS if kind != "a digit"])
def test_base64_of_other_contents_is_a_value_error_that_says_how_to_pass_either(kind: str, spelling: str) -> None:
    with pytest.raises(ValueError, match=r"pass file\.decode\(\) if it is base64, or io\.BytesIO\(file\) if it is the"):
        read_content(SPELLINGS[spelling](TEXTS[kind]))


def test_padding_alone_makes_short_base64_of_text_ambiguous() -> None:
    with pytest.raises(ValueError, match="may be base64"):
        read_content(base64.b64encode(b"1"))  # MQ==


def test_url_safe_base64_of_other_contents_must_be_decoded_by_the_caller() -> None:
    with pytest.raises(ValueError, match=r"pass base64\.urlsafe_b64decode\(file\) if it is base64"):
        read_content(base64.urlsafe_b64encode(bytes(range(190, 256))))


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_truncated_base64_of_a_file_is_never_stored_as_text(lost: int) -> None:
    encoded = base64.b64encode(FILES["PNG"]).rstrip(b"=")[:-lost]
    try:
        assert FILES["PNG"].startswith(read_content(encoded)[:-1])
    except ValueError as exc:
        assert "may be base64" in str(exc)  # noqa: PT017


@pytest.mark.parametrize(
    "content",
    [b"data:image/png;base64,", b"data:image/png;base64,iVBOR", b"data:image/png;base64,iVBORw0K and more"],
)
def test_a_data_uri_that_is_not_base64_is_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"io\.BytesIO\(file\) if it is the content"):
        read_content(content)


@pytest.mark.parametrize(
    "content",
    [
        b"test",
        b"data",
        b"Test",
        b"content",
        b"hello123",
        b"List",
        b"Reading",
        b"ListType",
        b"0400",
        b"20240305",
        b"x" * 1000,
        b"1" * 1000,
        b"d41d8cd98f00b204e9800998ecf8427e",
        b"D41D8CD98F00B204E9800998ECF8427E",
        b"d41d8cd98f00b204e9800998ecf8427e\n" * 40,
        b"a text that is not base64 at all",
        b"https://example.com/a.jpg",
        b"sku,Price\nShoe,59\n",
        b"ShoesAndSocks\nAndShirts\nAndTrousersAndHats\n",
        b"AbCdEfGhIjKlMn+/AbCdEfGhIjKl-_==",
        b"data:text/plain,hello",
        b"BMWshoes",
        b"\n",
        b"\n\n",
        b"==",
        base64.b64encode(FILES["PNG"]) + b"\n and more",
        base64.b64encode(FILES["PNG"]) + b"\n" + base64.b64encode(FILES["PNG"]) + b"=" * 400,
    ],
)
def test_plain_contents_are_sent_unchanged(content: bytes) -> None:
    assert read_content(content) is content


def test_only_the_beginning_of_large_binary_contents_is_inspected() -> None:
    content = bytes(20_000_000)
    started_at = time.perf_counter()
    for _ in range(1000):
        assert read_content(content) is content
    assert time.perf_counter() - started_at < 1  # inspecting all of it would take more than 1 ms per call
