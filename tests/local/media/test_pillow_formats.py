from __future__ import annotations

import io
import struct
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest
import pyvips
from PIL import Image

from imagekitio.local.media import pillow_formats
from imagekitio.local.media.metadata import UnreadableError, file_metadata
from imagekitio.local.media.probe import probe

DATA = Path(__file__).parents[2] / "data"
NOW = datetime(2024, 1, 1, tzinfo=timezone.utc)
SUFFIXES = {"bmp": "BMP", "ico": "ICO", "jp2": "JPEG2000", "pnm": "PPM", "tga": "TGA"}
OPAQUE = {".bmp", ".pnm"}

Write = Callable[..., Path]


def make_psd(planes: list[bytes], size: tuple[int, int], mode: int, depth: int = 8) -> bytes:
    """Return a PSD file without layers: header, empty sections, planes (Adobe Photoshop File Formats Specification)."""
    width, height = size
    header = struct.pack(">4sH6xHIIHH", b"8BPS", 1, len(planes), height, width, depth, mode)
    return header + bytes(12) + bytes(2) + b"".join(planes)


def make_qoi(picture: Image.Image) -> bytes:
    """Return a QOI file that encodes each pixel in full (The Quite OK Image Format, 1.0)."""
    header = struct.pack(">4sIIBB", b"qoif", *picture.size, 4, 0)
    raw = picture.tobytes()
    return header + b"".join(b"\xff" + raw[at : at + 4] for at in range(0, len(raw), 4)) + bytes(7) + b"\x01"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A function that writes a picture of 30 x 20 pixels, blue on the left and half-transparent red on the right."""
    picture = Image.new("RGBA", (30, 20), (255, 0, 0, 128))
    picture.paste((0, 0, 255, 255), (0, 0, 15, 20))

    def write(name: str) -> Path:
        file = tmp_path / name
        if file.suffix == ".psd":
            file.write_bytes(make_psd([channel.tobytes() for channel in picture.split()], (30, 20), mode=3))
        elif file.suffix == ".qoi":
            file.write_bytes(make_qoi(picture))
        elif file.suffix == ".ico":
            picture.save(file, "ICO", sizes=[(15, 10), (30, 20)])
        else:
            plain = picture.convert("RGB") if file.suffix in OPAQUE else picture
            plain.save(file, SUFFIXES[file.suffix[1:]])
        return file

    return write


@pytest.mark.parametrize("name", ["a.bmp", "a.ico", "a.jp2", "a.psd", "a.pnm", "a.qoi", "a.tga"])
def test_a_written_picture_is_read_back_unchanged(write: Write, name: str) -> None:
    file = write(name)
    with file.open("rb") as content:
        assert pillow_formats.find_format(content.read(4096), None) == name[2:]
    for source in (file, file.read_bytes()):
        image = pillow_formats.decode(source, name[2:])
        assert (image.width, image.height, image.format, image.interpretation) == (30, 20, "uchar", "srgb")
        assert image(2, 2)[:3] == [0, 0, 255]
        assert image(27, 17) == ([255, 0, 0] if file.suffix in OPAQUE else [255, 0, 0, 128])


@pytest.mark.parametrize(
    "content",
    [
        b"P5 3 1 65535\n" + struct.pack(">3H", 0, 32_896, 65_535),
        b"P5 3 1 255\n" + bytes([0, 128, 255]),
        b"P2\n# in words\n3 1\n4\n0 2 4\n",
    ],
)
def test_grey_of_any_depth_becomes_8_bits(content: bytes) -> None:
    assert pillow_formats.find_format(content, None) == "pnm"
    header, image = pillow_formats.read_header(content, "pnm"), pillow_formats.decode(content, "pnm")
    assert (header.bands, header.interpretation) == (image.bands, image.interpretation) == (1, "b-w")
    assert [image(x, 0)[0] for x in range(3)] == [0, 128, 255]


@pytest.mark.parametrize("name", ["a.bmp", "a.ico", "a.jp2", "a.psd"])
def test_uploads_are_measured(write: Write, name: str) -> None:
    file = write(name)
    found = probe(file, name, now=NOW)
    assert (found.width, found.height, found.orientation) == (30, 20, 1)
    assert found.has_alpha is (name != "a.bmp")
    assert found.type.is_image
    metadata = file_metadata(file, name, max_pixels=10_000)
    assert (metadata["width"], metadata["height"], metadata["format"]) == (30, 20, name[2:])
    assert metadata["hasTransparency"] is (name != "a.bmp")
    assert len(metadata["pHash"]) == 16
    assert "pHash" not in file_metadata(file, name, max_pixels=30 * 20 - 1)


def test_heic_photos_are_measured_upright() -> None:
    found = probe(DATA / "turned.heic", "turned.heic", now=NOW)
    assert (found.type.mime, found.width, found.height) == ("image/heic", 20, 40)
    metadata = file_metadata(DATA / "turned.heic", "turned.heic", max_pixels=10_000)
    assert (metadata["width"], metadata["height"], metadata["hasColorProfile"]) == (20, 40, True)
    assert metadata["exif"]["image"]["Make"] == "Canon"
    assert metadata["hasTransparency"] is False
    assert file_metadata(DATA / "scene.heic", "scene.heic", max_pixels=1_000_000)["pHash"]


def test_metadata_has_the_names_that_libvips_uses() -> None:
    image = pillow_formats.decode(DATA / "turned.heic", "heic")
    assert image.get_typeof("icc-profile-data")
    assert str(image.get("exif-ifd0-Make")).startswith("Canon")
    assert image.get("orientation") == 1  # the pixels are upright
    again = pyvips.Image.new_from_buffer(image.jpegsave_buffer(), "")
    assert str(again.get("exif-ifd0-Make")).startswith("Canon")


def test_the_density_is_read(tmp_path: Path) -> None:
    Image.new("RGB", (3, 3)).save(tmp_path / "a.bmp", dpi=(300, 300))
    assert pillow_formats.read_header(tmp_path / "a.bmp", "bmp").xres * 25.4 == pytest.approx(300, abs=0.1)


def test_malformed_metadata_does_not_prevent_reading_a_picture(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    file = write("a.bmp")
    with Image.open(file) as picture:
        for exif in (b"nonsense", b"Exif\x00\x00MM", b"x" * 70_000):
            picture.info.update(exif=exif, xmp=b"\xff\x00")
            made = pillow_formats._with_metadata(pyvips.Image.black(3, 3), picture)
            assert made.width == 3


@pytest.mark.parametrize(("mode", "expected"), [("1", [255] * 3), ("P", [0, 0, 255]), ("L", [29])])
def test_all_modes_are_converted_to_samples_that_libvips_understands(
    tmp_path: Path, mode: str, expected: list[int]
) -> None:
    picture = Image.new("RGB", (8, 8), (0, 0, 255)).convert(mode)
    if mode == "1":
        picture.paste(1, (0, 0, 8, 8))
    picture.save(tmp_path / "a.bmp")
    assert pillow_formats.decode(tmp_path / "a.bmp", "bmp")(1, 1) == expected


def test_psd_files_in_cmyk_keep_their_inks() -> None:
    planes = [bytes([255 - ink] * 6) for ink in (0, 255, 255, 0)]  # PSD files store the inks inverted
    image = pillow_formats.decode(make_psd(planes, (3, 2), mode=4), "psd")
    assert (image.interpretation, image(1, 1)) == ("cmyk", [0, 255, 255, 0])


@pytest.mark.parametrize("name", ["a.bmp", "a.ico", "a.jp2", "a.psd", "turned.heic"])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.9])
def test_the_error_for_a_damaged_file_names_its_format(write: Write, name: str, share: float, tmp_path: Path) -> None:
    file = DATA / name if name.endswith("heic") else write(name)
    content = file.read_bytes()[: int(file.stat().st_size * share)]
    format_name = name.rpartition(".")[2]
    title = "JPEG 2000" if format_name == "jp2" else format_name.upper()
    with pytest.raises(pillow_formats.UnreadableError, match=f"the {title} file cannot be read as a picture: ."):
        pillow_formats.decode(content, format_name)
    cut = tmp_path / "cut"
    cut.write_bytes(content)
    assert probe(cut, name, now=NOW).type.format == format_name  # and it does not crash
    with pytest.raises(UnreadableError):
        file_metadata(cut, name, max_pixels=10_000)


def test_a_format_that_pillow_does_not_know_is_refused() -> None:
    with pytest.raises(pillow_formats.UnreadableError, match="of a kind that Pillow cannot read"):
        pillow_formats.decode(make_psd([bytes(12)] * 3, (3, 2), mode=3, depth=16), "psd")


@pytest.mark.parametrize(("name", "package"), [("a.bmp", "PIL.BmpImagePlugin"), ("turned.heic", "pillow_heif")])
def test_the_error_for_a_missing_package_names_its_extra(
    write: Write, monkeypatch: pytest.MonkeyPatch, name: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    file = DATA / name if name.endswith("heic") else write(name)
    format_name = name.rpartition(".")[2]
    with pytest.raises(pillow_formats.MissingReaderError) as caught:
        pillow_formats.read_header(file, format_name)
    install = 'install imagekitio with the extra "formats" (README, "Installation")'
    assert str(caught.value) == f"to read {format_name.upper()}, {install}"
    assert probe(file, name, now=NOW).type.format == format_name
    with pytest.raises(UnreadableError, match='with the extra "formats"'):
        file_metadata(file, name, max_pixels=10_000)


def test_formats_that_libvips_reads_are_left_to_it() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (3, 3)).save(buffer, "PNG")
    assert pillow_formats.find_format(buffer.getvalue(), None) is None
    image = pyvips.Image.black(3, 3, bands=3).copy(interpretation="srgb")
    avif = image.heifsave_buffer(compression="av1")
    assert pillow_formats.find_format(avif, pyvips.Image.new_from_buffer(avif, "")) is None
    heic = (DATA / "scene.heic").read_bytes()
    assert pillow_formats.find_format(heic, pyvips.Image.new_from_buffer(heic, "")) == "heic"
