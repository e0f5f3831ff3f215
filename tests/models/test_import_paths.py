"""The documented import paths, one module per class."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

from imagekitio import exceptions, models
from imagekitio.models import results

from ..documents import ROOT

PACKAGES: tuple[ModuleType, ...] = (exceptions, models, results)


def list_alias_modules(package: ModuleType) -> list[str]:
    (folder,) = package.__path__
    return sorted(path.stem for path in Path(folder).glob("[A-Z]*.py"))


@pytest.mark.parametrize(
    ("package", "name"), [(package, name) for package in PACKAGES for name in list_alias_modules(package)]
)
def test_the_module_of_a_class_has_the_class_of_its_package(package: ModuleType, name: str) -> None:
    module = importlib.import_module(f"{package.__name__}.{name}")
    assert isinstance(module, ModuleType)
    assert inspect.isclass(getattr(package, name))
    assert getattr(module, name) is getattr(package, name)
    # pytest adds names with @ to the modules of every package that provides a plugin.
    assert [public for public in vars(module) if not public.startswith(("__", "@"))] == [name]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_exports_all_its_classes_in_order(package: ModuleType) -> None:
    assert set(list_alias_modules(package)) <= set(package.__all__)
    assert len(set(package.__all__)) == len(package.__all__)
    for name in package.__all__:
        assert not isinstance(getattr(package, name), ModuleType)


def test_all_published_names_exist() -> None:
    assert set(list_alias_modules(models)) == {
        "CopyFileRequestOptions",
        "CopyFolderRequestOptions",
        "CreateCustomMetadataFieldsRequestOptions",
        "CreateFolderRequestOptions",
        "CustomMetaDataTypeEnum",
        "CustomMetadataFieldsSchema",
        "DeleteFolderRequestOptions",
        "ListAndSearchFileRequestOptions",
        "MoveFileRequestOptions",
        "MoveFolderRequestOptions",
        "RenameFileRequestOptions",
        "UpdateCustomMetadataFieldsRequestOptions",
        "UpdateFileRequestOptions",
        "UploadFileRequestOptions",
    }
    assert set(list_alias_modules(results)) == {
        "AITags",
        "BulkDeleteFileResult",
        "CustomMetadataFieldsResult",
        "CustomMetadataFieldsResultWithResponseMetadata",
        "CustomMetadataSchema",
        "EmbeddedMetadata",
        "FileResult",
        "FileResultWithResponseMetadata",
        "FolderResult",
        "GetBulkJobStatusResult",
        "GetMetadataResult",
        "ListCustomMetadataFieldsResult",
        "ListFileResult",
        "MetadataExif",
        "PurgeCacheResult",
        "PurgeCacheStatusResult",
        "RenameFileResult",
        "ResponseMetadata",
        "ResponseMetadataResult",
        "TagsResult",
        "UploadFileResult",
        "VersionInfo",
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_the_page_about_release_4_lists_every_path(package: ModuleType) -> None:
    page = (ROOT / "docs" / "migration" / "from-4.md").read_text(encoding="utf-8")
    (row,) = [line for line in page.splitlines() if line.startswith(f"| `{package.__name__}.NAME` ")]
    assert sorted(re.findall(r"`(\w+)`", row.split("|")[2])) == list_alias_modules(package)
