from __future__ import annotations

import inspect
import pydoc
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

import imagekitio
from imagekitio.models import account
from imagekitio.models.options import Options

if TYPE_CHECKING:
    from pathlib import Path


def test_all_is_sorted_and_complete() -> None:
    names = [name for name in imagekitio.__all__ if not name.startswith("__")]
    # As ruff sorts: constants, then classes, then functions.
    assert names == sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    assert set(imagekitio.__all__) == {*imagekitio._MODULE_OF, "__version__"}


@pytest.mark.parametrize("name", [name for name in imagekitio.__all__ if name != "__version__"])
def test_a_public_name_is_the_object_of_its_module(name: str) -> None:
    value = getattr(imagekitio, name)
    assert not isinstance(value, ModuleType)
    assert name in dir(imagekitio)
    if inspect.isclass(value):
        assert getattr(imagekitio, value.__name__) is value
        assert value.__name__ == name or name.endswith("Error")  # exceptions have other names in release 5


def test_help_shows_what_methods_take_and_return() -> None:
    shown = pydoc.plain(pydoc.render_doc(imagekitio))
    for name in ("Change", "FileResult", "ParsedUrl", "Retry", "Succeeded", "UploadFileResult", "UrlTemplate"):
        assert f"class {name}(" in shown or f"class {name}\n" in shown, name
    assert "    Done = " in shown
    assert "clean_file_name(name: 'str')" in shown


def test_every_exception_is_a_public_name() -> None:
    assert set(imagekitio.exceptions.__all__) <= set(imagekitio.__all__)


def test_every_option_class_is_a_public_name() -> None:
    of_account = {
        name
        for name in account.__all__
        if issubclass(getattr(account, name), Options) and getattr(account, name) is not account.Origin
    }
    assert {*imagekitio.models.__all__, *of_account} <= set(imagekitio.__all__)
    assert "S3Origin" in of_account


def test_the_names_of_the_account_are_sorted_and_complete() -> None:
    classes = {
        name
        for name, value in vars(account).items()
        if inspect.isclass(value) and not name.startswith("_") and value.__module__.startswith(account.__name__)
    }
    assert account.__all__ == sorted(classes)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'imagekitio' has no attribute 'ImageKitt'"):
        getattr(imagekitio, "ImageKitt")  # noqa: B009
    with pytest.raises(ImportError):
        exec("from imagekitio import ImageKitt")


def test_the_version_is_that_of_the_installed_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    metadata = tmp_path / "imagekitio-9.8.7.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: imagekitio\nVersion: 9.8.7\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    # Set before it is deleted, so that pytest removes this test's version afterwards.
    monkeypatch.setitem(vars(imagekitio), "__version__", "unknown")
    monkeypatch.delitem(vars(imagekitio), "__version__")
    assert imagekitio.__version__ == "9.8.7"
