"""Errors that no view handles: the response to the visitor, and the log."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import pytest
from flask import Flask, abort, request
from werkzeug.exceptions import HTTPException

from imagekitio import (
    EmptyFileError,
    FileExistsBadRequestException,
    ForbiddenException,
    NetworkException,
    NotFoundException,
    TimeoutException,
)
from imagekitio.contrib.errors import UploadRefusedError, UploadTooLargeError
from imagekitio.contrib.flask import ImageKit

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from imagekitio.local import LocalImageKit

SECRET = "private_secret at /srv/shop"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}  # a browser that opens a page


def fail_with(app: Flask, error: Exception) -> None:
    @app.get("/fail")
    def fail() -> str:
        raise error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (EmptyFileError(SECRET), 400),
        (UploadRefusedError("The file has no name."), 400),
        (NotFoundException(SECRET), 404),
        (FileExistsBadRequestException(SECRET), 409),
        (UploadTooLargeError(2000, 1000), 413),
        (ForbiddenException(SECRET), 502),
        (NetworkException(SECRET), 502),
        (TimeoutException(SECRET), 504),
    ],
)
def test_an_error_has_its_status_and_shows_nothing_secret(
    app: Flask, browser: FlaskClient, error: Exception, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    fail_with(app, error)
    with caplog.at_level(logging.INFO):
        for headers in (HTML, {}):
            answer = browser.get("/fail", headers=headers)
            assert answer.status_code == status
            assert "private" not in answer.text
            assert "/srv" not in answer.text
            assert answer.is_json != (headers is HTML)
    assert str(error) in caplog.text  # the log has the original
    assert {record.levelno for record in caplog.records} == {logging.ERROR if status >= 500 else logging.INFO}


@pytest.mark.parametrize(
    ("accept", "is_json"),
    [("application/json", True), ("*/*", True), ("text/html", False), ("text/html,application/json;q=0.9", False)],
)
def test_an_answer_is_json_unless_the_client_prefers_html(
    app: Flask, browser: FlaskClient, accept: str, is_json: bool
) -> None:
    fail_with(app, UploadRefusedError("No <b> was chosen."))
    answer = browser.get("/fail", headers={"Accept": accept})
    assert answer.is_json == is_json
    if is_json:
        assert answer.json == {"message": "No <b> was chosen."}
    else:
        assert answer.mimetype == "text/html"
        assert "No &lt;b&gt; was chosen." in answer.text


def test_a_limit_of_the_service_says_when_to_come_back(
    app: Flask, browser: FlaskClient, imagekit: ImageKit, server: LocalImageKit
) -> None:
    @app.get("/list")
    def list_files() -> str:
        return str(len(imagekit.client.with_options(retry=False).list_files()))

    server.faults.add(status=429, headers={"Retry-After": "7"}, times=None)
    answer = browser.get("/list")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_wrong_key_of_the_server_is_never_a_403_for_a_visitor(server: LocalImageKit) -> None:
    app = Flask("shop")
    app.config.update({**server.environment, "IMAGEKIT_PRIVATE_KEY": "private_wrong"})
    imagekit = ImageKit(app)

    @app.get("/list")
    def list_files() -> str:
        return str(len(imagekit.client.list_files()))

    answer = app.test_client().get("/list", headers=HTML)
    assert answer.status_code == 502
    assert "private" not in answer.text
    assert "The image service is not available." in answer.text


@pytest.mark.parametrize("headers", [HTML, {}])
def test_pages_of_the_application_are_used_where_it_has_them(
    app: Flask, browser: FlaskClient, headers: dict[str, str]
) -> None:
    app.register_error_handler(502, lambda error: (f"our page: {error.description}", 502))
    fail_with(app, NetworkException(SECRET))
    answer = browser.get("/fail", headers=headers)
    assert answer.status_code == 502
    assert answer.text == "our page: The image service is not available. Please try again later."


def add_form(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000

    @app.post("/form")
    def read_form() -> str:
        return str(request.files["photo"].filename)


def send_large_form(browser: FlaskClient) -> TestResponse:
    return browser.post("/form", data={"photo": (io.BytesIO(bytes(2000)), "a.jpg")})


def answer_with_own_page(error: Exception) -> tuple[str, int]:
    assert isinstance(error, HTTPException)
    return f"our page: {error.description}", error.code or 500


def test_a_handler_for_all_statuses_makes_every_page(app: Flask, browser: FlaskClient) -> None:
    app.register_error_handler(HTTPException, answer_with_own_page)
    fail_with(app, UploadTooLargeError(2000, 1000))
    add_form(app)
    for answer in (browser.get("/fail"), send_large_form(browser)):
        assert answer.status_code == 413
        assert answer.text.startswith("our page: The file is too large: it has 2")


def test_a_page_for_413_registered_before_the_extension_is_kept(bare_app: Flask) -> None:
    bare_app.register_error_handler(413, answer_with_own_page)
    ImageKit(bare_app)
    add_form(bare_app)
    answer = send_large_form(bare_app.test_client())
    assert (answer.status_code, answer.text[:9]) == (413, "our page:")


@pytest.mark.parametrize("headers", [HTML, {}])
def test_the_application_may_refuse_an_upload_with_any_status(
    app: Flask, browser: FlaskClient, headers: dict[str, str]
) -> None:
    class PaymentRequiredError(UploadRefusedError):
        status = 402  # Werkzeug has no class for it

    fail_with(app, PaymentRequiredError("Your space is used up."))
    answer = browser.get("/fail", headers=headers)
    assert answer.status_code == 402
    assert "Your space is used up." in answer.text


def test_a_path_with_line_breaks_starts_no_new_line_in_the_log(
    app: Flask, browser: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/files/<name>")
    def find(name: str) -> str:
        raise NotFoundException("no such file")

    with caplog.at_level(logging.INFO):
        browser.get("/files/a%0AERROR:forged")
    [record] = caplog.records
    assert record.getMessage() == r"Answered 404 to GET '/files/a\nERROR:forged'"


def test_other_errors_are_left_to_flask(app: Flask, browser: FlaskClient) -> None:
    fail_with(app, ValueError("a mistake"))
    assert browser.get("/fail").status_code == 500


def test_the_handlers_can_be_switched_off(bare_app: Flask) -> None:
    ImageKit(bare_app, error_handlers=False)
    fail_with(bare_app, NotFoundException("gone"))
    assert bare_app.test_client().get("/fail").status_code == 500


def test_the_limit_of_flask_has_the_same_message(app: Flask, browser: FlaskClient) -> None:
    add_form(app)
    answer = send_large_form(browser)
    assert answer.status_code == 413
    assert answer.json is not None
    assert answer.json["message"].startswith("The file is too large: it has 2.")
    assert answer.json["message"].endswith(", and the maximum is 1 kB.")


def test_other_reasons_for_413_keep_their_text(app: Flask, browser: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000

    @app.get("/own")
    def refuse() -> str:
        abort(413, "Too many pictures.")

    @app.get("/plain")
    def refuse_plainly() -> str:
        abort(413)

    assert browser.get("/own").json == {"message": "Too many pictures."}
    answer = browser.get("/plain", headers=HTML)
    assert answer.status_code == 413
    assert "1 kB" not in answer.text
