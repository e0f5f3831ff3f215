"""The OpenAPI document: complete, valid and public."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from imagekitio.local import LocalImageKit
from imagekitio.local.api.presets.origins import TYPES
from imagekitio.local.openapi import DESCRIPTIONS

if TYPE_CHECKING:
    from tests.local.conftest import Api

PUBLISHED = list(csv.DictReader((Path(__file__).parents[2] / "data" / "operations.csv").read_text().splitlines()))


@pytest.fixture
def document(api: Api) -> dict[str, Any]:
    response = api("GET", "/openapi.json", auth=None)
    assert response.status_code == 200
    served: dict[str, Any] = response.json()
    return served


def index_operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the operations by operationId."""
    return {each["operationId"]: each for methods in document["paths"].values() for each in methods.values()}


@pytest.mark.slow
def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_any_web_page_may_read_it(api: Api) -> None:
    response = api("GET", "/openapi.json", auth=None)
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.json()["servers"] == [{"url": api.server.url}]


def test_it_describes_every_published_operation_at_its_path(document: dict[str, Any]) -> None:
    for row in PUBLISHED:
        if row["operation"].endswith("_client_side"):
            continue  # the same path as the upload from a server
        described = document["paths"][row["path"]][row["http_method"].lower()]
        assert described["operationId"] == row["operation"]
        assert set(row["success_status"].split(";")) <= described["responses"].keys()
        has_body = row["request_encoding"] in ("json", "multipart")
        assert has_body == ("requestBody" in described), row["operation"]


def test_every_described_operation_exists(document: dict[str, Any]) -> None:
    served = {name.removesuffix("_by_other_path") for name in index_operations(document)}
    assert served == DESCRIPTIONS.keys()


def test_every_variable_of_a_path_is_a_parameter(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            variables = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"]
            assert path.count("{") == len(variables)
            assert all(f"{{{name}}}" in path for name in variables)


def test_every_operation_describes_the_common_errors(document: dict[str, Any]) -> None:
    for operation in index_operations(document).values():
        assert {"401", "403", "429"} <= operation["responses"].keys()


def test_secrets_of_origins_appear_only_in_requests(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    secrets = {
        name
        for schema in TYPES.values()
        for name in schema["properties"]
        if schema["properties"][name].get("writeOnly")
    }
    assert {"secretKey", "privateKey", "sasToken", "password"} <= secrets
    for request, answer in zip(schemas["OriginRequest"]["oneOf"], schemas["Origin"]["oneOf"], strict=True):
        assert answer["properties"].keys() == {"id", *request["properties"]} - secrets


def test_exactly_the_calls_that_a_pending_folder_job_locks_describe_status_423() -> None:
    inside = {"sourceFilePath": "/a/b/c.txt", "destinationPath": "/a"}
    calls: dict[str, tuple[str, str, dict[str, Any]]] = {
        "copy_file": ("POST", "/v1/files/copy", inside),
        "move_file": ("POST", "/v1/files/move", inside),
        "rename_file": ("PUT", "/v1/files/rename", {"filePath": "/a/c.txt", "newFileName": "d.txt"}),
        "create_folder": ("POST", "/v1/folder", {"folderName": "d", "parentFolderPath": "/a/b"}),
        "delete_folder": ("DELETE", "/v1/folder", {"folderPath": "/a/b"}),
        "copy_folder": ("POST", "/v1/bulkJobs/copyFolder", {"sourceFolderPath": "/a/b", "destinationPath": "/z"}),
        "move_folder": ("POST", "/v1/bulkJobs/moveFolder", {"sourceFolderPath": "/a/b", "destinationPath": "/z"}),
        "rename_folder": ("POST", "/v1/bulkJobs/renameFolder", {"folderPath": "/a/b", "newFolderName": "d"}),
    }
    with LocalImageKit(job_delay=10) as server, server.client() as imagekit:
        server.clock.freeze()
        imagekit.upload_file(file=b"x", file_name="c.txt", folder="/a/b", use_unique_file_name=False)
        imagekit.move_folder(source_folder_path="/a/b", destination_path="/x")
        locked = set()
        for name, (method, path, body) in calls.items():
            response = requests.request(method, server.url + path, json=body, auth=(server.private_key, ""), timeout=30)
            locked |= {name} if response.status_code == 423 else set()
    assert locked == {name for name, described in DESCRIPTIONS.items() if 423 in described.errors}


def test_a_failed_job_is_described(document: dict[str, Any]) -> None:
    with LocalImageKit(job_delay=10) as server, server.client() as imagekit:
        server.clock.freeze()
        for folder in ("a", "b"):
            imagekit.create_folder(folder_name=folder, parent_folder_path="/")
        job = imagekit.move_folder(source_folder_path="/a", destination_path="/b")
        imagekit.upload_file(
            file=b"x", file_name="a", folder="/b", use_unique_file_name=False
        )  # blocks the destination
        server.clock.advance(10)
        response = requests.get(f"{server.url}/v1/bulkJobs/{job.job_id}", auth=(server.private_key, ""), timeout=30)
    assert response.json()["status"] == "Failed"
    described = index_operations(document)["get_bulk_job_status"]["responses"]["200"]["content"]["application/json"]
    schema = {**described["schema"], "components": document["components"]}
    assert list(Draft202012Validator(schema).iter_errors(response.json())) == []
