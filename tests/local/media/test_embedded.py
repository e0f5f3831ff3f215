"""Embedded metadata: EXIF, XMP and IPTC-IIM in one searchable object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local.media.embedded import MAX_BYTES, embedded_metadata

from .test_iptc import UTF_8, make_dataset, make_resource
from .test_xmp import make_packet

if TYPE_CHECKING:
    from tests.local.conftest import Api

CITY = make_dataset(90, b"Wien")


def read_xmp(attributes: str) -> dict[str, Any]:
    return embedded_metadata(exif={}, xmp=make_packet("", attributes))


def test_a_picture_without_embedded_metadata_has_none() -> None:
    assert embedded_metadata(exif={}) == {}


def test_exif_takes_precedence_over_xmp_and_xmp_over_iptc() -> None:
    assert embedded_metadata(
        exif={"exif-ifd0-Artist": "Ada (Ada, ASCII, 4 components, 4 bytes)"},
        xmp=make_packet("", 'tiff:Artist="Grace" tiff:Copyright="free" photoshop:City="Vienna"'),
        iptc=CITY + make_dataset(105, b"News"),
    ) == {"Artist": "Ada", "Copyright": "free", "City": "Vienna", "Headline": "News"}


def test_an_unreadable_or_blank_value_hides_no_other() -> None:
    assert embedded_metadata(
        exif={"exif-ifd0-Artist": "   (   , ASCII, 3 components, 3 bytes)"},
        xmp=make_packet("", 'tiff:Artist="Grace" photoshop:DateCreated="yesterday"'),
        iptc=make_dataset(55, b"20240229"),
    ) == {
        "Artist": "Grace",
        "DateCreated": "2024-02-29T00:00:00.000Z",
        "DateTimeCreated": "2024-02-29T00:00:00.000Z",
    }


def test_array_fields_are_always_arrays_and_other_fields_are_strings() -> None:
    properties = 'core:Scene="010100" core:SubjectCode="01000000" ext:PersonInImage="Ada"'
    assert embedded_metadata(
        exif={},
        xmp=make_packet("", properties),
        iptc=make_dataset(25, b"one") + make_dataset(80, b"Ada") + make_dataset(80, b"Grace"),
    ) == {
        "Scene": ["010100"],
        "SubjectCode": ["01000000"],
        "PersonInImage": ["Ada"],
        "Keywords": ["one"],
        "Byline": "Ada; Grace",
    }


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-02-29T10:00:00.12+01:00", "2024-02-29T09:00:00.120Z"),
        ("2024-02-29T10:00:00Z", "2024-02-29T10:00:00.000Z"),
        ("2024-02-29T10:00", "2024-02-29T10:00:00.000Z"),
        ("2024-02-29T10:00-02:00", "2024-02-29T12:00:00.000Z"),
        ("2024-02-29", "2024-02-29T00:00:00.000Z"),
        ("0850-01-01", "0850-01-01T00:00:00.000Z"),
        ("2024-02", None),
        ("2023-02-29", None),
        ("2024-02-29T10:000", None),
        ("0001-01-01T00:00:00+23:00", None),
        ("9999-12-31T23:59:59-23:00", None),
        ("2024-02-29T10:00:00+99:00", None),
    ],
)
def test_dates_are_converted_to_utc_and_invalid_dates_are_left_out(written: str, read: str | None) -> None:
    assert read_xmp(f'exif:DateTimeOriginal="{written}"').get("DateTimeOriginal") == read


def test_the_date_of_creation_includes_its_time() -> None:
    moment = "2024-02-29T09:00:00.000Z"
    found = embedded_metadata(exif={}, iptc=make_dataset(55, b"20240229") + make_dataset(60, b"100000+0100"))
    assert found == {"DateCreated": moment, "DateTimeCreated": moment}


@pytest.mark.parametrize(
    ("written", "read"),
    [("5", 5), ("3.5", 3.5), ("4.0", 4), ("0", 0), ("-1", -1), ("6", None), ("5.1", None), ("-2", None), ("good", None),
     ("nan", None), ("1e9", None), ("٣", None)],
)  # fmt: skip
def test_a_rating_is_a_number_from_minus_one_to_five(written: str, read: float | None) -> None:
    rating = read_xmp(f'xmp:Rating="{written}"').get("Rating")
    assert (rating, type(rating)) == (read, type(read))


def test_metadata_of_more_than_a_megabyte_is_not_read() -> None:
    assert embedded_metadata(exif={}, iptc=CITY.ljust(MAX_BYTES, b"\0")) == {"City": "Wien"}
    assert embedded_metadata(exif={}, iptc=CITY.ljust(MAX_BYTES + 1, b"\0")) == {}


def _make_jpeg(xmp: bytes, iptc: bytes, **exif: str) -> bytes:
    import pyvips

    image: Any = pyvips.Image.black(16, 8).copy()
    image.set_type(pyvips.GValue.blob_type, "xmp-data", xmp)
    image.set_type(pyvips.GValue.blob_type, "iptc-data", iptc)
    for name, value in exif.items():
        image.set_type(pyvips.GValue.gstr_type, f"exif-ifd3-{name}", value)
    return bytes(image.jpegsave_buffer(keep="all"))


def test_an_uploaded_picture_is_found_by_its_embedded_metadata(api: Api) -> None:
    jpeg = _make_jpeg(
        make_packet("", 'xmp:Rating="5" exif:DateTimeOriginal="2024-02-29T10:00:00"'),
        b"Photoshop 3.0\0"
        + make_resource(0x0404, UTF_8 + make_dataset(25, b"fashion") + make_dataset(25, "Frühling".encode())),
        GPSLatitude="48/1 12/1 2952/100",
        GPSLatitudeRef="N",
        GPSLongitude="16/1 22/1 2568/100",
        GPSLongitudeRef="E",
    )
    answer = api.upload("worn.jpg", jpeg, responseFields="embeddedMetadata")
    api.upload("other.jpg", _make_jpeg(b"no XML", b"Photoshop 3.0\x008BIM"))

    embedded = answer["embeddedMetadata"]
    assert embedded == api.details(answer["fileId"])["embeddedMetadata"]
    expected = {
        "Keywords": ["fashion", "Frühling"],
        "Rating": 5,
        "DateTimeOriginal": "2024-02-29T10:00:00.000Z",
        "LocationTaken": "48.208200,16.373800",
    }
    assert {name: embedded[name] for name in expected} == expected
    for query in (
        '"embeddedMetadata.Keywords" IN ["fashion"]',
        '"embeddedMetadata.Keywords" IN ["Frühling", "Herbst"]',
        '"embeddedMetadata.Keywords" EXISTS',
        '"embeddedMetadata.LocationTaken" = "48.2,16.4 10km"',
        '"embeddedMetadata.DateTimeOriginal" = "2024-02-29T10:00:00"',
    ):
        assert api.paths(searchQuery=query) == ["/worn.jpg"], query
    for query in (
        '"embeddedMetadata.Keywords" NOT EXISTS',
        '"embeddedMetadata.Keywords" NOT IN ["fashion"]',
    ):
        assert api.paths(searchQuery=query) == ["/other.jpg"], query
    assert api.paths(searchQuery='"embeddedMetadata.LocationTaken" = "40,100 5km"') == []
