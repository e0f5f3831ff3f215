"""The system checks: each mistake has an id and a hint, and a good project has none."""

from __future__ import annotations

import importlib.util
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.core.checks import run_checks
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test.utils import isolate_apps
from django.urls import include, path
from django.views import View

from imagekitio import Retry
from imagekitio.contrib.browser_uploads import UploadRules
from imagekitio.contrib.django import ImageKitStorage, UploadTokenView, WebhookView, get_client
from imagekitio.contrib.django.checks.system import check_max_lengths

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.core.checks import CheckMessage
    from pytest_django import Settings

STORAGE = "imagekitio.contrib.django.ImageKitStorage"
SHARED_CACHE = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}


def check(*, deploy: bool = False) -> list[CheckMessage]:
    return run_checks(tags=["imagekitio"], include_deployment_checks=deploy)


def find(*, deploy: bool = False) -> list[str]:
    """Return the ids of what the checks find, all of which have hints."""
    found = check(deploy=deploy)
    assert all(message.hint for message in found)
    return [str(message.id) for message in found]


@pytest.fixture(autouse=True)
def _project(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = ()  # no views but those of a test
    for name in ("PUBLIC_KEY", "PRIVATE_KEY", "URL_ENDPOINT", "WEBHOOK_SECRET"):
        monkeypatch.delenv(f"IMAGEKIT_{name}", raising=False)
    monkeypatch.delenv("GUNICORN_CMD_ARGS", raising=False)


def use_storage(settings: Settings, **options: Any) -> None:
    # Not `default`, whose options Django 4.2 drops where a test overrides `STORAGES`.
    settings.STORAGES = {**settings.STORAGES, "media": {"BACKEND": STORAGE, "OPTIONS": options}}


# Keys and settings


def test_a_project_with_all_its_keys_passes(settings: Settings) -> None:
    use_storage(settings, location="media")
    assert find() == []


@pytest.mark.parametrize("name", ["private_key", "url_endpoint"])
def test_a_missing_key_is_e001(settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    settings.IMAGEKIT = {key: value for key, value in settings.IMAGEKIT.items() if key != name}
    [message] = check()
    assert (message.id, message.msg) == ("imagekitio.E001", f"IMAGEKIT has no {name}.")
    assert f"IMAGEKIT_{name.upper()}" in str(message.hint)
    monkeypatch.setenv(f"IMAGEKIT_{name.upper()}", "https://ik.imagekit.io/acme")
    assert find() == []


def test_in_development_missing_keys_are_a_warning_so_that_migrate_works(settings: Settings) -> None:
    class TokenView(UploadTokenView):
        def get_upload_rules(self, request: HttpRequest) -> UploadRules:
            return UploadRules("/a")

    settings.ROOT_URLCONF = (path("token/", TokenView.as_view()), path("webhook/", WebhookView.as_view()))
    del settings.IMAGEKIT
    for debug, is_error in ((True, False), (False, True)):
        settings.DEBUG = debug
        assert {(message.id, message.is_serious()) for message in check()} == {
            (f"imagekitio.{number}", is_error) for number in ("E001", "E006", "E007")
        }


def test_a_project_without_keys_is_one_message(settings: Settings) -> None:
    del settings.IMAGEKIT
    [message] = check()
    assert message.msg == "IMAGEKIT has no private_key and no url_endpoint."


def test_keys_of_the_storages_are_enough(settings: Settings) -> None:
    use_storage(settings, **settings.IMAGEKIT)
    del settings.IMAGEKIT
    assert find() == []


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"private_key": "public_abc"}, "IMAGEKIT: private_key is the public key."),
        ({"public_key": "private_abc"}, "IMAGEKIT: public_key is the private key."),
        ({"public_key": " 'private_abc'"}, "IMAGEKIT: public_key is the private key."),
    ],
)
def test_swapped_keys_are_e002_and_not_shown(settings: Settings, keys: dict[str, str], message: str) -> None:
    settings.IMAGEKIT = {**settings.IMAGEKIT, **keys}
    [found] = check()
    assert (found.id, found.msg) == ("imagekitio.E002", message)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"privat_key": "a"}, "did you mean 'private_key'"),
        ({"timeout": "30"}, "timeout must be"),
        ({"url_endpoint": "acme"}, "url_endpoint must start with https://"),
        ({"transformation_position": "here"}, "transformation_position"),
    ],
)
def test_an_unknown_or_wrong_setting_is_e003(settings: Settings, changes: dict[str, Any], problem: str) -> None:
    settings.IMAGEKIT = {**settings.IMAGEKIT, **changes}
    [message] = check()
    assert message.id == "imagekitio.E003"
    assert problem in message.msg


