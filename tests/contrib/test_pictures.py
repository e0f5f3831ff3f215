"""URLs and pictures in templates, whatever the framework."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from imagekitio import ImageKit
from imagekitio.contrib.pictures import Pictures

CLIENT = ImageKit("public_a", "private_a", "https://ik.example/shop")
SHOE = SimpleNamespace(file_path="/shoe.jpg", width=1000, height=500)
PICTURES = Pictures(lambda: CLIENT)


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ({}, "https://ik.example/shop/shoe.jpg"),
        ({"width": 200, "height": 100}, "https://ik.example/shop/tr:w-200,h-100/shoe.jpg"),
        ({"transformation": "rt-90:bl-5", "width": 200}, "https://ik.example/shop/tr:rt-90:bl-5:w-200/shoe.jpg"),
        ({"transformation": [{"rotation": 90}], "width": 200}, "https://ik.example/shop/tr:rt-90:w-200/shoe.jpg"),
    ],
)
def test_names_of_transformations_are_one_step_after_the_others(options: dict[str, Any], url: str) -> None:
    assert PICTURES.imagekit_url(SHOE, **options) == PICTURES.imagekit_url("/shoe.jpg", **options) == url


def test_an_img_has_what_img_tag_writes_and_attributes_of_html() -> None:
    written = PICTURES.imagekit_img(SHOE, alt="A", width="400", **{"class": "photo", "data_id": 7})
    attributes: dict[str, Any] = {"class": "photo", "data-id": 7}
    assert written == CLIENT.img_tag(file=SHOE, alt="A", width=400, attributes=attributes)


def test_with_both_sides_a_picture_is_cropped_to_that_shape() -> None:
    assert "tr:w-800,h-800:w-" in PICTURES.imagekit_img(SHOE, alt="", width=400, height=400)
    assert "h-800" not in PICTURES.imagekit_img(SHOE, alt="", width=400)


def test_formats_may_be_text() -> None:
    given: dict[str, Any] = {"alt": "", "width": 400}
    assert PICTURES.imagekit_picture(SHOE, formats="avif, webp", **given) == PICTURES.imagekit_picture(SHOE, **given)


@pytest.mark.parametrize("source", [None, ""])
def test_no_picture_is_an_empty_text_but_its_options_are_checked(source: object) -> None:
    for name, function in PICTURES.functions.items():
        arguments: dict[str, Any] = {} if name == "imagekit_url" else {"alt": ""}
        assert function(source, **arguments) == ""
        with pytest.raises(TypeError, match="did you mean 'width'"):
            function(source, **arguments, widht=200)


def test_an_object_that_is_not_a_picture_is_refused() -> None:
    with pytest.raises(TypeError, match="a path, a URL or an ImageKit file"):
        PICTURES.imagekit_url(7)
    with pytest.raises(ValueError, match="width"):
        PICTURES.imagekit_img(SHOE, alt="", width=0)
