"""The setting IMAGEKIT, and the clients that it describes."""

from __future__ import annotations

import inspect
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import override_settings

from imagekitio import ImageKit
from imagekitio.contrib.django import ImageKitStorage, get_client
from imagekitio.contrib.django.configuration import CLIENT_KEYS, STORAGE_KEYS

if TYPE_CHECKING:
    from pytest_django import Settings

    from imagekitio.local import LocalImageKit


def test_calls_with_the_same_configuration_return_the_same_client() -> None:
    with ThreadPoolExecutor(8) as pool:
        clients = [*pool.map(lambda _: get_client(), range(32))]
    assert {*map(id, clients)} == {id(get_client())}
    assert ImageKitStorage("media").client is ImageKitStorage("static").client is get_client()


@pytest.mark.parametrize(
    "keys", [{"timeout": 3}, {"retry": 1}, {"options": {"signed": True}}, {"webhook_secret": ["a"]}]
)
def test_another_configuration_has_another_client(keys: dict[str, Any]) -> None:
    assert get_client(**keys) is not get_client()
    assert get_client(**keys) is get_client(**keys)


def test_none_means_the_default_of_the_client_instead_of_the_setting(settings: Settings) -> None:
    before = get_client()
    settings.IMAGEKIT = {**settings.IMAGEKIT, "timeout": 3}
    assert get_client(timeout=None) is not get_client()
    settings.IMAGEKIT = {name: value for name, value in settings.IMAGEKIT.items() if name != "timeout"}
    assert get_client(timeout=None) is get_client() is not before


def test_one_attempt_is_not_the_default_number_of_attempts() -> None:
    assert get_client(retry=1) is not get_client(retry=True)


def test_a_change_of_the_setting_drops_the_client_and_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = ImageKitStorage()
    before = get_client()
    closed: list[ImageKit] = []
    monkeypatch.setattr(ImageKit, "close", lambda self: closed.append(self))
    with override_settings(IMAGEKIT={"private_key": "private_other", "url_endpoint": "https://ik.example.com/x"}):
        assert closed == [before]
        assert storage.client is get_client() is not before
        assert storage.url("a.jpg") == "https://ik.example.com/x/a.jpg"
    assert storage.client is get_client()
    assert storage.url("a.jpg") != "https://ik.example.com/x/a.jpg"


def test_defaults_of_storages_follow_the_setting(settings: Settings) -> None:
    storage, own = ImageKitStorage(), ImageKitStorage("own", max_bytes=None)
    settings.IMAGEKIT = {**settings.IMAGEKIT, "location": "v1.2/media/", "max_bytes": 10}
    assert storage.get_path("a.txt") == "/v1_2/media/a.txt"
    assert storage.options.max_bytes == 10
    assert own.get_path("a.txt") == "/own/a.txt"
    assert own.options.max_bytes is None


def test_an_alias_of_storages_overrides_the_setting(settings: Settings) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "contracts": {
            "BACKEND": "imagekitio.contrib.django.ImageKitStorage",
            "OPTIONS": {"location": "contracts", "private": True, "timeout": 7},
        },
    }
    storage = storages["contracts"]
    assert isinstance(storage, ImageKitStorage)
    assert storage.location == "contracts"
    assert storage.client is get_client(timeout=7)


def test_without_the_setting_the_environment_is_used(
    settings: Settings, account: LocalImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    del settings.IMAGEKIT
    for name, value in account.environment.items():
        monkeypatch.setenv(name, value)
    assert get_client().public_key == account.public_key


def test_the_keys_are_the_arguments_of_the_client() -> None:
    arguments = {*inspect.signature(ImageKit).parameters} - {"settings"}
    assert arguments < {*CLIENT_KEYS}
    for name in CLIENT_KEYS:
        assert "there is no setting" not in describe_error(name)
    assert not {*CLIENT_KEYS} & {*STORAGE_KEYS}


def describe_error(name: str) -> str:
    try:
        get_client(**{name: object()})
    except ImproperlyConfigured as exc:
        return str(exc)
    return ""


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"publik_key": "x"}, "IMAGEKIT has no key 'publik_key'; did you mean 'public_key'?"),
        ({"maxBytes": 5}, "IMAGEKIT has no key 'maxBytes'; did you mean 'max_bytes'?"),
        (["public_key"], "IMAGEKIT must be a dict (got list)"),
        ({"private_key": "public_abc"}, "private_key"),
        ({"private_key": ""}, "private_key"),
        ({"private_key": "private_abc", "timeout": "long"}, "timeout"),
    ],
)
def test_a_mistake_in_the_setting_is_an_error_with_advice(settings: Settings, setting: Any, message: str) -> None:
    settings.IMAGEKIT = setting
    with pytest.raises(ImproperlyConfigured) as caught:
        get_client()
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"locaton": "x"}, "did you mean 'location'?"),
        ({"location": None}, "location must be a str"),
        ({"location": "a/../b"}, "location must not contain"),
        ({"private": "yes"}, "private must be True or False"),
        ({"purge": 1}, "purge must be True or False"),
        ({"names": "uniqe"}, "names must be 'unique', 'exact' or 'overwrite'"),
        ({"max_bytes": 0}, "max_bytes must be at least 1"),
        ({"max_bytes": "5 MB"}, "max_bytes must be an int"),
        ({"expire_seconds": 0}, "expire_seconds must be at least 1 second"),
        ({"expire_window": "1h"}, "expire_window must be a number of seconds"),
        ({"upload_options": {"tagz": ["a"]}}, "tags"),
        ({"upload_options": {"folder": "/x"}}, "use the option location of the storage"),
        ({"upload_options": {"is_private_file": True}}, "use the option private of the storage"),
        ({"upload_options": {"overwrite_file": True}}, "use the option names of the storage"),
    ],
)
def test_a_mistake_in_an_option_is_an_error_when_the_storage_is_made(option: dict[str, Any], message: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        ImageKitStorage(**option)
    assert message in str(caught.value)


def test_a_storage_works_after_fork() -> None:
    storage = ImageKitStorage("forked")
    storage.save("before.txt", ContentFile(b"parent"))
    child = os.fork()
    if not child:
        try:
            storage.save("child.txt", ContentFile(b"child"))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    storage.save("after.txt", ContentFile(b"parent"))
    assert sorted(storage.listdir("")[1]) == ["after.txt", "before.txt", "child.txt"]