def test_a_setting_of_another_type_is_e003(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in settings.IMAGEKIT.items():
        monkeypatch.setenv(f"IMAGEKIT_{name.upper()}", value)
    settings.IMAGEKIT = ["private_key"]
    assert find() == ["imagekitio.E003"]


@pytest.mark.parametrize("options", [{"locaton": "media"}, {"names": "often"}])
def test_a_wrong_option_of_a_storage_is_e003(settings: Settings, options: dict[str, Any]) -> None:
    use_storage(settings, **options)
    [message] = check()
    assert message.id == "imagekitio.E003"
    assert message.msg.startswith("STORAGES['media'] is not valid: ")


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({"private": True, "expire_seconds": 300}, ["imagekitio.W002"]),
        ({"private": True, "expire_seconds": 300, "expire_window": 300}, []),
        ({"private": True, "expire_seconds": 300, "expire_window": None}, []),
        ({"private": True, "expire_seconds": None}, []),
        ({"expire_seconds": 300}, []),
    ],
)
def test_a_window_longer_than_the_lifetime_is_w002(settings: Settings, options: dict[str, Any], ids: list[str]) -> None:
    use_storage(settings, **options)
    assert find() == ids


# Fields of models


def check_isolated(isolated: Apps | None) -> list[CheckMessage]:
    assert isolated is not None
    return check_max_lengths([isolated.get_app_config("shop")])


@pytest.mark.parametrize(
    ("max_length", "upload_to", "names", "hint"),
    [
        (22, "manuals", "unique", None),
        (21, "manuals", "unique", "Set max_length to 62 or more."),
        (14, "manuals", "exact", None),
        (13, "manuals", "exact", "Set max_length to 54 or more."),
        (25, "%Y/%m/%d", "unique", None),
        (24, "%Y/%m/%d", "unique", "Set max_length to 65 or more."),
        (14, lambda row, name: name, "unique", None),
        (13, lambda row, name: name, "unique", "Set max_length to 54 or more."),
    ],
)
def test_a_max_length_without_room_for_a_name_and_its_suffix_is_e004(
    max_length: int, upload_to: Any, names: Any, hint: str | None
) -> None:
    with isolate_apps("tests.contrib.django.shop") as isolated:

        class Poster(models.Model):
            scan = models.FileField(storage=ImageKitStorage(names=names), upload_to=upload_to, max_length=max_length)

            class Meta:
                app_label = "shop"

    found = check_isolated(isolated)
    assert [(message.id, message.hint) for message in found] == ([("imagekitio.E004", hint)] if hint else [])
    assert all(message.obj is Poster._meta.get_field("scan") for message in found)


def test_fields_with_other_storages_are_not_checked() -> None:
    with isolate_apps("tests.contrib.django.shop") as isolated:

        class Poster(models.Model):
            scan = models.FileField(storage=FileSystemStorage(), max_length=1)

            class Meta:
                app_label = "shop"

    assert check_isolated(isolated) == []


def test_all_models_are_checked(settings: Settings) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": STORAGE}}
    field = apps.get_model("shop", "Manual")._meta.get_field("pages")
    length, field.max_length = field.max_length, 5
    try:
        assert find() == ["imagekitio.E004"]
        settings.IMAGEKIT = {**settings.IMAGEKIT, "names": "often"}
        assert find() == ["imagekitio.E003"]  # and no second message for the field
    finally:
        field.max_length = length


# Views


def give_v1_token(request: HttpRequest) -> HttpResponse:
    return JsonResponse(get_client().get_authentication_parameters())


def give_v1_token_from_inside(request: HttpRequest) -> HttpResponse:
    return JsonResponse((lambda: get_client().get_authentication_parameters())())


def give_v2_token(request: HttpRequest, folder: str = "/") -> HttpResponse:
    return JsonResponse(get_client().get_upload_token("a.jpg", folder=folder))


