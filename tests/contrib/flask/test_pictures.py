"""URLs and pictures in templates of Jinja."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import jinja2
import pytest
from flask import Flask, render_template_string

from imagekitio import FileResult
from imagekitio.contrib.flask import ImageKit

if TYPE_CHECKING:
    from collections.abc import Callable

    Render = Callable[..., str]

FILE = FileResult(file_id="a", name="shoe.jpg", file_path="/shoe.jpg", width=800, height=600)


@pytest.fixture
def render() -> Render:
    app = Flask("shop")
    app.config.update(IMAGEKIT_PRIVATE_KEY="private_a", IMAGEKIT_URL_ENDPOINT="https://ik.example/shop")
    ImageKit(app)

    def render(template: str, **context: Any) -> str:
        with app.app_context():
            return render_template_string(template, **context)

    return render


@pytest.mark.parametrize("photo", ["/shoe.jpg", "https://ik.example/shop/shoe.jpg", FILE])
def test_a_url_takes_a_path_a_url_or_a_file_and_names_of_transformations(render: Render, photo: object) -> None:
    written = render("{{ imagekit_url(photo, width=200, quality=80) }}", photo=photo)
    assert "shoe.jpg" in written
    assert "w-200,q-80" in unquote(written)
    assert render("{{ photo | imagekit_url(width=200, quality=80) }}", photo=photo) == written


def test_transformations_by_name_are_one_step_after_the_others(render: Render) -> None:
    written = render("{{ imagekit_url('/a.jpg', transformation=[{'rotation': 90}], width=200) }}")
    assert written == "https://ik.example/shop/tr:rt-90:w-200/a.jpg"


def test_an_img_is_not_escaped_and_its_text_is(render: Render) -> None:
    written = render("{{ imagekit_img(photo, alt=name, width=400) }}", photo=FILE, name='"><script>')
    assert written.startswith("<img ")
    assert 'width="400" height="300"' in written
    assert "&quot;&gt;&lt;script&gt;" in written
    assert "<script>" not in written
    assert render("{{ photo | imagekit_img(alt=name, width=400) }}", photo=FILE, name='"><script>') == written


def test_a_url_in_an_attribute_is_escaped_once(render: Render) -> None:
    written = render('<a href="{{ imagekit_url("/a.jpg", signed=true, expires_at=4102444800) }}">')
    assert "&amp;ik-" in written
    assert "&amp;amp;" not in written


def test_a_picture_has_its_formats_and_its_sources(render: Render) -> None:
    written = render("{{ imagekit_picture('/a.jpg', alt='A', width=400, formats=['avif']) }}")
    assert written.startswith("<picture>")
    assert written.count("<source ") == 1
    assert 'type="image/avif"' in written


@pytest.mark.parametrize("photo", [None, "", jinja2.Undefined()])
def test_no_picture_is_an_empty_text(render: Render, photo: object) -> None:
    for name in ("imagekit_url(photo)", "imagekit_img(photo, alt='')", "imagekit_picture(photo, alt='')"):
        assert render(f"{{{{ {name} }}}}", photo=photo) == ""


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("imagekit_url('/a.jpg', widht=200)", "did you mean 'width'"),
        ("imagekit_url(7)", "a path, a URL or an ImageKit file"),
        ("imagekit_img('/a.jpg', alt='A', clas='x')", "did you mean 'class'"),
        ("imagekit_img('/a.jpg')", "alt"),
    ],
)
def test_a_mistake_in_a_template_is_an_error_with_advice(render: Render, call: str, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        render(f"{{{{ {call} }}}}")
