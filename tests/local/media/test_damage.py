"""Real files with damage of every kind, which may lose only the damaged metadata and must never take long.

FUZZ_EXAMPLES sets how many damaged files a test makes: ``FUZZ_EXAMPLES=5000 pytest tests/local/media/test_damage.py``.
"""

from __future__ import annotations

import io
import json
import os
import struct
import time
from dataclasses import asdict
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pyvips
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from imagekitio.local.media.metadata import UnreadableError, file_metadata
from imagekitio.local.media.probe import Probe, probe

from .test_iptc import UTF_8, make_dataset, make_resource
from .test_pictures import make_chunk
from .test_video import make_mp4
from .test_xmp import KEYWORDS, make_packet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.local.conftest import Api

    Json = dict[str, Any]
    Edit = Callable[[bytearray], None]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "100"))
SECONDS = 10  # of processor time for one file; real damage takes hundredths of a second
DATA = Path(__file__).parents[2] / "data"
NOW = datetime(2024, 3, 5, tzinfo=timezone.utc)

XMP = make_packet(KEYWORDS, 'xmp:Rating="5" exif:DateTimeOriginal="2024-02-29T10:00:00"')
IPTC = b"Photoshop 3.0\0" + make_resource(0x404, UTF_8 + make_dataset(90, b"Wien") + make_dataset(55, b"20240229"))
EXIF = {
    "exif-ifd0-Make": "Canon",
    "exif-ifd0-ResolutionUnit": "2",
    "exif-ifd2-ExifVersion": "Exif Version 2.1",
    "exif-ifd2-FNumber": "28/5",
    "exif-ifd3-GPSLatitude": "48/1 12/1 30/1",
    "exif-ifd3-GPSLatitudeRef": "N",
    "exif-ifd3-GPSLongitude": "16/1 22/1 30/1",
    "exif-ifd3-GPSLongitudeRef": "E",
}
SVG = b"""<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><!-- made -->
<svg xmlns="http://www.w3.org/2000/svg" width="30" height="2em"><title>&a;</title><rect width="9" height="9"/></svg>"""


