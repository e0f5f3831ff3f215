"""A project of Django with static files, for the tests of `ImageKitStaticStorage`."""

from __future__ import annotations

import json
import re
from collections import Counter
from io import StringIO
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urljoin

import requests
from django.core.files.storage import storages
from django.core.management import call_command

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

    from imagekitio.local import LocalImageKit

PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
FILES = {
    "css/base.css": b"body { background: url(../img/logo.gif) }\n",
    "img/logo.gif": PIXEL,
    "js/shop.js": b"console.log('shop')\n",
}


class Project:
    """A project of Django with static files.

    Attributes:
        sources: Folder of the files.
        manifest_path: Path of the manifest.
    """

    def __init__(self, folder: Path, settings: Settings, account: LocalImageKit) -> None:
        self.sources, self.account, self._settings = folder / "assets", account, settings
        self.sources.mkdir()
        self.manifest_path = folder / "static" / "staticfiles.json"
        settings.STATIC_ROOT = folder / "static"
        settings.STATICFILES_DIRS = [self.sources]
        settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
        self.configure()

    def configure(self, backend: str = "imagekitio.contrib.django.ImageKitStaticStorage", **options: object) -> None:
        """Replace the storage of static files."""
        static = {"BACKEND": backend, "OPTIONS": options}
        self._settings.STORAGES = {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": static,
        }
        # Django 4.2 forgets the options of overridden settings.
        cast("dict[str, Any]", storages.backends)["staticfiles"] = static

    def write(self, files: dict[str, bytes]) -> None:
        """Write source files."""
        for name, content in files.items():
            path = self.sources / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def collect(self, **options: object) -> tuple[str, Counter[str]]:
        """Run `collectstatic`, and return its output and the number of requests by operation."""
        before = self.count_requests()
        output = StringIO()
        call_command("collectstatic", interactive=False, stdout=output, **options)
        return output.getvalue(), self.count_requests() - before

    def count_requests(self) -> Counter[str]:
        """Return the number of requests so far, by operation."""
        return Counter(request.operation or "" for request in self.account.requests)

    def read_manifest(self) -> dict[str, Any]:
        """Return the manifest."""
        manifest: dict[str, Any] = json.loads(self.manifest_path.read_bytes())
        return manifest

    def list_media_library(self) -> set[str]:
        """Return the paths of all files that are stored."""
        with self.account.client() as client:
            return {file.file_path for file in client.iter_files(search_query='path : "/"')}


def fetch(url: str) -> bytes:
    answer = requests.get(url, timeout=10)
    answer.raise_for_status()
    return answer.content


def fetch_references(url: str) -> list[bytes]:
    """Return the contents of all that a style sheet or script refers to, as a browser finds it."""
    text = fetch(url).decode()
    found = re.findall(r"""(?:url\(["']?|from ["']|import\(["']|sourceMappingURL=)([^"')\s]+)""", text)
    return [fetch(urljoin(url, reference)) for reference in found]


def make_many(count: int) -> dict[str, bytes]:
    return {f"part{number % 7}/file{number}.txt": b"%d" % number for number in range(count)}
