from __future__ import annotations

from typing import Any

import pytest

from imagekitio.models.results import FileResult, FolderResult, UploadFileResult, VersionInfo
from imagekitio.operations import bulk, files
from imagekitio.operations.ids import read_file_id

ID = "65e6c5a9b7d1f2034a5b6c7d"
VERSION_ID = "65e6c5a9b7d1f2034a5b6c70"
VERSION = VersionInfo(id=VERSION_ID, name="Version 1")


@pytest.mark.parametrize("file", [ID, FileResult(file_id=ID), UploadFileResult(file_id=ID)])
def test_a_file_can_be_given_by_its_id_or_as_it_was_listed(file: Any) -> None:
    assert files.get_file_details(file).request == files.get_file_details(ID).request
    assert bulk.add_tags([file, ID], ["a"]).request == bulk.add_tags([ID, ID], ["a"]).request


@pytest.mark.parametrize("version", [VERSION_ID, VERSION, FileResult(file_id=ID, version_info=VERSION)])
def test_a_version_can_be_given_by_its_id_or_as_it_was_listed(version: Any) -> None:
    expected = files.get_file_version_details(ID, VERSION_ID).request
    assert files.get_file_version_details(FileResult(file_id=ID), version).request == expected


@pytest.mark.parametrize(
    ("file", "error", "message"),
    [
        (FolderResult(folder_path="/shop"), ValueError, "a folder has no file ID .got '/shop'."),
        (UploadFileResult(message="queued"), ValueError, "no ID yet: its upload is still queued"),
        ({"file_id": ID}, TypeError, "file_id must be a str, or a file as listed or uploaded .got dict."),
        (VERSION, TypeError, "file_id must be a str, or a file"),
        ("", ValueError, "file_id must not be empty"),
    ],
)
def test_an_object_without_a_file_id_is_refused(file: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read_file_id(file)
    with pytest.raises(error, match=message.replace("file_id must", "every entry of file_ids must")):
        bulk.bulk_file_delete([file])


@pytest.mark.parametrize(
    ("version", "error", "message"),
    [
        (None, TypeError, "version_id is missing"),
        (FileResult(file_id=ID), TypeError, "version_id is missing"),
        (3, TypeError, "version_id must be a str, a VersionInfo or a file .got int."),
        (" ", ValueError, "version_id must not be empty"),
    ],
)
def test_an_object_without_a_version_id_is_refused(version: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        files.get_file_version_details(ID, version)


def test_a_single_file_instead_of_a_list_is_refused() -> None:
    for files_given in (FileResult(file_id=ID), ID, {ID: 1}):
        with pytest.raises(TypeError, match="file_ids must be a list of IDs or files"):
            bulk.remove_tags(files_given, ["a"])  # type: ignore[arg-type]
