"""Every operation of the published SDK against the table of the API (tests/data/operations.csv)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio import operations

if TYPE_CHECKING:
    from imagekitio.operations.core import Operation

TABLE = Path(__file__).parents[1] / "data" / "operations.csv"

FILE_ID, VERSION_ID = "65e6c5a9b7d1f2034a5b6c7d", "65e7ffffb7d1f2034a5b6d11"


def built() -> dict[str, Operation[Any]]:
    bulk, files, folders = operations.bulk, operations.files, operations.folders
    cache, custom_metadata, metadata = operations.cache, operations.custom_metadata, operations.metadata
    return {
        "list_files": files.list_files(limit=5, type="all"),
        "get_file_details": files.get_file_details(FILE_ID),
        "get_file_versions": files.get_file_versions(FILE_ID),
        "get_file_version_details": files.get_file_version_details(FILE_ID, VERSION_ID),
        "update_file_details": files.update_file_details(FILE_ID, tags=["a"]),
        "delete_file": files.delete_file(FILE_ID),
        "delete_file_version": files.delete_file_version(FILE_ID, VERSION_ID),
        "restore_file_version": files.restore_file_version(FILE_ID, VERSION_ID),
        "add_tags": bulk.add_tags([FILE_ID], ["a"]),
        "remove_tags": bulk.remove_tags([FILE_ID], ["a"]),
        "remove_ai_tags": bulk.remove_ai_tags([FILE_ID], ["a"]),
        "bulk_file_delete": bulk.bulk_file_delete([FILE_ID]),
        "copy_file": files.copy_file(source_file_path="/a.jpg", destination_path="/b"),
        "move_file": files.move_file(source_file_path="/a.jpg", destination_path="/b"),
        "rename_file": files.rename_file(file_path="/a.jpg", new_file_name="b.jpg"),
        "create_folder": folders.create_folder(folder_name="a", parent_folder_path="/"),
        "delete_folder": folders.delete_folder(folder_path="/a"),
        "copy_folder": folders.copy_folder(source_folder_path="/a", destination_path="/b"),
        "move_folder": folders.move_folder(source_folder_path="/a", destination_path="/b"),
        "get_bulk_job_status": folders.get_bulk_job_status(FILE_ID),
        "purge_file_cache": cache.purge_file_cache("https://ik.imagekit.io/acme/a.jpg"),
        "get_purge_file_cache_status": cache.get_purge_file_cache_status(FILE_ID),
        "get_file_metadata": metadata.get_file_metadata(FILE_ID),
        "get_remote_file_url_metadata": metadata.get_remote_file_url_metadata("https://ik.imagekit.io/acme/a.jpg"),
        "create_custom_metadata_fields": custom_metadata.create_custom_metadata_fields(
            name="price", label="Price", schema={"type": "Number"}
        ),
        "get_custom_metadata_fields": custom_metadata.get_custom_metadata_fields(include_deleted=True),
        "update_custom_metadata_fields": custom_metadata.update_custom_metadata_fields(FILE_ID, label="Price"),
        "delete_custom_metadata_field": custom_metadata.delete_custom_metadata_field(FILE_ID),
        "upload_file": operations.uploads.upload_file(
            b"content", "a.jpg", use_unique_file_name=False, extensions=[{"name": "remove-bg"}]
        ),
    }


def rows() -> list[dict[str, str]]:
    with TABLE.open(newline="", encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if row["sdk3_method"] != "-"]


def test_every_operation_of_the_published_sdk_is_there() -> None:
    assert list(built()) == [row["sdk3_method"] for row in rows()]
    assert len(built()) == 29


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row["operation"]))
def test_method_host_path_and_repeatability_are_those_of_the_table(row: dict[str, str]) -> None:
    request = built()[row["sdk3_method"]].request
    path = row["path"]
    for variable in ("{fileId}", "{jobId}", "{requestId}", "{id}"):
        path = path.replace(variable, FILE_ID)
    assert request.path.partition("?")[0] == path.replace("{versionId}", VERSION_ID)
    assert request.method == row["http_method"]
    assert f"{request.host}.imagekit.io" == row["host"]
    assert request.idempotent == (row["idempotent"] == "yes")


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row["operation"]))
def test_the_request_carries_what_the_table_says(row: dict[str, str]) -> None:
    request = built()[row["sdk3_method"]].request
    carries = "none"
    if "?" in request.path:
        carries = "query"
    elif isinstance(request.body, bytes):
        carries = "json"
    elif request.body is not None:
        carries = "multipart"
    assert carries == row["request_encoding"]
