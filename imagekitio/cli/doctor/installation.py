"""Checks of what is installed."""

from __future__ import annotations

import importlib.metadata
import platform
from typing import TYPE_CHECKING

from .findings import ok, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .findings import Finding

# The package by which an extra is known, and the extra.
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


def check_installation() -> Iterator[Finding]:
    """Say which releases and extras are installed, and whether they are what they seem."""
    from ... import __version__

    packages = ", ".join(f"{name} {_find_version(name)}" for name in _PACKAGES)
    yield ok("version", f"imagekitio {__version__}, Python {platform.python_version()}, {packages}")
    installed = _find_version("imagekitio")
    if installed not in (None, __version__):
        yield warning(
            "package",
            f"the installed package imagekitio is {installed}, but the code that runs is {__version__}",
            "look whether another package of that name, or a folder imagekitio, comes first on Python's path",
        )
    extras = sorted(extra for package, extra in _EXTRAS.items() if _find_version(package) is not None)
    missing = sorted({*_EXTRAS.values()} - {*extras})
    yield ok("extras", f"{', '.join(['cli', *extras])}" + (f"; not installed: {', '.join(missing)}" if missing else ""))


def _find_version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
