"""The client of img-src.io, the second service, built on the same core as ImageKit.

Code written for the package `img-src` runs if you replace `img_src` with `imagekitio.imgsrc` in its imports. Public
names are loaded on first use (PEP 562), so an application that only builds URLs never loads an HTTP library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import errors as errors
    from . import models as models
    from .aio import AsyncImgsrc as AsyncImgsrc
    from .client import Imgsrc as Imgsrc
    from .retries import BackoffStrategy as BackoffStrategy
    from .retries import RetryConfig as RetryConfig
    from .types import UNSET as UNSET
    from .urls import UrlOptions as UrlOptions

__all__ = ["UNSET", "AsyncImgsrc", "BackoffStrategy", "Imgsrc", "RetryConfig", "UrlOptions", "errors", "models"]

_MODULES = {
    "UNSET": "types",
    "AsyncImgsrc": "aio",
    "BackoffStrategy": "retries",
    "Imgsrc": "client",
    "RetryConfig": "retries",
    "UrlOptions": "urls",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    if name in _MODULES:
        value: object = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    else:
        value = import_module(f"{__name__}.{name}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
