"""Tokens for browsers, the upload that they permit, and the check of what was uploaded."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import flask_wtf.csrf
import pytest
import requests
from flask import Flask, abort, redirect, request

from imagekitio.contrib.browser_uploads import UploadRules

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from imagekitio.contrib.flask import ImageKit
    from imagekitio.local import LocalImageKit

URL = "/imagekit/upload-token"
TEXT = {"file_name": "a.txt", "size": 4, "type": "text/plain"}


def authorize() -> tuple[UploadRules, str]:
    user = request.headers.get("X-User")
    if user is None:
        abort(401, "Please log in.")
    return UploadRules(f"/users/{user}", max_bytes=1000, accept=["text/plain"]), user


@pytest.fixture(autouse=True)
def views(app: Flask, imagekit: ImageKit) -> None:
    app.register_blueprint(imagekit.token_blueprint(authorize))

    @app.post("/photos")
    def add() -> dict[str, Any]:
        return {"path": imagekit.check_upload(request.get_json(), *authorize()).file_path}


def upload(token: Any, content: bytes = b"text") -> Any:
    return requests.post(token["url"], data=token["fields"], files={"file": ("a.txt", content)}, timeout=10).json()


def test_a_browser_uploads_with_a_token_and_sends_the_id(browser: FlaskClient, server: LocalImageKit) -> None:
    answer = browser.post(URL, json=TEXT, headers={"X-User": "7"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert server.requests == []
    file_id = upload(answer.json)["fileId"]
    checked = browser.post("/photos", json=file_id, headers={"X-User": "7"})
    assert checked.status_code == 200
    assert checked.json is not None
    assert checked.json["path"].startswith("/users/7/a_")
    assert [seen.operation for seen in server.requests][1:] == ["get_file_details"]


@pytest.mark.parametrize("file_id", [None, 7, [], {}, "", " ", "no-such-id", "../files", "\ud800", "a" * 5000])
def test_an_id_that_is_not_valid_is_refused(browser: FlaskClient, file_id: object) -> None:
    answer = browser.post("/photos", data=json.dumps(file_id), content_type="application/json", headers={"X-User": "7"})
    assert answer.status_code == 400
    assert answer.json == {"message": "The file was not uploaded here. Please upload it again."}


def test_the_file_of_another_visitor_is_refused_in_the_same_words(browser: FlaskClient, server: LocalImageKit) -> None:
    token = browser.post(URL, json=TEXT, headers={"X-User": "8"}).json
    own = server.client().upload_file(b"text", "a.txt", folder="/users/7")
    for file_id in (upload(token)["fileId"], own.file_id):
        answer = browser.post("/photos", json=file_id, headers={"X-User": "7"})
        assert (answer.status_code, answer.json) == (
            400,
            {"message": "The file was not uploaded here. Please upload it again."},
        )


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({**TEXT, "size": 2000}, 413, "The file is too large: it has 2 kB, and the maximum is 1 kB."),
        ({**TEXT, "size": 0}, 400, "The file is empty."),
        ({**TEXT, "type": "image/png"}, 400, "The file has the wrong type; allowed: text/plain."),
        ({"size": 4}, 400, "The request has no file_name."),
        ({**TEXT, "file_name": "\ud800.txt"}, 400, "The file_name is not valid."),
        ([], 400, 'The request must be an object, such as {"file_name": "a.jpg"}.'),
    ],
)
def test_a_request_that_the_rules_refuse_says_why(
    browser: FlaskClient, body: object, status: int, message: str
) -> None:
    answer = browser.post(URL, json=body, headers={"X-User": "7", "Accept": "text/html"})
    assert (answer.status_code, answer.json) == (status, {"message": message})


def test_a_request_that_is_not_permitted_gets_json_too(app: Flask, browser: FlaskClient) -> None:
    app.register_error_handler(401, lambda error: ("a page to log in", 401))
    answer = browser.post(URL, json=TEXT)
    assert (answer.status_code, answer.json) == (401, {"message": "Please log in."})


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"data": {"file_name": "a.txt"}}, 415),  # the form of another site
        ({"data": '{"file_name": "a.txt"}', "content_type": "text/plain"}, 415),
        ({"json": TEXT, "headers": {"X-User": "7", "Sec-Fetch-Site": "cross-site"}}, 403),
        ({"json": TEXT, "headers": {"X-User": "7", "Sec-Fetch-Site": "same-origin"}}, 200),
        ({"data": "no JSON", "content_type": "application/json", "headers": {"X-User": "7"}}, 400),
        ({"data": b" " * 5_000_001, "content_type": "application/json", "headers": {"X-User": "7"}}, 413),
    ],
)
def test_pages_of_other_sites_get_no_token(browser: FlaskClient, options: dict[str, Any], status: int) -> None:
    answer = browser.post(URL, **{"headers": {"X-User": "7"}, **options})
    assert answer.status_code == status
    assert answer.is_json
    assert ("token" in (answer.json or {})) == (status == 200)
    assert browser.get(URL).status_code == 405


def test_the_body_may_have_been_read_before(app: Flask, browser: FlaskClient) -> None:
    @app.before_request
    def log() -> None:
        request.get_data()

    assert browser.post(URL, json=TEXT, headers={"X-User": "7"}).status_code == 200


def test_the_function_that_authorizes_is_mandatory(imagekit: ImageKit) -> None:
    with pytest.raises(TypeError, match="authorize"):
        imagekit.token_blueprint()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="authorize must be a function"):
        imagekit.token_blueprint(None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "permission",
    [None, True, UploadRules("/a"), ("/a", "7"), (UploadRules("/a"), ""), (UploadRules("/a"), None)],
)
def test_a_function_that_does_not_identify_the_visitor_gives_no_token(
    app: Flask, browser: FlaskClient, imagekit: ImageKit, permission: Any
) -> None:
    app.register_blueprint(imagekit.token_blueprint(lambda: permission, name="wrong"), url_prefix="/wrong")
    assert browser.post("/wrong", json=TEXT).status_code == 500


def test_a_function_may_be_asynchronous_or_abort_with_an_answer(
    app: Flask, browser: FlaskClient, imagekit: ImageKit
) -> None:
    async def authorize_later() -> tuple[UploadRules, str]:
        return authorize()

    def send_to_login() -> tuple[UploadRules, str]:
        abort(redirect("/login"))

    app.register_blueprint(imagekit.token_blueprint(authorize_later, name="later"), url_prefix="/later")
    app.register_blueprint(imagekit.token_blueprint(send_to_login, name="login"), url_prefix="/to-login")
    assert browser.post("/later", json=TEXT, headers={"X-User": "7"}).status_code == 200
    assert browser.post("/to-login", json=TEXT).location == "/login"


def test_a_visitor_who_is_not_logged_in_keeps_an_id_in_the_session(app: Flask, imagekit: ImageKit) -> None:
    rules = UploadRules("/strangers")

    def permit() -> tuple[UploadRules, str]:
        return rules, imagekit.get_anonymous_uploader()

    app.register_blueprint(imagekit.token_blueprint(permit, name="open"), url_prefix="/open")
    app.add_url_rule(
        "/keep",
        view_func=lambda: imagekit.check_upload(request.get_json(), *permit()).file_path,
        methods=["POST"],
    )
    one, other = app.test_client(), app.test_client()
    file_id = upload(one.post("/open", json=TEXT).json)["fileId"]
    assert one.post("/keep", json=file_id).status_code == 200
    assert other.post("/keep", json=file_id).status_code == 400
    with one.session_transaction() as mine, other.session_transaction() as theirs:
        assert len({*mine.values(), *theirs.values()}) == 2


def test_an_application_without_a_secret_gives_no_token(app: Flask, browser: FlaskClient) -> None:
    app.secret_key = None
    app.testing = True
    with pytest.raises(RuntimeError, match="SECRET_KEY"):
        browser.post(URL, json=TEXT, headers={"X-User": "7"})


def test_a_secret_may_be_bytes(app: Flask, browser: FlaskClient) -> None:
    app.secret_key = b"\xff\x00"
    assert browser.post(URL, json=TEXT, headers={"X-User": "7"}).status_code == 200


def test_an_upload_before_the_secret_key_was_rotated_is_accepted(app: Flask, browser: FlaskClient) -> None:
    file_id = upload(browser.post(URL, json=TEXT, headers={"X-User": "7"}).json)["fileId"]
    fallbacks = [app.secret_key]
    app.secret_key = "the next one"
    assert browser.post("/photos", json=file_id, headers={"X-User": "7"}).status_code == 400
    app.config["SECRET_KEY_FALLBACKS"] = fallbacks
    assert browser.post("/photos", json=file_id, headers={"X-User": "7"}).status_code == 200
    new_id = upload(browser.post(URL, json=TEXT, headers={"X-User": "7"}).json)["fileId"]
    app.config["SECRET_KEY_FALLBACKS"] = None
    assert browser.post("/photos", json=new_id, headers={"X-User": "7"}).status_code == 200


def test_csrf_protection_of_flask_wtf_works_with_the_header(app: Flask, browser: FlaskClient) -> None:
    flask_wtf.csrf.CSRFProtect(app)
    app.add_url_rule("/csrf", view_func=flask_wtf.csrf.generate_csrf)
    assert browser.post(URL, json=TEXT, headers={"X-User": "7"}).status_code == 400
    headers = {"X-User": "7", "X-CSRFToken": browser.get("/csrf").text}
    assert browser.post(URL, json=TEXT, headers=headers).status_code == 200


def test_a_form_without_javascript_uploads_by_the_same_rules(
    app: Flask, imagekit: ImageKit, browser: FlaskClient, server: LocalImageKit
) -> None:
    @app.post("/form")
    def add_by_form() -> dict[str, Any]:
        return {"id": imagekit.upload_by_rules(request.files.get("photo"), *authorize()).file_id}

    def send(content: bytes, name: str = "a.txt", media_type: str = "text/plain") -> Any:
        data = {"photo": (io.BytesIO(content), name, media_type)}
        return browser.post("/form", data=data, headers={"X-User": "7"})

    file_id = send(b"text").json["id"]
    assert browser.post("/photos", json=file_id, headers={"X-User": "7"}).status_code == 200
    assert browser.post("/photos", json=file_id, headers={"X-User": "8"}).status_code == 400
    server.reset()
    assert send(bytes(1001)).status_code == 413
    assert send(b"text", media_type="image/png").json == {
        "message": "The file has the wrong type; allowed: text/plain."
    }
    assert send(b"").json == {"message": "The file is empty."}
    assert send(b"", "").json == {"message": "No file was chosen."}
    assert server.requests == []
    assert send(b"%PDF-1.7").status_code == 400  # the service looks at the content
    assert len(server.client().list_files()) == 0
