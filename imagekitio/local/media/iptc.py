"""IPTC-IIM: captions, keywords and credits that agencies and photo software write into a picture.

Sources: IPTC Information Interchange Model 4.2, for the format of datasets and their numbers; Adobe Photoshop File
Formats Specification, "Image Resource Blocks", for the wrapping in JPEG. Names are those of api.md, section 10.6: the
names of the datasets without blanks and punctuation, except Location (Sub-location) and CountryCode, as in XMP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# By record and dataset.
_NAMES = {
    (2, 5): "ObjectName",
    (2, 25): "Keywords",
    (2, 55): "DateCreated",
    (2, 60): "TimeCreated",
    (2, 80): "Byline",
    (2, 85): "BylineTitle",
    (2, 90): "City",
    (2, 92): "Location",
    (2, 95): "ProvinceState",
    (2, 100): "CountryCode",
    (2, 105): "Headline",
    (2, 110): "Credit",
    (2, 115): "Source",
    (2, 116): "CopyrightNotice",
    (2, 120): "CaptionAbstract",
}
_CODED_CHARACTER_SET, _UTF_8 = (1, 90), b"\x1b%G"  # the escape sequence of ISO 2022 for UTF-8
_DATASET = 0x1C  # the first byte of each dataset
_PHOTOSHOP, _RESOURCE, _IIM_RESOURCE = b"Photoshop 3.0\0", b"8BIM", 0x0404


def iptc_texts(data: bytes) -> dict[str, list[str]]:
    """Return the texts of each field in the order of the file; the creation date is in ISO 8601, with any time given.

    It never raises an error: malformed data is read up to the first error. Texts that are not declared as UTF-8 are
    read as Latin-1, because the standard does not define their encoding, and every byte is valid in Latin-1.

    Args:
        data: The datasets, plain (TIFF) or in the resources of Photoshop (JPEG).
    """
    datasets = list(_datasets(_unwrap(data)))
    is_utf_8 = any(key == _CODED_CHARACTER_SET and _UTF_8 in value for key, value in datasets)
    found: dict[str, list[str]] = {}
    for key, value in datasets:
        text = value.decode("utf-8" if is_utf_8 else "latin-1", "replace").strip(" \t\r\n\0")
        if text and (name := _NAMES.get(key)):
            found.setdefault(name, []).append(text)
    times = found.pop("TimeCreated", [""])
    if dates := found.get("DateCreated"):
        found["DateCreated"] = [_moment(dates[0], times[0])]
    return found


def _unwrap(data: bytes) -> bytes:
    """Return the datasets in Photoshop's resources. Each has a number, a name and data, the last two of even length."""
    if not data.startswith(_PHOTOSHOP):
        return data
    position = len(_PHOTOSHOP)
    while data.startswith(_RESOURCE, position):
        number, name_length = _integer(data[position + 4 : position + 6]), _integer(data[position + 6 : position + 7])
        start = position + 6 + (1 + name_length + 1) // 2 * 2 + 4
        size = _integer(data[start - 4 : start])
        if number == _IIM_RESOURCE:
            return data[start : start + size]
        position = start + (size + 1) // 2 * 2
    return b""


def _datasets(data: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    position = 0
    while len(data) >= position + 5 and data[position] == _DATASET:
        key, length = (data[position + 1], data[position + 2]), _integer(data[position + 3 : position + 5])
        position += 5
        if length & 0x8000:  # an extended dataset: the other bits are the number of bytes of the length
            start, position = position, position + (length & 0x7FFF)
            length = _integer(data[start:position])
        if len(data) < position + length:
            return
        yield key, data[position : position + length]
        position += length


def _moment(date: str, time: str) -> str:
    """Return ``20240229`` and ``100000+0100`` in ISO 8601; the caller must check whether the result is a valid date."""
    day = f"{date[:4]}-{date[4:6]}-{date[6:]}"
    return f"{day}T{time[:2]}:{time[2:4]}:{time[4:]}" if time else day


def _integer(data: bytes) -> int:
    return int.from_bytes(data, "big")
