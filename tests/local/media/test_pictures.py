"""The fields of a picture's header, whatever bytes are in them."""

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


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(*chunks: bytes) -> bytes:
    """A PNG with a camera in its EXIF, and `chunks` behind its header."""
    image: Any = pyvips.Image.black(8, 6, bands=3).copy(interpretation="srgb")
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd0-Make", "Canon")
    png = bytes(image.pngsave_buffer(keep="all"))
    return png[:33] + b"".join(chunks) + png[33:]


# A PNG may hold any number of texts, in Latin-1 by its standard.
LATIN_1 = png_with(chunk(b"tEXt", "Schlüssel\0Würzburg".encode("latin-1")), chunk(b"tEXt", b"Title\0W\xfcrzburg"))


def opened(folder: Path, content: bytes) -> Any:
    (folder / "picture").write_bytes(content)
    return open_picture(folder / "picture")


def test_fields_have_names_whatever_bytes_are_in_them(tmp_path: Path) -> None:
    names = list_field_names(opened(tmp_path, LATIN_1))
    assert names[:2] == ["width", "height"]
    assert {"png-comment-0-Schl\ufffdssel", "png-comment-1-Title", "exif-ifd0-Make"} <= set(names)


def test_the_names_are_those_of_pyvips_where_it_can_read_them(tmp_path: Path) -> None:
    image = opened(tmp_path, png_with())
    assert list_field_names(image) == image.get_fields()


def test_a_field_that_is_missing_is_the_default(tmp_path: Path) -> None:
    image = opened(tmp_path, LATIN_1)
    assert read_field(image, "width", 1) == 8
    assert read_field(image, "xmp-data", b"") == b""


def test_texts_in_latin_1_cost_nothing_else(tmp_path: Path) -> None:
    assert list(read_exif_fields(opened(tmp_path, LATIN_1))) == list(read_exif_fields(opened(tmp_path, png_with())))


def test_what_is_no_picture_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(pyvips.Error):
        opened(tmp_path, b"no picture")


def odd_avif() -> bytes:
    """An AVIF file that libvips refuses with a message that quotes it: an essential property is unknown."""
    image: Any = pyvips.Image.black(8, 6, bands=3).copy(interpretation="srgb")
    avif = bytearray(image.heifsave_buffer(compression="av1"))
    count = avif.index(b"ipma") + 14  # of the properties of the picture; their first bit says "essential"
    for position in range(count + 1, count + 1 + avif[count]):
        avif[position] |= 0x80
    return bytes(avif.replace(b"pixi", b"pix\xcf"))


def test_a_message_that_quotes_the_file_is_an_error_like_others_and_does_not_come_back(tmp_path: Path) -> None:
    odd = odd_avif()
    for source in (odd, tmp_path / "picture"):
        (tmp_path / "picture").write_bytes(odd)
        with pytest.raises(pyvips.Error, match="\ufffd"):
            open_picture(source)
        with pytest.raises(pyvips.Error) as caught:
            pyvips.Image.new_from_buffer(b"\xff\xd8\xff no picture", "")
        assert "\ufffd" not in str(caught.value)


def test_whatever_libvips_does_may_fail_with_such_a_message() -> None:
    with pytest.raises(pyvips.Error, match="\ufffd"), readable_messages():
        pyvips.Image.new_from_buffer(odd_avif(), "[fail_on=error]")
    with pytest.raises(pyvips.Error) as caught:
        pyvips.Image.new_from_buffer(b"\xff\xd8\xff no picture", "")
    assert "\ufffd" not in str(caught.value)


def test_an_upload_that_libvips_quotes_fails_no_request(api: Api) -> None:
    odd = api.upload("a.avif", odd_avif(), responseFields="metadata")
    other = api.upload("b.jpg", b"\xff\xd8\xff no picture", responseFields="metadata")
    for answer in (odd, other):
        assert api("GET", f"/v1/files/{answer['fileId']}/metadata").status_code == 400
        assert api("GET", answer["url"], params={"tr": "w-8"}).status_code == 415


def test_a_picture_with_texts_in_latin_1_is_uploaded_measured_and_delivered(api: Api) -> None:
    answer = api.upload("a.png", LATIN_1, responseFields="metadata,embeddedMetadata")
    assert answer["embeddedMetadata"]["Make"] == answer["metadata"]["exif"]["image"]["Make"] == "Canon"
    for steps in ("w-4", "w-4,dn-100", "w-4,md-true"):
        assert api("GET", answer["url"], params={"tr": steps}).status_code == 200, steps
