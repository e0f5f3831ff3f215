"""Names of a package that are loaded on first use (PEP 562), and the error if a package they need is not installed."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def make_lazy_names(
    package: str, extra: str, module_of: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return `__getattr__` and `__dir__` for a package whose public names are in modules that need an extra.

    Args:
        package: Name of the package, its ``__name__``.
        extra: Extra of imagekitio that installs the packages that the modules import.
        module_of: The module of each name, relative to the package: ``views``, or ``.events`` for a sibling of the
            package.
    Returns:
        Two functions. The first raises an AttributeError for other names, and an ImportError that says what to install.
    """

    def load(name: str) -> object:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        try:
            value: object = getattr(import_module(f".{module_of[name]}", package), name)
        except ModuleNotFoundError as exc:
            raise ImportError(
                f'{name} needs {exc.name}: install imagekitio with the extra "{extra}" (README, "Installation")'
            ) from exc
        setattr(sys.modules[package], name, value)  # this function is called once for each name
        return value

    def list_names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *module_of})

    return load, list_names
