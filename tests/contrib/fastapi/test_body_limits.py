"""The frameworks' own limits on the size of requests, which older versions do not have."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any

import pytest
import requests
from fastapi import FastAPI, Request
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.routing import Route

from imagekitio.contrib.fastapi import install_error_handlers

from .serving import make_test_client, serve

if TYPE_CHECKING:
    from starlette.responses import Response

    from imagekitio.contrib.errors import Answer

HAS_LIMITS = "max_body_size" in signature(FastAPI).parameters


async def count(request: Request) -> Response:
    return JSONResponse(len(await request.body()))


def make_app(**limit: Any) -> FastAPI:
    app = FastAPI()
    install_error_handlers(app)
    app.post("/", response_model=None, **limit)(count)
    return app


def post(url: str, content: Any) -> requests.Response:
    return requests.post(url, data=content, timeout=60)


if HAS_LIMITS:

    def test_a_request_above_the_limit_of_a_route_has_the_message_of_a_large_file() -> None:
        with serve(make_app(max_body_size=1000)) as url:
            assert post(url, bytes(1000)).json() == 1000
            announced = post(url, bytes(2000))
            in_chunks = post(url, iter([bytes(600)] * 2))
        assert (announced.status_code, in_chunks.status_code) == (413, 413)
        assert announced.json()["message"] == "The file is too large: it has 2 kB, and the maximum is 1 kB."
        assert in_chunks.json()["detail"] == "The file is too large: the maximum is 1 kB."

    def test_a_request_above_the_limit_of_starlette_has_the_page_of_the_application() -> None:
        from starlette.middleware.body_limit import RequestBodyLimitMiddleware

        def make_page(_: Request, answer: Answer) -> Response:
            return HTMLResponse(f"<h1>{answer.message}</h1>", answer.status)

        app = Starlette(routes=[Route("/", count, methods=["POST"])])
        app.add_middleware(RequestBodyLimitMiddleware, max_body_size=1000)
        install_error_handlers(app, make_page)
        answer = make_test_client(app).post("/", content=bytes(2000), headers={"Accept": "text/html"})
        assert answer.status_code == 413
        assert answer.text == "<h1>The file is too large: it has 2 kB, and the maximum is 1 kB.</h1>"


@pytest.mark.parametrize("limit", [{"max_body_size": 1000} if HAS_LIMITS else {}])
def test_other_responses_with_413_are_kept(limit: dict[str, Any]) -> None:
    app = make_app(**limit)

    @app.get("/full", **limit)
    async def refuse() -> Any:
        return PlainTextResponse("Your space is full.", 413)

    with serve(app) as url:
        answer = requests.get(f"{url}/full", timeout=60)
    assert (answer.status_code, answer.text) == (413, "Your space is full.")
