"""EXIF in the formats of the service."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.media.exif import GROUPS, embedded_exif, grouped_exif
from imagekitio.local.search.geography import parse_place

FIELDS = {
    "exif-ifd0-Make": "Canon (Japan) (Canon (Japan), ASCII, 14 components, 14 bytes)",
    "exif-ifd0-DateTime": "2024:01:02 03:04:05 (2024:01:02 03:04:05, ASCII, 20 components, 20 bytes)",
    "exif-ifd0-Orientation": "1 (Internal error (unknown value 1), Short, 1 components, 2 bytes)",
    "exif-ifd0-ResolutionUnit": "2 (Inch, Short, 1 components, 2 bytes)",
    "exif-ifd1-Compression": "6 (JPEG compression, Short, 1 components, 2 bytes)",
    "exif-ifd2-FNumber": "28/5 (f/5.6, Rational, 1 components, 8 bytes)",
    "exif-ifd2-ISOSpeedRatings": "200 (200, Short, 1 components, 2 bytes)",
    "exif-ifd2-ExifVersion": "Exif Version 2.1 (Exif Version 2.1, Undefined, 4 components, 4 bytes)",
    "exif-ifd3-GPSVersionID": "2.2.0.0 (2.2.0.0, Byte, 4 components, 4 bytes)",
    "exif-ifd3-GPSLatitude": "48/1 12/1 61/2 (48, 12, 30.5, Rational, 3 components, 24 bytes)",
    "exif-ifd4-InteroperabilityIndex": "R98 (R98, ASCII, 4 components, 4 bytes)",
}


def test_fields_are_grouped_under_the_names_of_the_service() -> None:
    assert grouped_exif(FIELDS) == {
        "image": {"Make": "Canon (Japan)", "ModifyDate": "2024:01:02 03:04:05", "Orientation": 1, "ResolutionUnit": 2},
        "thumbnail": {"Compression": 6},
        "exif": {"FNumber": 5.6, "ISO": 200, "ExifVersion": "0210"},
        "gps": {"GPSVersionID": [2, 2, 0, 0], "GPSLatitude": [48, 12, 30.5]},
        "interoperability": {"InteropIndex": "R98"},
        "makernote": {},
    }


def test_a_picture_without_exif_has_only_empty_groups() -> None:
    assert grouped_exif({}) == {group: {} for group in GROUPS}


def test_embedded_metadata_has_iso_dates_and_units_in_words_but_no_thumbnail() -> None:
    embedded = embedded_exif(FIELDS)
    assert embedded["ModifyDate"] == "2024-01-02T03:04:05.000Z"
    assert embedded["ResolutionUnit"] == "inches"
    assert "Compression" not in embedded


@pytest.mark.parametrize(
    "text", ["", "no parentheses", "1/0 (x, Rational, 1 components, 8 bytes)", "x (y, Short, 1 components, 2 bytes)"]
)
def test_values_that_cannot_be_parsed_stay_text(text: str) -> None:
    assert isinstance(grouped_exif({"exif-ifd0-Odd": text})["image"]["Odd"], str)


def test_only_exif_versions_are_written_as_in_the_file() -> None:
    fields = {
        "exif-ifd0-ImageDescription": "Version 1.2 (Version 1.2, ASCII, 12 components, 12 bytes)",
        "exif-ifd2-FlashpixVersion": "FlashPix Version 1.0 (FlashPix Version 1.0, Undefined, 4 components, 4 bytes)",
        "exif-ifd2-UserComment": "My Own Version 2.0 (My Own Version 2.0, Undefined, 26 components, 26 bytes)",
    }
    assert embedded_exif(fields) == {
        "ImageDescription": "Version 1.2",
        "FlashpixVersion": "0100",
        "UserComment": "My Own Version 2.0",
    }


def test_a_unit_of_several_numbers_stays_unchanged() -> None:
    assert embedded_exif({"exif-ifd0-ResolutionUnit": "2 3 (Inch, Short, 2 components, 4 bytes)"}) == {
        "ResolutionUnit": [2, 3]
    }


KINDS = ["Rational", "SRational", "Short", "SShort", "Long", "Byte", "ASCII", "Undefined", "Float", ""]
RAW = (
    st.sampled_from(
        [
            "Version " + "9" * 5000 + ".1",
            "9" * 5000,
            "1e999999999",
            "1/1e999999999",
            "1/0",
            "-1/-1",
            "٣",
            "2 (",
            ", ",
            " " * 99,
        ]
    )
    | st.text()
)


@given(RAW, RAW, st.sampled_from(KINDS), st.sampled_from(["GPSLatitude", "ResolutionUnit", "ExifVersion", "Make"]))
def test_any_value_is_read_without_an_error(raw: str, formatted: str, kind: str, name: str) -> None:
    text = f"{raw} ({formatted}, {kind}, 1 components, 8 bytes)"
    for field in (text, raw):
        fields = {f"exif-ifd{group}-{name}": field for group in range(5)}
        start = time.process_time()
        json.dumps([grouped_exif(fields), embedded_exif(fields | _make_gps(LatitudeRef="N"))], allow_nan=False)
        assert time.process_time() - start < 1


def _make_gps(**values: str) -> dict[str, str]:
    kinds = {True: "ASCII, 2 components, 2 bytes", False: "Rational, 3 components, 24 bytes"}
    return {f"exif-ifd3-GPS{name}": f"{text} (x, {kinds[name.endswith('Ref')]})" for name, text in values.items()}


VIENNA = {
    "Latitude": "48/1 12/1 2952/100", "LatitudeRef": "N", "Longitude": "16/1 22/1 2568/100", "LongitudeRef": "E",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({}, "48.208200,16.373800"),
        ({"LatitudeRef": "S"}, "-48.208200,16.373800"),
        ({"LongitudeRef": "W"}, "48.208200,-16.373800"),
        ({"Latitude": "0/1 0/1 3/1000", "Longitude": "180/1 0/1 0/1"}, "0.000001,180.000000"),
        ({"Latitude": "90/1 0/1 1/1"}, None),
        ({"Latitude": "48/1 200/1 0/1"}, None),
        ({"Longitude": "16/1 22/1 0/0"}, None),
        ({"Longitude": "16/1"}, None),
        ({"LongitudeRef": ""}, None),
        ({"Latitude": " ".join(["1/2"] * 1000)}, None),
        ({"LongitudeRef": "N"}, None),
    ],
)
def test_the_place_is_in_degrees_or_none_if_gps_is_incomplete(changes: dict[str, str], place: str | None) -> None:
    assert embedded_exif(_make_gps(**VIENNA | changes)).get("LocationTaken") == place


def test_a_place_without_a_hemisphere_is_none() -> None:
    for name in VIENNA:
        assert "LocationTaken" not in embedded_exif(_make_gps(**{key: VIENNA[key] for key in VIENNA if key != name}))


@given(st.lists(st.integers(0, 2**32 - 1), min_size=12, max_size=12))
def test_the_search_language_can_read_any_gps_place(numbers: list[int]) -> None:
    half = len(numbers) // 2
    parts = [f"{a}/{b}" for a, b in zip(numbers[:half], numbers[half:], strict=True)]
    values = VIENNA | {"Latitude": " ".join(parts[:3]), "Longitude": " ".join(parts[3:])}
    place = embedded_exif(_make_gps(**values)).get("LocationTaken")
    assert place is None or parse_place(place)
