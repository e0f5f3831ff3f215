"""The fixture `imagekit_storages` of the pytest plugin, in runs of its own."""

from __future__ import annotations

import os
import sys

import pytest

pytest_plugins = ["pytester"]

SETTINGS = """
BACKEND = "imagekitio.contrib.django.ImageKitStorage"
IMAGEKIT = {
    "public_key": "public_of_the_account",
    "private_key": "private_of_the_account",
    "url_endpoint": "https://ik.imagekit.io/acme",
    "api_base_url": "http://127.0.0.1:9",
    "upload_base_url": "http://127.0.0.1:9",
    "max_bytes": 5,
}
INSTALLED_APPS = ["imagekitio.contrib.django"]
SECRET_KEY = "of the tests"
STORAGES = {
    "default": {"BACKEND": BACKEND, "OPTIONS": {"location": "media"}},
    "contracts": {
        "BACKEND": BACKEND,
        "OPTIONS": {"location": "contracts", "private": True, "private_key": "private_of_another", "max_bytes": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
USE_TZ = True
"""
TESTS = """
import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from imagekitio.contrib.django import get_client

ACCOUNT = dict(settings.IMAGEKIT)
STATIC = settings.STORAGES["staticfiles"]

@pytest.mark.parametrize("number", [1, 2])
def test_storages_talk_to_local_imagekit_which_is_empty_and_keep_their_options(imagekit_storages, imagekit, number):
    assert imagekit.list_files(type="all").list == []
    assert imagekit_storages is storages
    assert default_storage.save("a.txt", ContentFile(b"hello")) == "a.txt"
    with pytest.raises(ValidationError):
        default_storage.save("a.txt", ContentFile(b"too long"))
    storages["contracts"].save("b.txt", ContentFile(b"long content"))
    assert [file.file_path for file in imagekit.iter_files()] == ["/media/a.txt", "/contracts/b.txt"]
    with storages["contracts"].open("b.txt") as file:
        assert file.read() == b"long content"
    assert "ik-s=" in storages["contracts"].url("b.txt")
    assert get_client().list_files().list != []
    assert settings.STORAGES["staticfiles"] == STATIC

def test_without_it_nothing_is_changed():
    assert settings.IMAGEKIT == ACCOUNT
    assert default_storage.url("a.txt") == "https://ik.imagekit.io/acme/media/a.txt"
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in (str(pytester.path), *sys.path) if path))
    for name in [name for name in os.environ if name.startswith("IMAGEKIT_")]:
        monkeypatch.delenv(name)
    (pytester.path / "project_settings.py").write_text(SETTINGS)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "project_settings")
    pytester.makepyfile(TESTS)
    return pytester


@pytest.mark.parametrize("pytest_django", [(), ("-p", "no:django")])
def test_storages_are_pointed_at_local_imagekit_with_and_without_pytest_django(
    run: pytest.Pytester, pytest_django: tuple[str, ...]
) -> None:
    if pytest_django:
        run.makeconftest("import django\ndjango.setup()\n")
    arguments = ("-p", "imagekitio.testing.plugin", *pytest_django, "-W", "error")
    run.runpytest_subprocess(*arguments).assert_outcomes(passed=3)


def test_a_test_that_needs_it_is_skipped_with_an_account(run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEKIT_TEST_REAL", "1")
    run.runpytest_subprocess("-p", "imagekitio.testing.plugin").assert_outcomes(passed=1, skipped=2)
