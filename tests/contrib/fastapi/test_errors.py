"""The response to a visitor when something fails, and the log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
import requests
from fastapi import FastAPI, UploadFile, WebSocket
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from imagekitio import TooManyRequestsException
from imagekitio.contrib.errors import UploadRefusedError
from imagekitio.contrib.fastapi import AsyncImageKitDep, install_error_handlers, lifespan, upload

from .serving import make_test_client, serve

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from imagekitio.contrib.errors import Answer
    from imagekitio.local import LocalImageKit


def make_app(settings: dict[str, Any]) -> FastAPI:
    app = FastAPI(lifespan=lifespan(**settings))
    install_error_handlers(app)

    @app.get("/files/{file_id}")
    async def read_file(file_id: str, imagekit: AsyncImageKitDep) -> str:
        return (await imagekit.get_file_details(file_id)).name

    @app.post("/files")
    async def create_file(file: UploadFile, imagekit: AsyncImageKitDep) -> str:
        return (await upload(imagekit, file, use_unique_file_name=False, overwrite_file=False, max_bytes=5000)).name

    @app.websocket("/chat")
    async def chat(websocket: WebSocket) -> None:
        await websocket.accept()
        raise UploadRefusedError("not here")

    return app


def post(url: str, content: bytes) -> requests.Response:
    return requests.post(f"{url}/files", files={"file": ("shoe.txt", content)}, timeout=60)


def test_a_problem_that_the_visitor_can_fix_is_explained(
    server: LocalImageKit, account: dict[str, Any], content: bytes
) -> None:
    with serve(make_app(account)) as url:
        assert post(url, content).json() == "shoe.txt"
        answers = [post(url, content), post(url, b""), post(url, bytes(5001))]
        answers.append(requests.get(f"{url}/files/6650a1b2c3d4e5f607182930", timeout=60))
    assert [(answer.status_code, answer.json()["message"]) for answer in answers] == [
        (409, "A file with this name already exists."),
        (400, "The file is empty."),
        (413, "The file is too large: it has 5.001 kB, and the maximum is 5 kB."),
        (404, "The file does not exist."),
    ]
    assert all(answer.json()["detail"] == answer.json()["message"] for answer in answers)
    # The empty one and the large one were not sent.
    assert [request.operation for request in server.requests] == ["upload_file", "upload_file", "get_file_details"]


@pytest.mark.parametrize(
    ("fault", "status", "headers"),
    [
        ({"status": 500}, 502, {}),
        ({"status": 401}, 502, {}),
        ({"status": 403}, 502, {}),
        ({"reset": True}, 502, {}),
        ({"truncate": True}, 502, {}),
        ({"delay": 5}, 504, {}),
        ({"status": 429}, 503, {"retry-after": "1"}),
        ({"status": 429, "headers": {"Retry-After": "7", "X-RateLimit-Reset": "7000"}}, 503, {"retry-after": "7"}),
    ],
)
def test_a_failure_of_the_service_is_reported_without_secrets(
    server: LocalImageKit,
    account: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    fault: dict[str, Any],
    status: int,
    headers: dict[str, str],
) -> None:
    server.faults.add(**fault, times=None)
    caplog.set_level(logging.INFO, "imagekitio.fastapi")
    read_seconds = 0.3 if "delay" in fault else 60
    with serve(make_app({**account, "retry": 1, "timeout": (5, read_seconds)})) as url:
        answer = requests.get(f"{url}/files/6650a1b2c3d4e5f607182930", timeout=60)
    assert answer.status_code == status
    assert headers.items() <= {name.lower(): text for name, text in answer.headers.items()}.items()
    for secret in (*server.environment.values(), server.private_key, "api", "HELP", "support", "/v1"):
        assert secret not in answer.text
    [record] = [one for one in caplog.records if one.name == "imagekitio.fastapi"]
    assert (record.levelname, record.exc_info is not None) == ("ERROR", True)
    assert f"Answered {status} to GET '/files/6650a1b2c3d4e5f607182930'" in record.getMessage()


def test_a_server_that_is_down_is_a_bad_gateway(account: dict[str, Any]) -> None:
    with serve(make_app({**account, "api_base_url": "http://127.0.0.1:9", "retry": 1})) as url:
        answer = requests.get(f"{url}/files/1", timeout=60)
    assert (answer.status_code, answer.json()["detail"]) == (
        502,
        "The image service is not available. Please try again later.",
    )


@pytest.mark.parametrize("key", ["private_of_somebody_else", "private_" + "x" * 40])
def test_a_wrong_key_of_the_server_is_not_a_403_for_the_visitor(account: dict[str, Any], key: str) -> None:
    with serve(make_app({**account, "private_key": key})) as url:
        answer = post(url, b"shoe")
    assert answer.status_code == 502
    assert key not in answer.text


def test_a_mistake_of_a_visitor_is_logged_as_info(account: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "imagekitio.fastapi")
    with serve(make_app(account)) as url:
        post(url, b"")
    [record] = [one for one in caplog.records if one.name == "imagekitio.fastapi"]
    assert (record.levelname, record.exc_info) == ("INFO", None)


def test_starlette_has_the_same_answers() -> None:
    async def refuse(request: Request) -> Response:
        if request.query_params:
            raise ValueError("a mistake of the application")
        raise UploadRefusedError("Pictures only.")

    app = Starlette(routes=[Route("/", refuse), Route("/ok", lambda request: PlainTextResponse("fine"))])
    install_error_handlers(app)
    client = make_test_client(app)
    answer = client.get("/")
    assert (answer.status_code, answer.json()) == (400, {"detail": "Pictures only.", "message": "Pictures only."})
    with pytest.raises(ValueError, match="a mistake of the application"):
        client.get("/?mistake=1")
    assert client.get("/ok").text == "fine"


def test_browsers_get_the_page_of_the_application_and_scripts_get_json() -> None:
    async def fail(_: Request) -> Response:
        error = TooManyRequestsException("secret")
        error.retry_after_seconds = 7
        raise error

    def make_page(_: Request, answer: Answer) -> Response:
        return HTMLResponse(f"<h1>{answer.message}</h1>", answer.status)

    app = Starlette(routes=[Route("/", fail)])
    install_error_handlers(app, make_page)
    client = make_test_client(app)
    page = client.get("/", headers={"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"})
    assert (page.status_code, page.headers["retry-after"]) == (503, "7")
    assert page.text == "<h1>Too many requests at the moment. Please try again later.</h1>"
    for accept in ("*/*", "application/json"):
        answer = client.get("/", headers={"Accept": accept})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
        assert answer.json()["message"] == "Too many requests at the moment. Please try again later."


def test_a_page_that_is_not_a_function_is_refused_immediately() -> None:
    page: Any = "error.html"
    with pytest.raises(TypeError, match=r"make_page must be a function \(got str\)"):
        install_error_handlers(Starlette(), page)


def test_in_a_websocket_the_error_is_raised_unchanged(account: dict[str, Any]) -> None:
    with (
        make_test_client(make_app(account)) as client,
        pytest.raises(UploadRefusedError, match="not here"),
        client.websocket_connect("/chat") as websocket,
    ):
        websocket.receive_text()
