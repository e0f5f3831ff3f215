"""The calls of the API as plain data, one module per subject; modules are loaded on first use.

``files.copy_file(…)`` returns an `Operation`: the request to send and the function that reads the response. Nothing
here opens a socket; see `imagekitio.transports`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from . import account as account
    from . import bulk as bulk
    from . import cache as cache
    from . import custom_metadata as custom_metadata
    from . import files as files
    from . import folders as folders
    from . import metadata as metadata
    from . import paging as paging
    from . import uploads as uploads

_SUBJECTS = ("account", "bulk", "cache", "custom_metadata", "files", "folders", "metadata", "paging", "uploads")


def __getattr__(name: str) -> ModuleType:
    if name not in _SUBJECTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return import_module(f"{__name__}.{name}")  # also sets the attribute, so that __getattr__ runs once per module
