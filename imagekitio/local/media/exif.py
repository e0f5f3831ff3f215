"""EXIF fields of libvips in the two forms of the service: grouped (metadata) and flat (embedded metadata).

libvips has fields such as ``exif-ifd2-FNumber`` with the text ``28/5 (f/5.6, Rational, 1 components, 8 bytes)``: the
raw value, the value formatted by libexif, the type and the size. Source of the names: api.md, sections 10.5 and 10.6.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUPS = ("image", "thumbnail", "exif", "gps", "interoperability", "makernote")  # by IFD number, except the last

# Names of libexif that the service spells differently.
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
_DATE = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)\Z", re.ASCII)
_VERSION = re.compile(r"\w{1,8} Version (\d{1,2})\.(\d{1,2})\Z", re.ASCII)  # the format of libexif for the two versions
# Field of a coordinate, sign for each value of its reference, and maximum number of degrees.
_AXES = (("GPSLatitude", {"N": 1, "S": -1}, 90), ("GPSLongitude", {"E": 1, "W": -1}, 180))
_RESOLUTION_UNITS: dict[Any, str] = {1: "none", 2: "inches", 3: "cm"}


def grouped_exif(fields: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the EXIF fields of a picture in all groups, which may be empty. Dates keep EXIF's own format."""
    groups: dict[str, dict[str, Any]] = {group: {} for group in GROUPS}
    for field, text in sorted(fields.items()):
        found = _FIELD.match(field)
        if found:
            groups[GROUPS[int(found[1])]][_NAMES.get(found[2], found[2])] = _value(text)
    return groups


def embedded_exif(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the EXIF fields as one flat object, with dates in ISO 8601 and names of units, without the thumbnail's.

    LocationTaken is the GPS position in the format of the search language: ``48.208200,16.373800``, in degrees, north
    and east positive. It is left out if a part of the position, such as the hemisphere, is missing.
    """
    groups = grouped_exif(fields)
    flat = {**groups["image"], **groups["exif"], **groups["gps"]}
    for name, value in flat.items():  # only values change
        if isinstance(value, str) and (date := _DATE.match(value)):
            flat[name] = f"{date[1]}-{date[2]}-{date[3]}T{date[4]}.000Z"
        elif name == "ResolutionUnit" and isinstance(value, int):
            flat[name] = _RESOLUTION_UNITS.get(value, value)
    degrees = [_degrees(groups["gps"], *axis) for axis in _AXES]
    # Six digits are precise to 11 cm. There must be no exponent, as the search language cannot read it.
    return flat if None in degrees else {**flat, "LocationTaken": ",".join(f"{value:.6f}" for value in degrees)}


def _degrees(gps: Mapping[str, Any], name: str, signs: Mapping[str, int], most: int) -> float | None:
    """Return a coordinate in degrees from degrees, minutes and seconds (EXIF 2.32, section 4.6.6)."""
    parts, sign = gps.get(name), signs.get(str(gps.get(f"{name}Ref")))
    if sign is None or not isinstance(parts, list) or len(parts) > 3 or not all(0 <= part <= most for part in parts):
        return None
    value = sum(part / 60**power for power, part in enumerate(parts))
    return sign * value if value <= most else None


def _value(text: str) -> Any:
    parts = text.rsplit(", ", 3)
    if len(parts) != 4 or not parts[2].endswith(" components") or not parts[3].endswith(" bytes)"):
        return text
    raw, kind = _raw(parts[0]), parts[1]
    if kind in ("Rational", "SRational", "Short", "SShort", "Long", "SLong", "Byte", "SByte"):
        try:
            numbers = [_number(part) for part in raw.replace(".", " ").split(" ")]
        except (ValueError, ArithmeticError):
            return raw
        return numbers[0] if len(numbers) == 1 else numbers
    if kind == "Undefined" and (version := _VERSION.match(raw)):
        return f"{int(version[1]):02d}{version[2]:0<2}"  # the form in the file: 0210 for 2.1
    return raw.rstrip()


def _raw(text: str) -> str:
    """Return the raw value in ``raw (formatted``. Texts are repeated unchanged, and may contain parentheses."""
    half = (len(text) - 2) // 2
    return text[:half] if text[:half] + " (" + text[:half] == text else text.partition(" (")[0]


def _number(text: str) -> int | float:
    numerator, _, denominator = text.partition("/")
    value = Fraction(int(numerator), int(denominator or 1))
    return value.numerator if value.denominator == 1 else round(float(value), 6)
