"""Fields in the header of a picture, which may contain any bytes."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any

import pytest
import pyvips

from imagekitio.local.media.pictures import (
    list_field_names,
    open_picture,
    read_exif_fields,
    read_field,
    readable_messages,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local.conftest import Api


def make_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def make_png(*chunks: bytes) -> bytes:
    """Return a PNG with a camera in its EXIF and `chunks` after its header."""
    image: Any = pyvips.Image.black(8, 6, bands=3).copy(interpretation="srgb")
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd0-Make", "Canon")
    png = bytes(image.pngsave_buffer(keep="all"))
    return png[:33] + b"".join(chunks) + png[33:]


# A PNG may contain any number of texts, which its standard requires to be Latin-1.
LATIN_1 = make_png(
    make_chunk(b"tEXt", "Schlüssel\0Würzburg".encode("latin-1")), make_chunk(b"tEXt", b"Title\0W\xfcrzburg")
)


def open_bytes(folder: Path, content: bytes) -> Any:
    (folder / "picture").write_bytes(content)
    return open_picture(folder / "picture")


def test_field_names_can_be_read_whatever_their_bytes(tmp_path: Path) -> None:
    names = list_field_names(open_bytes(tmp_path, LATIN_1))
    assert names[:2] == ["width", "height"]
    assert {"png-comment-0-Schl\ufffdssel", "png-comment-1-Title", "exif-ifd0-Make"} <= set(names)


def test_field_names_match_those_of_pyvips_if_it_can_read_them(tmp_path: Path) -> None:
    image = open_bytes(tmp_path, make_png())
    assert list_field_names(image) == image.get_fields()


def test_a_missing_field_gets_the_default(tmp_path: Path) -> None:
    image = open_bytes(tmp_path, LATIN_1)
    assert read_field(image, "width", 1) == 8
    assert read_field(image, "xmp-data", b"") == b""


def test_texts_in_latin_1_do_not_affect_other_fields(tmp_path: Path) -> None:
    assert list(read_exif_fields(open_bytes(tmp_path, LATIN_1))) == list(
        read_exif_fields(open_bytes(tmp_path, make_png()))
    )


def test_files_that_are_not_pictures_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(pyvips.Error):
        open_bytes(tmp_path, b"no picture")


def make_odd_avif() -> bytes:
    """Return an AVIF file with an unknown essential property, which libvips quotes in its error message."""
    image: Any = pyvips.Image.black(8, 6, bands=3).copy(interpretation="srgb")
    avif = bytearray(image.heifsave_buffer(compression="av1"))
    count = avif.index(b"ipma") + 14  # the number of properties; the first bit of each means "essential"
    for position in range(count + 1, count + 1 + avif[count]):
        avif[position] |= 0x80
    return bytes(avif.replace(b"pixi", b"pix\xcf"))


def test_an_error_that_quotes_the_file_is_raised_once_like_any_other(tmp_path: Path) -> None:
    odd = make_odd_avif()
    for source in (odd, tmp_path / "picture"):
        (tmp_path / "picture").write_bytes(odd)
        with pytest.raises(pyvips.Error, match="\ufffd"):
            open_picture(source)
        with pytest.raises(pyvips.Error) as caught:
            pyvips.Image.new_from_buffer(b"\xff\xd8\xff no picture", "")
        assert "\ufffd" not in str(caught.value)


def test_any_operation_of_libvips_may_fail_with_such_an_error() -> None:
    with pytest.raises(pyvips.Error, match="\ufffd"), readable_messages():
        pyvips.Image.new_from_buffer(make_odd_avif(), "[fail_on=error]")
    with pytest.raises(pyvips.Error) as caught:
        pyvips.Image.new_from_buffer(b"\xff\xd8\xff no picture", "")
    assert "\ufffd" not in str(caught.value)


def test_an_upload_that_libvips_quotes_does_not_fail_the_request(api: Api) -> None:
    odd = api.upload("a.avif", make_odd_avif(), responseFields="metadata")
    other = api.upload("b.jpg", b"\xff\xd8\xff no picture", responseFields="metadata")
    for answer in (odd, other):
        assert api("GET", f"/v1/files/{answer['fileId']}/metadata").status_code == 400
        assert api("GET", answer["url"], params={"tr": "w-8"}).status_code == 415


def test_a_picture_with_texts_in_latin_1_can_be_uploaded_measured_and_delivered(api: Api) -> None:
    answer = api.upload("a.png", LATIN_1, responseFields="metadata,embeddedMetadata")
    assert answer["embeddedMetadata"]["Make"] == answer["metadata"]["exif"]["image"]["Make"] == "Canon"
    for steps in ("w-4", "w-4,dn-100", "w-4,md-true"):
        assert api("GET", answer["url"], params={"tr": steps}).status_code == 200, steps
