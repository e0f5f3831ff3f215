"""Public names that are loaded on first use."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from imagekitio.contrib.lazy import make_lazy_names

MODULE_OF = {"Shoe": "shoes", "Shelf": ".shelves", "Boot": "boots"}


class Shoe:
    """What the module of a package holds."""


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A package with one module in it, and one beside it."""
    modules = {name: ModuleType(name) for name in ("shop", "shop.all", "shop.all.shoes", "shop.shelves")}
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    modules["shop.all"].__path__ = []
    for name in ("shop.all.shoes", "shop.shelves"):
        modules[name].__dict__.update(Shoe=Shoe, Shelf=[Shoe])
    package = modules["shop.all"]
    package.__dict__.update(
        zip(("__getattr__", "__dir__"), make_lazy_names("shop.all", "shop", MODULE_OF), strict=True)
    )
    return package


def test_a_name_is_loaded_once_from_its_module(package: ModuleType) -> None:
    assert "Shoe" not in vars(package)
    assert package.Shoe is Shoe
    assert package.Shelf == [Shoe]
    assert vars(package)["Shoe"] is Shoe


def test_names_are_listed_before_they_are_loaded(package: ModuleType) -> None:
    assert {"Boot", "Shelf", "Shoe", "__name__"} <= {*dir(package)}
    assert dir(package) == sorted({*dir(package)})


def test_an_unknown_name_is_an_error_as_in_any_module(package: ModuleType) -> None:
    with pytest.raises(AttributeError, match=r"module 'shop\.all' has no attribute 'Sho'"):
        package.Sho  # noqa: B018
    assert not hasattr(package, "__wrapped__")


def test_a_missing_package_is_an_error_that_names_the_extra(package: ModuleType) -> None:
    with pytest.raises(ImportError, match=r'Boot needs shop\.all\.boots: install imagekitio with the extra "shop"'):
        package.Boot  # noqa: B018
    assert "Boot" not in vars(package)