def save_picture(name: str, kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGBA" if name == "a.ico" else "RGB", (24, 16), (9, 99, 199)).save(file, kind, dpi=(72, 72))
    return file.getvalue()


@cache
def make_files() -> dict[str, bytes]:
    """Return files of all kinds that are inspected, with all the metadata that they can contain."""
    position: Any = pyvips.Image.xyz(24, 16)
    image: Any = (position[0] * 9).bandjoin([position[1] * 9, 128, position[0] * 9]).cast("uchar")
    image = image.copy(interpretation="srgb")
    deep = image.colourspace("rgb16").copy()
    for each in (image, deep):
        each.set_type(pyvips.GValue.blob_type, "xmp-data", XMP)
        each.set_type(pyvips.GValue.blob_type, "iptc-data", IPTC)
        for name, value in EXIF.items():
            each.set_type(pyvips.GValue.gstr_type, name, value)
    png = deep.pngsave_buffer(keep="all")
    return {
        "a.jpg": image.jpegsave_buffer(keep="all", profile="srgb"),
        "a.png": png[:33]
        + make_chunk(b"tEXt", b"Title\0W\xfcrzburg")
        + make_chunk(b"iTXt", b"K\0\0\0de\0L\0V")
        + png[33:],
        "a.webp": image.webpsave_buffer(keep="all"),
        "a.tiff": deep.tiffsave_buffer(keep="all", compression="lzw"),
        "a.gif": image.gifsave_buffer(),
        "a.avif": image.heifsave_buffer(compression="av1", keep="all"),
        "a.svg": SVG,
        "a.mp4": make_mp4(),
        "a.mov": make_mp4(version=1, moov_first=False),
        "tall.png": (DATA / "tall.png").read_bytes(),
        "turned.heic": (DATA / "turned.heic").read_bytes(),
        **{
            name: save_picture(name, kind)
            for name, kind in {"a.bmp": "BMP", "a.ico": "ICO", "a.jp2": "JPEG2000"}.items()
        },
    }


PLACE = st.floats(0, 1, exclude_max=True)
NUMBERS = st.sampled_from([0, 1, 2, 127, 128, 255, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
ODD = st.sampled_from(
    [b"9" * 5000, b"Version " + b"9" * 5000 + b".1", b"\0" * 300, b"\xff" * 99, b"<a>" * 999, b"<!---->" * 40]
)


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """Draw a change of some bytes; half of the changes are near the beginning, where the headers are."""
    place, near_start = draw(PLACE), draw(st.booleans())
    kind = draw(st.sampled_from(["set", "number", "cut", "insert", "repeat", "end"]))
    size = draw(st.sampled_from([1, 2, 4, 10, 100]))
    new = draw(st.binary(min_size=1, max_size=8) | ODD)
    number = draw(NUMBERS)

    def edit(data: bytearray) -> None:
        at = int(place * (min(len(data), 400) if near_start else len(data)))
        match kind:
            case "set":
                data[at : at + len(new)] = new
            case "number":
                width = min(size, 4)
                data[at : at + width] = (number % 256**width).to_bytes(width, "big" if near_start else "little")
            case "cut":
                del data[at : at + size]
            case "insert":
                data[at:at] = new
            case "repeat":
                data[at:at] = data[at : at + size] * 50
            case _:
                del data[at:]

    return edit


def apply_edits(data: bytes, changes: list[Edit]) -> bytes:
    changed = bytearray(data)
    for edit in changes:
        edit(changed)
    return bytes(changed)


def inspect(folder: Path, name: str, content: bytes) -> tuple[Probe, Json | None]:
    """Probe a file and read its metadata, None if it cannot be measured; check that both can be written as JSON."""
    path = folder / "file"
    path.write_bytes(content)
    start = time.process_time()
    found = probe(path, name, now=NOW)
    try:
        metadata = file_metadata(path, name, max_pixels=1_000_000)
    except UnreadableError:
        metadata = None
    assert time.process_time() - start < SECONDS
    json.dumps([asdict(found), metadata], allow_nan=False, ensure_ascii=False).encode()
    return found, metadata


def some_damage(function: Any) -> Any:
    health = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=health)(function)


@pytest.mark.parametrize("name", make_files())
def test_a_file_without_damage_is_measured(tmp_path: Path, name: str) -> None:
    found, metadata = inspect(tmp_path, name, make_files()[name])
    assert found.width
    assert metadata is not None


@pytest.mark.slow
@some_damage
@given(st.sampled_from(sorted(make_files())), st.lists(edits(), min_size=1, max_size=5))
def test_any_damage_is_tolerated(tmp_path: Path, name: str, changes: list[Edit]) -> None:
    inspect(tmp_path, name, apply_edits(make_files()[name], changes))


def make_jpeg(*segments: tuple[int, bytes]) -> bytes:
    """Return a JPEG whose only metadata are these segments (marker, content)."""
    image: Any = pyvips.Image.black(8, 6, bands=3).copy(interpretation="srgb")
    jpeg = image.jpegsave_buffer(keep="none")
    lengths = [(marker, content[:65_533]) for marker, content in segments]
    return bytes(
        jpeg[:2]
        + b"".join(struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content for marker, content in lengths)
        + jpeg[2:]
    )


@cache
def find_blocks() -> dict[str, tuple[int, bytes]]:
    """Return the metadata segments of a JPEG; each has a value that the others lack."""
    jpeg, found, position = make_files()["a.jpg"], dict[str, tuple[int, bytes]](), 2
    names = {b"Exif\0\0": "exif", b"http://ns": "xmp", b"Photoshop": "iptc", b"ICC_PROFI": "profile"}
    while jpeg[position + 1] != 0xDA:
        marker, length = jpeg[position + 1], int.from_bytes(jpeg[position + 2 : position + 4], "big")
        content = jpeg[position + 4 : position + 2 + length]
        for start, name in names.items():
            if content.startswith(start):
                found[name] = (marker, content)
        position += 2 + length
    return found


FIELDS_BY_BLOCK: Mapping[str, Json] = {
    "exif": {"Make": "Canon", "FNumber": 5.6},
    "xmp": {"Keywords": ["fashion", "studio"]},
    "iptc": {"City": "Wien"},
}


@some_damage
@given(st.sampled_from(sorted(FIELDS_BY_BLOCK)), st.lists(edits(), min_size=1, max_size=5), st.booleans())
@pytest.mark.slow
def test_damage_to_one_block_does_not_affect_the_others(
    tmp_path: Path, name: str, changes: list[Edit], keeps_its_name: bool
) -> None:
    marker, content = find_blocks()[name]
    kept = content[: content.index(b"\0") + 1] if keeps_its_name else b""
    segments = {**find_blocks(), name: (marker, kept + apply_edits(content[len(kept) :], changes))}
    found, metadata = inspect(tmp_path, "a.jpg", make_jpeg(*segments.values()))
    assert (found.width, found.height) == (8, 6)
    assert metadata is not None
    assert metadata["pHash"]
    for other in FIELDS_BY_BLOCK.keys() - {name}:
        values = {field: found.embedded_metadata.get(field) for field in FIELDS_BY_BLOCK[other]}
        # A block that takes precedence (EXIF before XMP before IPTC) may have gained this field through the damage.
        assert values == FIELDS_BY_BLOCK[other] or set(FIELDS_BY_BLOCK[other]) & _find_fields(
            tmp_path, name, segments[name]
        ), other


def _find_fields(folder: Path, name: str, segment: tuple[int, bytes]) -> set[str]:
    return set(inspect(folder, "a.jpg", make_jpeg(segment))[0].embedded_metadata)


@some_damage
@given(st.lists(st.tuples(st.sampled_from([b"tEXt", b"zTXt", b"iTXt", b"teST"]), st.binary(max_size=99)), max_size=5))
@pytest.mark.slow
def test_texts_of_a_png_do_not_affect_other_metadata(tmp_path: Path, texts: list[tuple[bytes, bytes]]) -> None:
    png = make_files()["a.png"]
    odd = png[:33] + b"".join(make_chunk(kind, content) for kind, content in texts) + png[33:]
    wanted, got = inspect(tmp_path, "a.png", png), inspect(tmp_path, "a.png", odd)
    assert got[0].embedded_metadata == wanted[0].embedded_metadata
    assert got[1] == {**(wanted[1] or {}), "size": len(odd)}


@pytest.mark.parametrize("length", [0, 1])
def test_a_segment_too_short_for_its_own_length_does_not_fail_the_upload(api: Api, length: int) -> None:
    jpeg = make_files()["a.jpg"]
    odd = jpeg[:2] + b"\xff\xe5" + length.to_bytes(2, "big") + jpeg[2:]
    metadata = api.upload("a.jpg", odd, responseFields="metadata,embeddedMetadata")["metadata"]
    assert metadata["quality"] == 0


@pytest.mark.slow
@settings(max_examples=max(EXAMPLES // 4, 5), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(make_files())), st.lists(edits(), min_size=1, max_size=5))
def test_a_damaged_upload_is_stored_unchanged(api: Api, name: str, changes: list[Edit]) -> None:
    content = apply_edits(make_files()[name], changes) or b"x"
    answer = api.upload(name, content, responseFields="metadata,embeddedMetadata")
    assert api.details(answer["fileId"])["size"] == len(content)
    assert api("GET", answer["url"]).content == content
    assert api("GET", f"/v1/files/{answer['fileId']}/metadata").status_code in (200, 400)
