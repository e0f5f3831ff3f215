"""Responses to ImageKit errors that no view handles."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync
from django import VERSION
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client, RequestFactory
from django.urls import path
from django.utils.log import AdminEmailHandler

from imagekitio import AsyncImageKit, ImageKitException, NotFoundException, TooManyRequestsException
from imagekitio.contrib.django import ImageKitStorage, get_client
from imagekitio.contrib.django.middleware import ImageKitErrorMiddleware
from imagekitio.contrib.errors import UploadTooLargeError

if TYPE_CHECKING:
    from pytest_django import Settings

    from imagekitio.local import LocalImageKit

MIDDLEWARE = "imagekitio.contrib.django.middleware.ImageKitErrorMiddleware"


def show_missing(request: HttpRequest) -> HttpResponse:
    get_client().get_file_details("6650a1b2c3d4e5f607182930")
    return HttpResponse()


def show_files(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{len(get_client().list_files())} files")


async def show_files_async(request: HttpRequest) -> HttpResponse:
    async with AsyncImageKit(**django_settings.IMAGEKIT) as client:
        return HttpResponse(f"{len(await client.list_files())} files")


def upload(request: HttpRequest) -> HttpResponse:
    raise UploadTooLargeError(2000, 1000)


def save(request: HttpRequest, size: int) -> HttpResponse:
    return HttpResponse(ImageKitStorage(max_bytes=1000).save("a.txt", ContentFile(b"a" * size)))


def wait(request: HttpRequest) -> HttpResponse:
    error = TooManyRequestsException("limit of private_abc")
    error.retry_after_seconds = 7
    raise error


def show_file(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ImageKitStorage("secret-folder").open("missing.txt").read())


def open_local_file(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Path("missing.txt").read_bytes())


def read_body(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body)


def fail(request: HttpRequest) -> HttpResponse:
    raise ValueError("a mistake of the application")


urlpatterns = [
    path("missing/", show_missing),
    path("files/", show_files),
    path("async/files/", show_files_async),
    path("upload/", upload),
    path("save/<int:size>/", save),
    path("wait/", wait),
    path("fail/", fail),
    path("file/", show_file),
    path("local-file/", open_local_file),
    path("body/", read_body),
]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def _middleware(settings: Settings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, MIDDLEWARE]


@pytest.fixture
def wrong_key(settings: Settings, account: LocalImageKit) -> str:
    key = "private_of_somebody_else"
    settings.IMAGEKIT = {**settings.IMAGEKIT, "private_key": key}
    return key


def read(answer: Any) -> str:
    content: bytes = answer.content
    return content.decode()


def test_a_missing_file_is_a_page_with_404(client: Client) -> None:
    answer = client.get("/missing/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.status_code == 404
    assert [template.name for template in answer.templates] == ["imagekitio/error.html"]
    assert "<h1>The file does not exist.</h1>" in read(answer)
    assert "6650a1b2c3d4e5f607182930" not in read(answer)


def test_a_wrong_key_of_the_server_is_a_502_that_shows_no_key(
    client: Client, wrong_key: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/files/")
    assert answer.status_code == 502
    assert "not available" in read(answer)
    for text in (read(answer), caplog.text):
        assert wrong_key not in text


@pytest.mark.parametrize(
    ("url", "level", "status", "reason"),
    [("/files/", logging.ERROR, 502, "Bad Gateway"), ("/missing/", logging.WARNING, 404, "Not Found")],
)
@pytest.mark.usefixtures("wrong_key")
def test_an_error_is_logged_with_its_traceback_and_the_answer_once_by_django(
    client: Client,
    caplog: pytest.LogCaptureFixture,
    account: LocalImageKit,
    url: str,
    level: int,
    status: int,
    reason: str,
) -> None:
    if status == 404:
        account.faults.add(operation="get_file_details", status=404)
    client.get(url)
    own, djangos = caplog.records
    assert (own.name, own.levelno, own.getMessage()) == ("imagekitio.contrib.django", level, f"{reason}: '{url}'")
    assert own.exc_info is not None
    assert issubclass(own.exc_info[0] or object, ImageKitException)
    assert (djangos.name, djangos.levelno, djangos.getMessage()) == ("django.request", level, f"{reason}: {url}")
    for record in (own, djangos):
        extra: Any = record
        assert (extra.status_code, extra.request.path) == (status, url)


def test_the_mail_to_the_admins_shows_the_error_and_the_request(
    client: Client, wrong_key: str, settings: Settings, mailoutbox: Any
) -> None:
    settings.ADMINS = [("Anna", "anna@example.com")] if VERSION < (6, 0) else ["anna@example.com"]
    handler = AdminEmailHandler()
    logger = logging.getLogger("imagekitio.contrib.django")
    logger.addHandler(handler)
    try:
        client.get("/files/?page=2")
    finally:
        logger.removeHandler(handler)
    [mail] = [mail for mail in mailoutbox if "Bad Gateway: '/files/'" in mail.subject]  # another is Django's own
    assert "ForbiddenException" in mail.body
    assert "show_files" in mail.body
    assert wrong_key not in mail.body


def test_a_path_with_line_breaks_forges_no_entry_of_the_log(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture
) -> None:
    middleware = ImageKitErrorMiddleware(lambda request: HttpResponse())
    middleware.process_exception(rf.get("/a%0Ab/"), NotFoundException("gone"))
    assert caplog.messages == ["Not Found: '/a\\nb/'"]


@pytest.mark.parametrize(
    ("headers", "is_json"),
    [
        ({}, False),
        ({"Accept": "*/*"}, False),
        ({"Accept": "application/json"}, True),
        ({"Accept": "application/json, text/plain, */*"}, True),
        ({"Accept": "Application/JSON; q=0.9,*/*"}, True),
        ({"Accept": "text/html, application/json"}, False),
        ({"Content-Type": "application/json"}, True),
        ({"Content-Type": "application/json", "Accept": "text/html"}, False),
    ],
)
def test_clients_that_ask_for_json_or_send_it_get_json(client: Client, headers: dict[str, str], is_json: bool) -> None:
    answer = client.post(
        "/upload/", b"{}", content_type=headers.pop("Content-Type", "application/octet-stream"), headers=headers
    )
    assert answer.status_code == 413
    if is_json:
        assert answer.json() == {"message": "The file is too large: it has 2 kB, and the maximum is 1 kB."}
    else:
        assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("size", "status", "message"),
    [(0, 400, "The file is empty."), (1001, 413, "The file is too large"), (1000, 200, "a.txt")],
)
def test_a_file_that_a_storage_refuses_gets_the_same_response(
    client: Client, size: int, status: int, message: str
) -> None:
    answer = client.get(f"/save/{size}/")
    assert answer.status_code == status
    assert message in read(answer)


def test_a_file_that_a_storage_does_not_find_is_a_404(client: Client) -> None:
    answer = client.get("/file/")
    assert answer.status_code == 404
    assert "The file does not exist." in read(answer)
    assert "missing.txt" not in read(answer)


def test_a_file_missing_on_the_disk_of_the_application_is_a_mistake_of_the_application() -> None:
    assert Client(raise_request_exception=False).get("/local-file/").status_code == 500


def test_a_413_of_the_service_is_one_for_the_visitor(client: Client, account: LocalImageKit) -> None:
    account.faults.add(status=413, operation="upload_file")
    answer = client.get("/save/5/")
    assert answer.status_code == 413
    assert "The file is too large." in read(answer)


def test_the_limit_of_django_has_the_message_of_that_of_a_storage(client: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    headers = {"Accept": "application/json"}
    answer = client.post("/body/", b"a" * 1001, content_type="application/octet-stream", headers=headers)
    assert (answer.status_code, answer.json()) == (413, {"message": "The file is too large: the maximum is 1 kB."})
    assert client.post("/body/", b"a" * 1000, content_type="application/octet-stream").content == b"a" * 1000


def test_a_rate_limit_says_when_to_come_back(client: Client) -> None:
    answer = client.get("/wait/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    assert "private_abc" not in read(answer)


def test_mistakes_of_the_application_are_left_to_django(settings: Settings) -> None:
    client = Client(raise_request_exception=False)
    assert client.get("/fail/").status_code == 500
    settings.DEBUG = True
    assert "a mistake of the application" in read(client.get("/fail/"))


def test_a_project_may_replace_the_page(client: Client, settings: Settings) -> None:
    loaders = [
        ("django.template.loaders.locmem.Loader", {"imagekitio/error.html": "{{ status }}: {{ message|upper }}"})
    ]
    settings.TEMPLATES = [
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"loaders": loaders}}
    ]
    assert read(client.get("/missing/")) == "404: THE FILE DOES NOT EXIST."


def test_a_project_without_templates_gets_plain_text(client: Client, settings: Settings) -> None:
    settings.TEMPLATES = []
    answer = client.get("/missing/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert read(answer) == "The file does not exist."


@pytest.mark.parametrize("url", ["/files/", "/async/files/"])
def test_the_middleware_works_under_asgi(wrong_key: str, url: str) -> None:
    async def get() -> Any:
        return await AsyncClient().get(url, headers={"Accept": "application/json"})

    answer = async_to_sync(get)()
    assert answer.status_code == 502
    assert "not available" in answer.json()["message"]


def test_pages_without_errors_pass(client: Client) -> None:
    assert client.get("/files/").content == b"0 files"
