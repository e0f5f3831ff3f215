"""Pictures in templates of Starlette and FastAPI."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import jinja2
import pytest
import requests
from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse
from starlette.templating import Jinja2Templates

from imagekitio import ImageKit
from imagekitio.contrib.fastapi import get_template_functions, lifespan

from .serving import serve

if TYPE_CHECKING:
    from starlette.responses import Response

ENDPOINT = "https://ik.imagekit.io/shop"
CLIENT = ImageKit("public_a", "private_a", ENDPOINT)
SHOE = SimpleNamespace(file_path="/shoe.jpg", width=1000, height=500)


def render(template: str, client: object = CLIENT, **context: Any) -> str:
    environment = jinja2.Environment(autoescape=True, loader=jinja2.DictLoader({"page.html": template}))
    templates = Jinja2Templates(env=environment, context_processors=[get_template_functions])
    request = Request({"type": "http", "state": {"imagekit": client}})
    return bytes(templates.TemplateResponse(request, "page.html", {"shoe": SHOE, **context}).body).decode()


@pytest.mark.parametrize(
    ("call", "url"),
    [
        ("imagekit_url('/shoe.jpg')", f"{ENDPOINT}/shoe.jpg"),
        ("imagekit_url(shoe, width=200, height=100)", f"{ENDPOINT}/tr:w-200,h-100/shoe.jpg"),
        ("imagekit_url('https://ik.imagekit.io/shop/a.jpg', width=200)", f"{ENDPOINT}/a.jpg?tr=w-200"),
        (
            "imagekit_url('/shoe.jpg', transformation=[{'rotation': 90}], width=200)",
            f"{ENDPOINT}/tr:rt-90:w-200/shoe.jpg",
        ),
        (
            "imagekit_url('/shoe.jpg', width=200, transformation_position='query')",
            f"{ENDPOINT}/shoe.jpg?tr=w-200",
        ),
    ],
)
def test_a_url_takes_its_options_and_transformations(call: str, url: str) -> None:
    assert render(f"{{{{ {call} }}}}") == url


def test_a_picture_is_written_as_the_client_writes_it() -> None:
    shown = render("{{ imagekit_img(shoe, alt='A \"shoe\"', width=400, sizes='50vw') }}")
    assert shown == CLIENT.img_tag(file=SHOE, alt='A "shoe"', width=400, sizes="50vw")
    shown = render("{{ imagekit_picture('/a.jpg', alt='', width=400, formats=['webp']) }}")
    assert shown == CLIENT.picture_tag(path="/a.jpg", alt="", width=400, formats=["webp"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("imagekit_url('/shoe.jpg', widht=200)", "unknown option 'widht'.*'width'"),
        ("imagekit_img('/shoe.jpg', alt='', widht=200)", "unknown option 'widht'.*'width'"),
        ("imagekit_img('/shoe.jpg')", "alt"),
        ("imagekit_url('/shoe.jpg', path='/b.jpg')", "unknown option 'path'"),
        ("imagekit_img('/shoe.jpg', alt='', file=shoe)", "unknown option 'file'"),
        ("imagekit_picture('/shoe.jpg', alt='', src='/b.jpg')", "unknown option 'src'"),
    ],
)
def test_wrong_options_are_errors(call: str, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        render(f"{{{{ {call} }}}}")


@pytest.mark.parametrize("picture", [None, ""])
def test_a_row_without_a_picture_gives_an_empty_text(picture: str | None) -> None:
    calls = ("imagekit_url(photo)", "imagekit_img(photo, alt='A')", "imagekit_picture(photo, alt='A')")
    assert render("".join(f"{{{{ {call} }}}}" for call in calls), photo=picture) == ""


def test_a_page_without_pictures_needs_no_client() -> None:
    assert render("shoes", client=None) == "shoes"
    with pytest.raises(RuntimeError, match="clients are not open"):
        render("{{ imagekit_url('/a.jpg') }}", client=None)


def test_a_page_shows_the_picture_of_the_running_application(account: dict[str, Any]) -> None:
    loader = jinja2.DictLoader({"page.html": "{{ imagekit_img('/a.jpg', alt='A', width=10) }}"})
    environment = jinja2.Environment(autoescape=True, loader=loader)
    templates = Jinja2Templates(env=environment, context_processors=[get_template_functions])
    app = FastAPI(lifespan=lifespan(**account))

    @app.get("/", response_class=HTMLResponse)
    async def show(request: Request) -> Response:
        return templates.TemplateResponse(request, "page.html")

    with serve(app) as url:
        assert f'src="{account["url_endpoint"]}/tr:w-' in requests.get(url, timeout=60).text
