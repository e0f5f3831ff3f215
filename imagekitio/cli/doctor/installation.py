"""Checks of what is installed."""

from __future__ import annotations

import importlib.metadata
import platform
import re
from typing import TYPE_CHECKING

from .findings import report_ok, report_warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .findings import Finding

# Extras by the package that shows whether they are installed.
_EXTRAS = {
    "aiohttp": "async",
    "django": "django",
    "fastapi": "fastapi",
    "flask": "flask",
    "pillow-heif": "formats",
    "starlette": "local",
    "faiss-cpu": "similar",
}
_PACKAGES = ("requests", "urllib3", "click", "rich")
# A line of the package's metadata, such as: pyvips[binary]>=3.0; extra == "local"
_REQUIREMENT = re.compile(r"""(?P<name>[\w.-]+)[^;>]*>=\s*(?P<least>[\d.]+)(?:.*extra\s*==\s*["'](?P<extra>[\w-]+))?""")


def check_installation() -> Iterator[Finding]:
    """Report the installed releases and extras, and warn about packages that do not match."""
    from ... import __version__

    packages = ", ".join(f"{name} {_find_version(name)}" for name in _PACKAGES)
    yield report_ok("version", f"imagekitio {__version__}, Python {platform.python_version()}, {packages}")
    installed = _find_version("imagekitio")
    if installed not in (None, __version__):
        yield report_warning(
            "package",
            f"the installed package imagekitio is {installed}, but the code that runs is {__version__}",
            "check whether another package or a folder named imagekitio comes first on Python's path",
        )
    yield from _check_packages()
    extras = sorted(extra for package, extra in _EXTRAS.items() if _find_version(package) is not None)
    missing = sorted({*_EXTRAS.values()} - {*extras})
    yield report_ok(
        "extras", f"{', '.join(['cli', *extras])}" + (f"; not installed: {', '.join(missing)}" if missing else "")
    )


def _check_packages() -> Iterator[Finding]:
    """Warn about packages that are older than the release needs; pip can be told to keep them."""
    try:
        requirements = importlib.metadata.requires("imagekitio") or []
    except importlib.metadata.PackageNotFoundError:
        return
    for match in filter(None, map(_REQUIREMENT.match, requirements)):
        name, least, extra = match.group("name", "least", "extra")
        found = _find_version(name)  # None for a package of an extra that is not installed
        if found is not None and _read_release(found) < _read_release(least):
            user = f"the extra {extra}" if extra else "imagekitio"
            text = f"{name} {found} is too old: {user} needs {least} or later"
            yield report_warning("package", text, f"run: pip install --upgrade '{name}>={least}'")


def _read_release(version: str) -> list[int]:
    """Return the numbers of a version without trailing zeros: ``2.32.0`` and ``2.32`` are the same."""
    numbers = [int(number) for number in re.split(r"[^\d.]", version)[0].split(".") if number]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers


def _find_version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
