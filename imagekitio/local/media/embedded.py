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

MAX_BYTES = 1 << 20  # of XMP or IPTC-IIM: a segment of a JPEG holds 64 KB, and what is kept stands in every list

_ARRAYS = frozenset({"Keywords", "PersonInImage", "Scene", "SubjectCode"})
_DATES = frozenset({"DateCreated", "DateTimeOriginal"})
_WITHOUT_SECONDS = re.compile(r"(T[0-9]{2}:[0-9]{2})(?!:|[0-9])")  # which XMP allows
_NUMBER = re.compile(r"-?[0-9](?:\.[0-9]{1,9})?")


def embedded_metadata(*, exif: Mapping[str, str], xmp: bytes = b"", iptc: bytes = b"") -> dict[str, Any]:
    """What is embedded in a picture, by the names of the service; what cannot be read is left out.

    Where several have a field, that of EXIF counts, else that of XMP, else that of IPTC-IIM, as the Metadata Working
    Group advises ("Guidelines for Handling Image Metadata", 2.0): the camera writes EXIF itself, and IIM cuts texts
    (keywords to 64 bytes, names to 32) that XMP, written along with it, holds in full and in Unicode.

    Fields that api.md calls arrays are arrays, of one item too. Of the others each has one value, also where XMP or IIM
    repeats it: several authors are one text with "; " between, as in EXIF. Dates are in UTC, where they are taken to
    be if they do not say, like those of EXIF; a date without a time is midnight, as in the search language. The date of
    creation is also DateTimeCreated, as in pictures that embed nothing.

    Args:
        exif: The fields ``exif-ifd…`` of libvips.
        xmp: The packet; of more than `MAX_BYTES` nothing is read.
        iptc: The datasets, plain or wrapped by Photoshop; likewise.
    """
    flat: dict[str, Any] = {}
    for read, data in ((iptc_texts, iptc), (xmp_texts, xmp)):
        if len(data) <= MAX_BYTES:
            values = {name: _value(name, texts) for name, texts in read(data).items()}
            flat |= {name: value for name, value in values.items() if value is not None}
    if "DateCreated" in flat:
        flat["DateTimeCreated"] = flat["DateCreated"]
    # Cameras write texts that nobody has filled in as blanks.
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
    except (OverflowError, ValueError):  # its offset leads out of the years 1 to 9999
        return None


def _rating(text: str) -> int | float | None:
    """Stars, from 0 to 5; -1 means rejected (XMP specification, part 1, "XMP namespace")."""
    value = float(text) if _NUMBER.fullmatch(text) else None
    if value is None or not -1 <= value <= 5:
        return None
    return int(value) if value.is_integer() else value
