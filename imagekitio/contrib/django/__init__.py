"""ImageKit for Django: put ``imagekitio.contrib.django`` into ``INSTALLED_APPS`` and its settings into ``IMAGEKIT``.

The names are loaded on first use: Django imports this module before its apps are ready.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .configuration import get_client as get_client
    from .storage import ImageKitStorage as ImageKitStorage

_MODULE_OF = {
    "ImageKitStorage": "storage",
    "get_client": "configuration",
}

__all__ = [
    "ImageKitStorage",
    "get_client",
]


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
