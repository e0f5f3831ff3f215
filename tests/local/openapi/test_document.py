"""The OpenAPI document: complete, right by its own standard, and open to everybody."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

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


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """By operationId."""
    return {each["operationId"]: each for methods in document["paths"].values() for each in methods.values()}


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_any_page_may_read_it(api: Api) -> None:
    response = api("GET", "/openapi.json", auth=None)
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.json()["servers"] == [{"url": api.server.url}]


def test_it_describes_every_published_operation_at_its_path(document: dict[str, Any]) -> None:
    for row in PUBLISHED:
        if row["operation"].endswith("_client_side"):
            continue  # the same path as from a server
        described = document["paths"][row["path"]][row["http_method"].lower()]
        assert described["operationId"] == row["operation"]
        assert set(row["success_status"].split(";")) <= described["responses"].keys()
        has_body = row["request_encoding"] in ("json", "multipart")
        assert has_body == ("requestBody" in described), row["operation"]


def test_everything_described_is_served(document: dict[str, Any]) -> None:
    served = {name.removesuffix("_by_other_path") for name in operations(document)}
    assert served == DESCRIPTIONS.keys()


def test_every_variable_of_a_path_is_a_parameter(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            variables = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"]
            assert path.count("{") == len(variables)
            assert all(f"{{{name}}}" in path for name in variables)


def test_every_operation_tells_the_common_errors(document: dict[str, Any]) -> None:
    for operation in operations(document).values():
        assert {"401", "403", "429"} <= operation["responses"].keys()


def test_secrets_of_origins_are_in_requests_alone(document: dict[str, Any]) -> None:
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
