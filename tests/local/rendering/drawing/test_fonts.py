from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from imagekitio.local.rendering import TransformationError
from imagekitio.local.rendering.drawing.fonts import font_from_file, named_font


@pytest.fixture(scope="module")
def roboto() -> Path:
    package = find_spec("font_roboto")
    assert package is not None
    assert package.submodule_search_locations
    return Path(package.submodule_search_locations[0], "files")


@pytest.mark.parametrize(
    ("bold", "italic", "file", "description"),
    [
        (False, False, "Roboto-Regular.ttf", "Roboto 20.00"),
        (True, False, "Roboto-Bold.ttf", "Roboto Bold 20.00"),
        (False, True, "Roboto-Italic.ttf", "Roboto Italic 20.00"),
        (True, True, "Roboto-BoldItalic.ttf", "Roboto Bold Italic 20.00"),
    ],
)
def test_the_default_font_comes_from_its_package(bold: bool, italic: bool, file: str, description: str) -> None:
    for name in (None, "Roboto", "roboto"):
        font = named_font(name, bold=bold, italic=italic)
        assert font.file.name == file
        assert font.file.is_file()
        assert font.description(20) == description
        assert font.warning is None


def test_a_font_that_is_missing_is_replaced_with_a_warning() -> None:
    font = named_font("No_Such Font", bold=True, italic=False)
    assert font.family == "Roboto"
    assert font.warning == "the font No Such Font is not installed; Roboto is used instead"


@pytest.mark.parametrize(("file", "family"), [("Roboto-Regular.ttf", "Roboto"), ("Roboto-Black.ttf", "Roboto Black")])
def test_the_name_of_a_font_is_read_from_its_file(roboto: Path, file: str, family: str) -> None:
    assert font_from_file(roboto / file, "/x.ttf", bold=False, italic=False).family == family


@pytest.mark.parametrize("cut", [0, 3, 13, 100, 300])
def test_a_file_that_is_not_a_font_is_refused(roboto: Path, tmp_path: Path, cut: int) -> None:
    file = tmp_path / "font"
    file.write_bytes((roboto / "Roboto-Regular.ttf").read_bytes()[:cut])
    with pytest.raises(TransformationError) as caught:
        font_from_file(file, "/fonts/x.ttf", bold=False, italic=False)
    assert caught.value.status == 415
    assert caught.value.message == "the file /fonts/x.ttf cannot be read as a TrueType or OpenType font"
