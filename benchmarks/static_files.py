"""Django's `collectstatic`: the files of its admin and a few more, with a service that takes 50 ms per request.

It needs the extra ``django``.
"""

from __future__ import annotations

import tempfile
import time
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from imagekitio.local import LocalImageKit

from .budgets import Row

FILES, AT_ONCE, LATENCY_SECONDS = 133, 16, 0.05
OF_ADMIN = Path(django.__file__).parent / "contrib/admin/static"


def _configure(server: LocalImageKit, folder: Path) -> None:
    settings.configure(
        IMAGEKIT={
            "public_key": server.public_key,
            "private_key": server.private_key,
            "url_endpoint": server.url_endpoint,
            "base_url": server.url,
        },
        INSTALLED_APPS=["django.contrib.staticfiles", "imagekitio.contrib.django"],
        STATICFILES_DIRS=[OF_ADMIN, folder / "assets"],
        STATIC_ROOT=folder / "static",
        STATIC_URL="static/",
        STORAGES={"staticfiles": {"BACKEND": "imagekitio.contrib.django.ImageKitStaticStorage"}},
    )
    django.setup()


def _write_assets(folder: Path) -> None:
    """Write enough files to have `FILES` together with those of Django's admin."""
    folder.mkdir()
    for number in range(FILES - sum(path.is_file() for path in OF_ADMIN.rglob("*"))):
        (folder / f"{number}.js").write_text(f"export const number = {number};\n")


def _collect(server: LocalImageKit) -> tuple[float, int]:
    """Run `collectstatic`, and return its seconds and its number of requests."""
    requests_before, started = len(server.requests), time.perf_counter()
    call_command("collectstatic", interactive=False, stdout=StringIO())
    return time.perf_counter() - started, len(server.requests) - requests_before


def measure() -> list[Row]:
    with LocalImageKit() as server, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_assets(folder / "assets")
        _configure(server, folder)
        server.faults.add(delay=LATENCY_SECONDS, times=None)
        seconds, first = _collect(server)
        _, unchanged = _collect(server)
        (folder / "assets/0.js").write_text("export const number = -1;\n")
        _, changed = _collect(server)
        (folder / "static/staticfiles.json").unlink()
        _, recovered = _collect(server)
    what = f"collectstatic, {FILES} files, a service that takes {LATENCY_SECONDS * 1e3:g} ms"
    waits = FILES / AT_ONCE * LATENCY_SECONDS
    return [
        Row(what, f"its waits, {AT_ONCE} at once", seconds, waits, 3 - waits, "s", is_difference=True),
        Row("the same, requests", "one a file", first, FILES, 1.1, "requests"),
        Row("the same, nothing changed", "none", unchanged, 0, 5, "requests", is_difference=True),
        Row("the same, one file changed", "one a file", changed, 1, 1.1, "requests"),
        Row("the same, the manifest lost", "none", recovered, 0, 5, "requests", is_difference=True),
    ]
