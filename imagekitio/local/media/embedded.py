"""Embedded metadata (api.md, section 10.6): EXIF, XMP and IPTC-IIM of a picture in one flat object."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..base.dates import iso_date, parse_moment
from .exif import embedded_exif
from .iptc import iptc_texts
from .xmp import xmp_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES = 1 << 20  # of XMP or IPTC-IIM: a segment of a JPEG holds 64 KB, and every listing contains the metadata

_ARRAYS = frozenset({"Keywords", "PersonInImage", "Scene", "SubjectCode"})
_DATES = frozenset({"DateCreated", "DateTimeOriginal"})
_WITHOUT_SECONDS = re.compile(r"(T[0-9]{2}:[0-9]{2})(?!:|[0-9])")  # which XMP allows
_NUMBER = re.compile(r"-?[0-9](?:\.[0-9]{1,9})?")


def embedded_metadata(*, exif: Mapping[str, str], xmp: bytes = b"", iptc: bytes = b"") -> dict[str, Any]:
    """Return the embedded metadata of a picture by the service's names, without fields that cannot be read.

    If a field occurs several times, EXIF takes precedence over XMP, and XMP over IPTC-IIM, as the Metadata Working
    Group recommends ("Guidelines for Handling Image Metadata", 2.0). The camera writes EXIF itself, and IIM truncates
    texts (keywords to 64 bytes, names to 32) that XMP usually has in full and in Unicode.

    Fields that are arrays in api.md are always arrays, even with one item. Other fields have one value, even if XMP or
    IIM repeats them: several authors are joined by "; ", as in EXIF. Dates are in UTC; those without a time zone, like
    those of EXIF, are taken as UTC. A date without a time means midnight, as in the search language. The creation date
    is also DateTimeCreated, as in pictures without embedded metadata.

    Args:
        exif: The fields ``exif-ifd…`` of libvips.
        xmp: The XMP packet; ignored if it is larger than `MAX_BYTES`.
        iptc: The IIM datasets, plain or wrapped by Photoshop; ignored if they are larger than `MAX_BYTES`.
    """
    flat: dict[str, Any] = {}
    for read, data in ((iptc_texts, iptc), (xmp_texts, xmp)):
        if len(data) <= MAX_BYTES:
            values = {name: _value(name, texts) for name, texts in read(data).items()}
            flat |= {name: value for name, value in values.items() if value is not None}
    if "DateCreated" in flat:
        flat["DateTimeCreated"] = flat["DateCreated"]
    # Cameras fill unused texts with blanks.
    return flat | {name: value for name, value in embedded_exif(exif).items() if value != ""}


def _value(name: str, texts: list[str]) -> Any:
    if name in _ARRAYS:
        return texts
    if name in _DATES:
        return _moment(texts[0])
    if name == "Rating":
        return _rating(texts[0])
    return "; ".join(texts)


def _moment(text: str) -> str | None:
    seconds = parse_moment(_WITHOUT_SECONDS.sub(r"\1:00", text))
    try:
        return None if seconds is None else iso_date(seconds)
    except (OverflowError, ValueError):  # with its offset it is not in the years 1 to 9999
        return None


def _rating(text: str) -> int | float | None:
    """Return the stars, from 0 to 5; -1 means rejected (XMP specification, part 1, "XMP namespace")."""
    value = float(text) if _NUMBER.fullmatch(text) else None
    if value is None or not -1 <= value <= 5:
        return None
    return int(value) if value.is_integer() else value
