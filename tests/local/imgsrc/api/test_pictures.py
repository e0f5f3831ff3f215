"""Recognising the format of an upload by its first bytes."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.base.errors import ApiError
from imagekitio.local.imgsrc.api.pictures import Picture, detect_format, inspect

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio.local.imgsrc.store import ImgsrcStore

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="9" height="9"/></svg>'
TGA = bytes([0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 3, 0, 24, 0])


@pytest.mark.parametrize(
    ("head", "name", "mime"),
    [
        (b"\xff\xd8\xff\xe0", "jpeg", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png", "image/png"),
        (b"RIFF....WEBP", "webp", "image/webp"),
        (b"GIF89a", "gif", "image/gif"),
        (b"II*\0", "tiff", "image/tiff"),
        (b"BM....\0\0\0\0", "bmp", "image/bmp"),
        (b"\0\0\1\0", "ico", "image/x-icon"),
        (SVG, "svg", "image/svg+xml"),
        (b"....ftypheic", "heic", "image/heic"),
        (b"....ftypavif", "avif", "image/avif"),
        (b"\xff\x0a", "jxl", "image/jxl"),
        (TGA, "tga", "image/x-tga"),
        (b"P6\n4 3\n255\n", "pnm", "image/x-portable-anymap"),
        (b"qoif", "qoi", "image/qoi"),
        (b"#?RADIANCE\n", "hdr", "image/vnd.radiance"),
        (b"v/1\x01", "exr", "image/x-exr"),
    ],
)
def test_every_format_of_the_service_is_recognised(head: bytes, name: str, mime: str) -> None:
    assert detect_format(head) == Picture(name, mime)


@pytest.mark.parametrize("head", [b"", b"8BPS", b"%PDF-1.7", b"\0\0\0\x18ftypmp42", b"P", b"{}", b"\0" * 40, b"x" * 40])
def test_everything_else_is_refused(head: bytes) -> None:
    with pytest.raises(ApiError, match="must be an image"):
        detect_format(head)


@given(st.binary(max_size=60))
def test_any_bytes_are_recognised_or_refused(head: bytes) -> None:
    with suppress(ApiError):
        assert detect_format(head).mime.startswith("image/")


@pytest.mark.parametrize(
    ("content", "size"),
    [(SVG, (30, 20)), (b"v/1\x01".ljust(100, b"\0"), (None, None))],
)
def test_the_size_is_read_from_the_header(
    store: ImgsrcStore, content: bytes, size: tuple[int | None, int | None]
) -> None:
    with store.incoming() as incoming:
        incoming.write(content)
        picture = inspect(incoming)
    assert (picture.width, picture.height) == size


def test_the_size_of_an_animation_is_that_of_one_page(store: ImgsrcStore, tmp_path: Path) -> None:
    import pyvips

    pages = pyvips.Image.black(5, 12, bands=3).copy(interpretation="srgb")
    pages.set_type(pyvips.GValue.gint_type, "page-height", 4)
    file = tmp_path / "a.gif"
    pages.write_to_file(str(file))
    with store.incoming() as incoming:
        incoming.write(file.read_bytes())
        assert inspect(incoming) == Picture("gif", "image/gif", 5, 4)
