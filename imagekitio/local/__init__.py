"""Local ImageKit: the API, uploads and delivery of ImageKit.io on your own machine, for development and tests.

`LocalImgsrc` does the same for img-src.io, and shares most of the code.

Local servers need the packages of the extra ``local``; README, "Installation", explains how to install it. The names
are loaded on first use, so that ``python -m imagekitio.local`` can handle Ctrl-C early.
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
