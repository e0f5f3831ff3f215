"""The titles of pictures in the galleries."""

from __future__ import annotations

import runpy
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.operations.file_names import make_unique_name

from .conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def make_title() -> Callable[[str], str]:
    module: dict[str, Any] = runpy.run_path(str(ROOT / "sample" / "gallery_common" / "titles.py"))
    function: Callable[[str], str] = module["make_title"]
    return function


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("shoe_f3Xq2b7Kc.jpg", "shoe.jpg"),
        ("red_shoe_-_Xq2b7Kc.tar.gz", "red_shoe_-_Xq2b7Kc.tar.gz"),
        ("shoe_f3Xq2b7Kc", "shoe"),
        ("my_beautiful.jpg", "my_beautiful.jpg"),  # a word of nine letters
        ("IMG_20240131.jpg", "IMG_20240131.jpg"),
        ("shoe.jpg", "shoe.jpg"),
    ],
)
def test_a_title_leaves_out_the_unique_suffix_of_a_name(
    make_title: Callable[[str], str], name: str, title: str
) -> None:
    assert make_title(name) == title


def test_the_suffix_of_the_service_is_recognised(make_title: Callable[[str], str]) -> None:
    names = {make_title(make_unique_name("red_shoe.jpg")) for _ in range(20)}
    # In rare cases, all nine random characters are lower-case letters, and the suffix is kept.
    assert "red_shoe.jpg" in names
