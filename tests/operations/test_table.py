"""Every operation against the table of the API (tests/data/operations.csv)."""

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


def build_operations() -> dict[str, Operation[Any]]:
    bulk, files, folders = operations.bulk, operations.files, operations.folders
    account = operations.account
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
        "rename_folder": folders.rename_folder(folder_path="/a", new_folder_name="b"),
        "upload_file": operations.uploads.upload_file(
            b"content", "a.jpg", use_unique_file_name=False, extensions=[{"name": "remove-bg"}]
        ),
        "upload_file_v2": operations.uploads.upload_file_v2(
            b"content", "a.jpg", use_unique_file_name=False, extensions=[{"name": "remove-bg"}]
        ),
        "get_usage": account.usage.get_usage("2024-03-01", "2024-04-01"),
        "get_usage_analytics": account.usage.get_usage_analytics("2024-03-01", "2024-04-01"),
        "create_origin": account.origins.create_origin(type="WEB_PROXY", name="a"),
        "list_origins": account.origins.list_origins(),
        "get_origin": account.origins.get_origin(FILE_ID),
        "update_origin": account.origins.update_origin(FILE_ID, type="WEB_PROXY", name="a"),
        "delete_origin": account.origins.delete_origin(FILE_ID),
        "create_url_endpoint": account.url_endpoints.create_url_endpoint(description="a", url_prefix="b"),
        "list_url_endpoints": account.url_endpoints.list_url_endpoints(),
        "get_url_endpoint": account.url_endpoints.get_url_endpoint(FILE_ID),
        "update_url_endpoint": account.url_endpoints.update_url_endpoint(FILE_ID, description="a"),
        "delete_url_endpoint": account.url_endpoints.delete_url_endpoint(FILE_ID),
        "create_webhook": account.webhooks.create_webhook(endpoint="https://a.example", events=["file.created"]),
        "list_webhooks": account.webhooks.list_webhooks(),
        "get_webhook": account.webhooks.get_webhook(FILE_ID),
        "update_webhook": account.webhooks.update_webhook(FILE_ID, enabled=False),
        "delete_webhook": account.webhooks.delete_webhook(FILE_ID),
        "create_saved_extension": account.saved_extensions.create_saved_extension(
            name="a", description="b", config={"name": "remove-bg"}
        ),
        "list_saved_extensions": account.saved_extensions.list_saved_extensions(),
        "get_saved_extension": account.saved_extensions.get_saved_extension(FILE_ID),
        "update_saved_extension": account.saved_extensions.update_saved_extension(FILE_ID, name="a"),
        "delete_saved_extension": account.saved_extensions.delete_saved_extension(FILE_ID),
        "create_named_transformation": account.named_transformations.create_named_transformation(
            name="a", transformation="w-3"
        ),
        "list_named_transformations": account.named_transformations.list_named_transformations(),
        "get_named_transformation": account.named_transformations.get_named_transformation(FILE_ID),
        "update_named_transformation": account.named_transformations.update_named_transformation(FILE_ID, name="a"),
        "delete_named_transformation": account.named_transformations.delete_named_transformation(FILE_ID),
    }


def read_rows() -> list[dict[str, str]]:
    with TABLE.open(newline="", encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if not row["operation"].endswith("_client_side")]


def test_the_operations_are_those_of_the_table() -> None:
    assert sorted(build_operations()) == sorted(row["operation"] for row in read_rows())
    assert len(build_operations()) == 58


@pytest.mark.parametrize("row", read_rows(), ids=lambda row: str(row["operation"]))
def test_method_host_path_and_idempotency_match_the_table(row: dict[str, str]) -> None:
    request = build_operations()[row["operation"]].request
    path = row["path"]
    for variable in ("{fileId}", "{jobId}", "{requestId}", "{id}"):
        path = path.replace(variable, FILE_ID)
    assert request.path.partition("?")[0] == path.replace("{versionId}", VERSION_ID)
    assert request.method == row["http_method"]
    assert f"{request.host}.imagekit.io" == row["host"]
    assert request.idempotent == (row["idempotent"] == "yes")


@pytest.mark.parametrize("row", read_rows(), ids=lambda row: str(row["operation"]))
def test_the_request_contains_what_the_table_says(row: dict[str, str]) -> None:
    request = build_operations()[row["operation"]].request
    carries = "none"
    if "?" in request.path:
        carries = "query"
    elif isinstance(request.body, bytes):
        carries = "json"
    elif request.body is not None:
        carries = "multipart"
    assert carries == row["request_encoding"]
