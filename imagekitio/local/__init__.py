"""Local ImageKit: the API, uploads and delivery of ImageKit.io on this machine, for development and tests.

`LocalImgsrc` is the same for img-src.io, on the same base.

Needs the packages of the extra ``local``; README, "Installation", says how to install it. Its names are loaded on first
use, so that ``python -m imagekitio.local`` soon gets to handle Ctrl-C.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .base.clock import Clock
    from .base.settings import KeyPair, Settings
    from .imgsrc.settings import ApiKey, ImgsrcSettings
    from .server.imagekit import LocalImageKit
    from .server.imgsrc import LocalImgsrc

__all__ = ["ApiKey", "Clock", "ImgsrcSettings", "KeyPair", "LocalImageKit", "LocalImgsrc", "Settings"]

_MODULES = {
    "ApiKey": "imgsrc.settings",
    "Clock": "base.clock",
    "ImgsrcSettings": "imgsrc.settings",
    "KeyPair": "base.settings",
    "LocalImageKit": "server.imagekit",
    "LocalImgsrc": "server.imgsrc",
    "Settings": "base.settings",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
