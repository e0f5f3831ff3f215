"""The view that gives upload tokens to browsers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import django
import pytest
import requests
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.test import AsyncClient, Client, RequestFactory
from django.urls import path

from imagekitio import ImageKit
from imagekitio.contrib.browser_uploads import UploadRules
from imagekitio.contrib.django.configuration import get_client
from imagekitio.contrib.django.uploaders import get_uploader_tag
from imagekitio.contrib.django.views import UploadTokenView
from imagekitio.contrib.errors import UploadRefusedError

if TYPE_CHECKING:
    from django.http import HttpRequest
    from pytest_django import Settings

    from imagekitio.local import LocalImageKit

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


class PhotoTokenView(UploadTokenView):
    def get_upload_rules(self, request: HttpRequest) -> UploadRules:
        return UploadRules(f"/users/{request.user.pk}", max_bytes=1000, accept=["image/*"])


class OpenTokenView(PhotoTokenView):
    open_to_strangers = True


class FullTokenView(UploadTokenView):
    def get_upload_rules(self, request: HttpRequest) -> UploadRules:
        raise UploadRefusedError("Your album is full.")


class StaffTokenView(UploadTokenView):
    def get_upload_rules(self, request: HttpRequest) -> UploadRules:
        raise PermissionDenied("internal reason")


class WrongTokenView(UploadTokenView):
    def get_upload_rules(self, request: HttpRequest) -> Any:
        return "/users"


class OtherTokenView(PhotoTokenView):
    def get_client(self) -> ImageKit:
        return ImageKit("public_other", "private_other", upload_base_url="https://upload.example")


urlpatterns = [
    path("other/token/", OtherTokenView.as_view()),
    path("photos/token/", PhotoTokenView.as_view()),
    path("open/token/", OpenTokenView.as_view()),
    path("full/token/", FullTokenView.as_view()),
    path("staff/token/", StaffTokenView.as_view()),
    path("wrong/token/", WrongTokenView.as_view()),
    path("unfinished/token/", UploadTokenView.as_view()),
]

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]
ASKED = {"file_name": "a.png", "size": len(PNG), "type": "image/png"}


@pytest.fixture
def user() -> User:
    user = User(username="anna")
    user.save()
    return user


@pytest.fixture
def anna(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def ask(client: Client, url: str = "/photos/token/", **changes: Any) -> Any:
    return client.post(url, {**ASKED, **changes}, content_type="application/json")


def test_a_visitor_uploads_with_the_token_into_the_folder_of_the_rules(
    anna: Client, user: User, account: LocalImageKit
) -> None:
    answer = ask(anna)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert account.requests == []
    token = answer.json()
    assert token.keys() == {"url", "fields", "token", "expire"}
    sent = requests.post(token["url"], data=token["fields"], files={"file": PNG}, timeout=60)
    assert sent.status_code == 200, sent.text
    file = get_client().get_file_details(sent.json()["fileId"])
    assert file.file_path.startswith(f"/users/{user.pk}/a")
    request = RequestFactory().get("/")
    request.user = user
    assert file.tags == [get_uploader_tag(request)]


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"size": 1001}, 413, "too large"),
        ({"size": 0}, 400, "empty"),
        ({"type": "text/html"}, 400, "wrong type"),
        ({"file_name": ""}, 400, "no file_name"),
    ],
)
def test_a_file_against_the_rules_gets_the_reason_as_json(
    anna: Client, changes: dict[str, Any], status: int, message: str
) -> None:
    answer = ask(anna, **changes)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store")
    assert message in answer.json()["message"]


@pytest.mark.parametrize("body", ["", "{", "[]", "file_name=a.png"])
def test_a_malformed_body_is_a_400(anna: Client, body: str) -> None:
    answer = anna.post("/photos/token/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json().keys() == {"message"}


def test_a_body_above_the_limit_of_django_is_a_413_as_json(anna: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = anna.post("/photos/token/", '{"file_name": "%s"}' % ("a" * 100), content_type="application/json")
    assert (answer.status_code, answer.json()) == (413, {"message": "The request is too large."})


def test_strangers_get_403_as_json_and_no_redirect(client: Client, settings: Settings) -> None:
    expected = (403, {"message": "Please log in to upload files."})
    answer = ask(client)
    assert (answer.status_code, answer.json()) == expected
    if django.VERSION >= (5, 1):
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.contrib.auth.middleware.LoginRequiredMiddleware"]
        answer = ask(client)
        assert (answer.status_code, answer.json()) == expected


def test_strangers_get_a_token_where_the_view_is_open_to_them(client: Client) -> None:
    answer = ask(client, "/open/token/")
    assert answer.status_code == 200
    assert client.session.keys() == {"_imagekitio_uploader"}  # by which the upload is found again


def test_a_request_without_the_csrf_token_is_refused(user: User, settings: Settings) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    assert ask(strict).status_code == 403
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "Csrf" not in name]
    assert ask(strict).status_code == 403


def test_the_csrf_token_in_the_header_is_accepted(user: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    strict.cookies["csrftoken"] = token = "a" * 32
    answer = strict.post(
        "/photos/token/", json.dumps(ASKED), content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 200, answer.content


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_post_gives_tokens(anna: Client, method: str) -> None:
    answer = getattr(anna, method)("/photos/token/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")


def test_rules_may_refuse_with_their_own_message(anna: Client) -> None:
    answer = ask(anna, "/full/token/")
    assert (answer.status_code, answer.json()) == (400, {"message": "Your album is full."})


def test_rules_may_deny_permission_without_a_reason(anna: Client) -> None:
    answer = ask(anna, "/staff/token/")
    assert (answer.status_code, answer.json()) == (403, {"message": "You may not upload files here."})


@pytest.mark.parametrize(
    ("url", "problem"),
    [("/unfinished/token/", "UploadTokenView needs a method get_upload_rules"), ("/wrong/token/", r"got str\)")],
)
def test_a_view_without_rules_is_improperly_configured(anna: Client, url: str, problem: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=problem):
        ask(anna, url)


def test_a_project_without_users_is_told_about_the_middleware(client: Client, settings: Settings) -> None:
    settings.MIDDLEWARE = []
    with pytest.raises(ImproperlyConfigured, match="AuthenticationMiddleware"):
        ask(client)


def test_a_view_may_use_the_client_of_another_account(anna: Client) -> None:
    assert ask(anna, "/other/token/").json()["url"].startswith("https://upload.example/")


def test_the_view_works_under_asgi(user: User) -> None:
    client = AsyncClient()
    client.force_login(user)

    async def post() -> Any:
        return await client.post("/photos/token/", json.dumps(ASKED), content_type="application/json")

    answer = async_to_sync(post)()
    assert answer.status_code == 200
    assert json.loads(answer.content)["fields"]["folder"] == f"/users/{user.pk}"