class V1View(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer()

    @staticmethod
    def answer() -> HttpResponse:
        return JsonResponse(get_client().get_authentication_parameters())


class InheritingView(V1View):
    pass


class PhotoTokenView(UploadTokenView):
    def get_upload_rules(self, request: HttpRequest) -> UploadRules:
        return UploadRules("/photos")


class OtherTokenView(PhotoTokenView):
    def get_client(self) -> Any:
        return get_client(public_key="public_other")


class OtherWebhookView(WebhookView):
    def get_client(self) -> Any:
        return get_client(webhook_secret="whsec_other")


def use_urls(settings: Settings, *patterns: Any) -> None:
    settings.ROOT_URLCONF = tuple(patterns)


@pytest.mark.parametrize(
    ("view", "ids"),
    [
        (give_v1_token, ["imagekitio.W001"]),
        (login_required(give_v1_token), ["imagekitio.W001"]),
        (partial(give_v1_token), ["imagekitio.W001"]),
        (give_v1_token_from_inside, ["imagekitio.W001"]),
        (V1View.as_view(), ["imagekitio.W001"]),
        (login_required(InheritingView.as_view()), ["imagekitio.W001"]),
        (give_v2_token, []),
        (partial(give_v2_token, folder="/a"), []),
        (PhotoTokenView.as_view(), []),
        (UploadTokenView.as_view(), ["imagekitio.E005"]),
        (WebhookView.as_view(), ["imagekitio.E007"]),
        (WebhookView.as_view(secret="whsec_a"), []),
        (OtherWebhookView.as_view(), []),
    ],
)
def test_a_view_is_checked_wherever_it_is_in_the_urlconf(settings: Settings, view: Any, ids: list[str]) -> None:
    use_urls(settings, path("a/", include([path("b/", view)])))
    assert find() == ids


def test_a_message_names_the_view_and_its_route(settings: Settings) -> None:
    use_urls(settings, path("a/", include([path("<int:pk>/", V1View.as_view()), path("c/", give_v1_token)])))
    assert [message.msg.partition(" issues")[0] for message in check()] == [
        "The view V1View at '/a/<int:pk>/'",
        "The view give_v1_token at '/a/c/'",
    ]


def test_a_token_view_without_a_public_key_is_e006(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.IMAGEKIT = {name: value for name, value in settings.IMAGEKIT.items() if name != "public_key"}
    use_urls(settings, path("a/", PhotoTokenView.as_view()))
    assert find() == ["imagekitio.E006"]
    monkeypatch.setenv("IMAGEKIT_PUBLIC_KEY", "public_a")
    assert find() == []
    monkeypatch.delenv("IMAGEKIT_PUBLIC_KEY")
    use_urls(settings, path("a/", OtherTokenView.as_view()))
    assert find() == []


def test_the_secret_may_come_from_the_settings_or_the_environment(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_urls(settings, path("a/", WebhookView.as_view()))
    monkeypatch.setenv("IMAGEKIT_WEBHOOK_SECRET", "whsec_a")
    assert find() == []
    monkeypatch.delenv("IMAGEKIT_WEBHOOK_SECRET")
    assert find() == ["imagekitio.E007"]
    settings.IMAGEKIT = {**settings.IMAGEKIT, "webhook_secret": "whsec_a"}
    assert find() == []


def test_a_project_without_urls_has_no_views(settings: Settings) -> None:
    del settings.ROOT_URLCONF
    assert find() == []


# Before deployment


@pytest.mark.parametrize(
    ("changes", "arguments", "ids"),
    [
        ({"worker_timeout_seconds": 30}, "", ["imagekitio.W003"]),
        ({"worker_timeout_seconds": 197}, "", []),
        ({"worker_timeout_seconds": None}, "--timeout 30", []),
        ({}, "--workers 4 --timeout 30", ["imagekitio.W003"]),
        ({}, "-t30", ["imagekitio.W003"]),
        ({}, "--timeout=300", []),
        ({}, "-t 0", []),
        ({"retry": Retry(total_seconds=25)}, "--timeout 30", []),
        ({"retry": 1, "timeout": 20}, "--timeout 30", ["imagekitio.W003"]),
        ({"retry": False, "timeout": (5, 20)}, "--timeout 30", []),
        ({"max_retries": 0, "timeout": (5, 20)}, "--timeout 30", []),
    ],
)
def test_a_call_that_may_outlive_the_worker_is_w003(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], arguments: str, ids: list[str]
) -> None:
    settings.IMAGEKIT = {**settings.IMAGEKIT, **changes}
    monkeypatch.setenv("GUNICORN_CMD_ARGS", arguments)
    assert find(deploy=True) == ids
    assert find() == []


def test_the_message_has_both_limits(settings: Settings) -> None:
    settings.IMAGEKIT = {**settings.IMAGEKIT, "worker_timeout_seconds": 30}
    [message] = check(deploy=True)
    assert "up to 196 seconds" in message.msg
    assert "after 30." in message.msg
    assert "Retry(total_seconds=25)" in str(message.hint)


@pytest.mark.parametrize(("is_there", "ids"), [(True, ["imagekitio.W003"]), (False, [])])
def test_where_gunicorn_is_installed_its_default_is_the_limit(
    monkeypatch: pytest.MonkeyPatch, is_there: bool, ids: list[str]
) -> None:
    find_spec = importlib.util.find_spec

    def find_gunicorn(name: str, package: str | None = None) -> Any:
        return is_there if name == "gunicorn" else find_spec(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find_gunicorn)
    assert find(deploy=True) == ids


@pytest.mark.parametrize("limit", ["30", True, [30]])
def test_a_limit_that_is_not_a_number_is_e003(settings: Settings, limit: Any) -> None:
    settings.IMAGEKIT = {**settings.IMAGEKIT, "worker_timeout_seconds": limit}
    assert find(deploy=True) == ["imagekitio.E003"]


def test_a_wrong_timeout_is_one_message(settings: Settings) -> None:
    settings.IMAGEKIT = {**settings.IMAGEKIT, "worker_timeout_seconds": 30, "timeout": "30"}
    assert find(deploy=True) == ["imagekitio.E003"]


def test_a_cache_that_is_not_shared_is_w004(settings: Settings) -> None:
    settings.IMAGEKIT = {**settings.IMAGEKIT, "worker_timeout_seconds": None}
    use_urls(settings, path("a/", WebhookView.as_view(secret="whsec_a")))
    assert find(deploy=True) == ["imagekitio.W004"]
    assert find() == []
    settings.CACHES = SHARED_CACHE
    assert find(deploy=True) == []
