"""The element that uploads from the browser, as an application serves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jinja2
import pytest
import requests
from fastapi import FastAPI, Request
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, NoMatchFound
from starlette.templating import Jinja2Templates

from imagekitio.contrib.fastapi import get_template_functions, mount_upload_assets

from .serving import make_test_client, serve

if TYPE_CHECKING:
    from starlette.responses import Response


def make_app() -> FastAPI:
    loader = jinja2.DictLoader({"form.html": "{{ imagekit_upload_assets() }}"})
    environment = jinja2.Environment(autoescape=True, loader=loader)
    templates = Jinja2Templates(env=environment, context_processors=[get_template_functions])
    app = FastAPI()

    @app.get("/form", response_class=HTMLResponse)
    async def show(request: Request) -> Response:
        return templates.TemplateResponse(request, "form.html")

    return app


@pytest.mark.parametrize("prefix", ["", "/shop"])
def test_the_tags_of_a_form_load_script_and_style_sheet(prefix: str) -> None:
    app = make_app()
    mount_upload_assets(app)
    with serve(Starlette(routes=[Mount(prefix, app)]) if prefix else app) as url:
        tags = requests.get(f"{url}{prefix}/form", timeout=60).text
        base = f"{prefix}/imagekit/static"
        assert tags == (
            f'<link rel="stylesheet" href="{base}/upload.css"><script src="{base}/upload.js" defer></script>'
        )
        for name, kind, start in (("upload.js", "javascript", b"/* <imagekit-upload>"), ("upload.css", "css", b"")):
            answer = requests.get(f"{url}{base}/{name}", timeout=60)
            assert answer.status_code == 200
            assert kind in answer.headers["content-type"]
            assert answer.content.startswith(start)
            assert answer.content
        assert requests.get(f"{url}{base}/..%2f..%2fapps.py", timeout=60).status_code == 404


def test_assets_that_are_not_mounted_are_an_error_that_names_the_route() -> None:
    with pytest.raises(NoMatchFound, match="imagekit_assets"):
        make_test_client(make_app()).get("/form")
