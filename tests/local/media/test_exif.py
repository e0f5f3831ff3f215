"""EXIF in the forms of the service."""

from __future__ import annotations

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


def test_fields_stand_in_their_group_under_the_names_of_the_service() -> None:
    assert grouped_exif(FIELDS) == {
        "image": {"Make": "Canon (Japan)", "ModifyDate": "2024:01:02 03:04:05", "Orientation": 1, "ResolutionUnit": 2},
        "thumbnail": {"Compression": 6},
        "exif": {"FNumber": 5.6, "ISO": 200, "ExifVersion": "0210"},
        "gps": {"GPSVersionID": [2, 2, 0, 0], "GPSLatitude": [48, 12, 30.5]},
        "interoperability": {"InteropIndex": "R98"},
        "makernote": {},
    }


def test_a_picture_without_exif_has_all_groups_empty() -> None:
    assert grouped_exif({}) == {group: {} for group in GROUPS}


def test_embedded_metadata_has_iso_dates_and_units_in_words_and_not_the_thumbnail() -> None:
    embedded = embedded_exif(FIELDS)
    assert embedded["ModifyDate"] == "2024-01-02T03:04:05.000Z"
    assert embedded["ResolutionUnit"] == "inches"
    assert "Compression" not in embedded


@pytest.mark.parametrize(
    "text", ["", "no parentheses", "1/0 (x, Rational, 1 components, 8 bytes)", "x (y, Short, 1 components, 2 bytes)"]
)
def test_values_that_make_no_sense_stay_text(text: str) -> None:
    assert isinstance(grouped_exif({"exif-ifd0-Odd": text})["image"]["Odd"], str)


def _gps(**values: str) -> dict[str, str]:
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
        ({"LongitudeRef": "N"}, None),
    ],
)
def test_the_place_is_that_of_gps_in_degrees_and_none_when_it_is_not_whole(
    changes: dict[str, str], place: str | None
) -> None:
    assert embedded_exif(_gps(**VIENNA | changes)).get("LocationTaken") == place


def test_a_place_without_a_hemisphere_is_none() -> None:
    for name in VIENNA:
        assert "LocationTaken" not in embedded_exif(_gps(**{key: VIENNA[key] for key in VIENNA if key != name}))


@given(st.lists(st.integers(0, 2**32 - 1), min_size=12, max_size=12))
def test_any_place_of_gps_can_be_read_by_the_search_language(numbers: list[int]) -> None:
    half = len(numbers) // 2
    parts = [f"{a}/{b}" for a, b in zip(numbers[:half], numbers[half:], strict=True)]
    values = VIENNA | {"Latitude": " ".join(parts[:3]), "Longitude": " ".join(parts[3:])}
    place = embedded_exif(_gps(**values)).get("LocationTaken")
    assert place is None or parse_place(place)
