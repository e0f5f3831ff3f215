"""EXIF in the forms of the service."""

from __future__ import annotations

import pytest

from imagekitio.local.exif import GROUPS, embedded_exif, grouped_exif

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
