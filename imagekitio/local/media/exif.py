"""EXIF as libvips tells it, in the two forms of the service: grouped (metadata) and flat (embedded metadata).

libvips gives a field ``exif-ifd2-FNumber`` the text ``28/5 (f/5.6, Rational, 1 components, 8 bytes)``: the raw value,
then what libexif makes of it, the type and the size. Source of the names: api.md, sections 10.5 and 10.6.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUPS = ("image", "thumbnail", "exif", "gps", "interoperability", "makernote")  # the number of the IFD, but the last

# Names of libexif that the service spells otherwise.
_NAMES = {
    "DateTime": "ModifyDate",
    "DateTimeDigitized": "CreateDate",
    "ExposureBiasValue": "ExposureCompensation",
    "FocalLengthIn35mmFilm": "FocalLengthIn35mmFormat",
    "ISOSpeedRatings": "ISO",
    "InteroperabilityIndex": "InteropIndex",
    "InteroperabilityVersion": "InteropVersion",
    "JPEGInterchangeFormat": "ThumbnailOffset",
    "JPEGInterchangeFormatLength": "ThumbnailLength",
    "PixelXDimension": "ExifImageWidth",
    "PixelYDimension": "ExifImageHeight",
}
_FIELD = re.compile(r"exif-ifd([0-4])-(\w+)\Z")
_VALUE = re.compile(r"(.*), (\w+), \d+ components, \d+ bytes\)\Z", re.DOTALL)
_DATE = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)\Z")
_VERSION = re.compile(r"Version (\d+)\.(\d+)\Z")  # how libexif words ExifVersion and FlashpixVersion
# Field of a coordinate, what its reference says of the sign, and how many degrees there are at most.
_AXES = (("GPSLatitude", {"N": 1, "S": -1}, 90), ("GPSLongitude", {"E": 1, "W": -1}, 180))
_RESOLUTION_UNITS: dict[Any, str] = {1: "none", 2: "inches", 3: "cm"}


def grouped_exif(fields: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The EXIF fields of a picture by group; groups without any are empty. Dates stay in EXIF's own form."""
    groups: dict[str, dict[str, Any]] = {group: {} for group in GROUPS}
    for field, text in sorted(fields.items()):
        found = _FIELD.match(field)
        if found:
            groups[GROUPS[int(found[1])]][_NAMES.get(found[2], found[2])] = _value(text)
    return groups


def embedded_exif(fields: Mapping[str, str]) -> dict[str, Any]:
    """The same in one flat object: dates in ISO 8601, units spelled out; the thumbnail's own fields are left out.

    LocationTaken is the place that GPS tells, as the search language compares it: ``48.208200,16.373800``, in degrees,
    north and east positive. A place of which a part is missing, such as the hemisphere, is none.
    """
    groups = grouped_exif(fields)
    flat = {**groups["image"], **groups["exif"], **groups["gps"]}
    for name, value in flat.items():  # only values change
        if isinstance(value, str) and (date := _DATE.match(value)):
            flat[name] = f"{date[1]}-{date[2]}-{date[3]}T{date[4]}.000Z"
        elif name == "ResolutionUnit":
            flat[name] = _RESOLUTION_UNITS.get(value, value)
    degrees = [_degrees(groups["gps"], *axis) for axis in _AXES]
    # Six digits are 11 cm. Never with an exponent, which the search language does not read.
    return flat if None in degrees else {**flat, "LocationTaken": ",".join(f"{value:.6f}" for value in degrees)}


def _degrees(gps: Mapping[str, Any], name: str, signs: Mapping[str, int], most: int) -> float | None:
    """A coordinate in degrees; in the file they are degrees, minutes and seconds (EXIF 2.32, section 4.6.6)."""
    parts, sign = gps.get(name), signs.get(str(gps.get(f"{name}Ref")))
    if sign is None or not isinstance(parts, list) or not all(0 <= part <= most for part in parts):
        return None
    value = sum(part / 60**power for power, part in enumerate(parts))
    return sign * value if value <= most else None


def _value(text: str) -> Any:
    found = _VALUE.match(text)
    if found is None:
        return text
    raw, kind = _raw(found[1]), found[2]
    if kind in ("Rational", "SRational", "Short", "SShort", "Long", "SLong", "Byte", "SByte"):
        try:
            numbers = [_number(part) for part in re.split(r"[ .]", raw)]
        except (ValueError, ArithmeticError):
            return raw
        return numbers[0] if len(numbers) == 1 else numbers
    if version := _VERSION.search(raw):
        return f"{int(version[1]):02d}{version[2]:0<2}"  # as it is in the file: 2.1 is 0210
    return raw.rstrip()


def _raw(text: str) -> str:
    """The raw value in ``raw (formatted``. Texts are formatted as they are, and may have parentheses of their own."""
    half = (len(text) - 2) // 2
    return text[:half] if text[:half] + " (" + text[:half] == text else text.partition(" (")[0]


def _number(text: str) -> int | float:
    value = Fraction(text)
    return value.numerator if value.denominator == 1 else round(float(value), 6)
