"""Custom metadata fields over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import requests

    from tests.local.conftest import Api

PATH = "/v1/customMetadataFields"
UNKNOWN = "65e6c5a9b7d1f2034a5b6c7d"
NUMBER = {"type": "Number", "minValue": 0, "maxValue": 3000}


def create(api: Api, name: str = "price", label: str = "Price", schema: Any = NUMBER, **body: Any) -> requests.Response:
    return api("POST", PATH, json={"name": name, "label": label, "schema": schema, **body})


def test_a_field_is_created_and_listed(api: Api) -> None:
    created = create(api)
    assert created.status_code == 201
    assert created.json() == {"id": created.json()["id"], "name": "price", "label": "Price", "schema": NUMBER}
    other = create(api, "brand", "Brand", {"type": "Text"}, description="Who made it").json()
    assert other["description"] == "Who made it"
    assert api("GET", PATH, params={"folderPath": "/any"}).json() == [created.json(), other]


def test_deleting_a_field_frees_its_label_but_not_its_name(api: Api) -> None:
    field_id = create(api).json()["id"]
    assert create(api, label="Other").json()["message"] == "A custom metadata field with this name already exists."
    assert create(api, "cost").json()["message"] == "A custom metadata field with this label already exists."
    deleted = api("DELETE", f"{PATH}/{field_id}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert create(api).json()["message"] == "A custom metadata field with this name already exists."
    assert create(api, "cost").status_code == 201
    assert [field["name"] for field in api("GET", PATH).json()] == ["cost"]
    listed = api("GET", PATH, params={"includeDeleted": "true"}).json()
    assert [field["name"] for field in listed] == ["price", "cost"]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"name": ""}, {"name": "should be of type string"}),
        ({"label": 5}, {"label": "should be of type string"}),
        ({"schema": None}, {"schema": "is required"}),
        ({"schema": {"type": "Number", "minValue": "x"}}, {"minValue": "should be of type number"}),
        ({"description": "x" * 501}, {"description": "should be a string of at most 500 characters"}),
        (
            {"name": "_internal_original_created_datetime"},
            {"name": "should not start with _internal_, which is reserved"},
        ),
    ],
)
def test_an_invalid_field_is_refused_with_reasons(api: Api, body: dict[str, Any], errors: dict[str, str]) -> None:
    response = api("POST", PATH, json={"name": "price", "label": "Price", "schema": NUMBER, **body})
    assert (response.status_code, response.json()["message"]) == (400, "Invalid field object")
    assert errors.items() <= response.json()["errors"].items()


def test_an_update_replaces_the_schema_except_its_type(api: Api) -> None:
    field_id = create(api).json()["id"]
    body = {"label": "Cost", "schema": {"type": "Text", "minValue": 1}, "description": "d"}
    updated = api("PATCH", f"{PATH}/{field_id}", json=body)
    assert updated.status_code == 200
    schema = {"type": "Number", "minValue": 1}
    assert updated.json() == {"id": field_id, "name": "price", "label": "Cost", "schema": schema, "description": "d"}
    cleared = api("PATCH", f"{PATH}/{field_id}", json={"description": ""}).json()
    assert cleared == {"id": field_id, "name": "price", "label": "Cost", "schema": schema}
    assert api("GET", PATH).json() == [cleared]


def test_an_invalid_update_is_refused(api: Api) -> None:
    field_id, other = create(api).json()["id"], create(api, "b", "B").json()["id"]
    for body, message in (
        ({}, "Either label or schema should be provided."),
        ({"name": "x", "label": "X"}, "Name cannot be updated."),
        ({"label": "B"}, "A custom metadata field with this label already exists."),
        ({"schema": {"minLength": 1}}, "Invalid schema object."),
    ):
        response = api("PATCH", f"{PATH}/{field_id}", json=body)
        assert (response.status_code, response.json()["message"]) == (400, message)
    assert api("PATCH", f"{PATH}/{field_id}", json={"label": "Price"}).status_code == 200
    api("DELETE", f"{PATH}/{other}")
    deleted = api("PATCH", f"{PATH}/{other}", json={"label": "X"})
    assert (deleted.status_code, deleted.json()["message"]) == (400, "Cannot update a deleted custom metadata fields.")


def test_malformed_and_unknown_ids_are_refused(api: Api) -> None:
    for method in ("PATCH", "DELETE"):
        malformed = api(method, f"{PATH}/abc", json={"label": "X"})
        assert malformed.json()["message"] == "Your request contains invalid ID parameter."
        missing = api(method, f"{PATH}/{UNKNOWN}", json={"label": "X"})
        assert (missing.status_code, missing.json()["message"]) == (404, "No such custom metadata field exists.")


def test_values_of_a_deleted_field_disappear(api: Api) -> None:
    field_id = create(api).json()["id"]
    create(api, "brand", "Brand", {"type": "Text"})
    file_id = api.upload("a.txt", customMetadata='{"price": 5, "brand": "x"}')["fileId"]
    api("DELETE", f"{PATH}/{field_id}")
    assert api.details(file_id)["customMetadata"] == {"brand": "x"}
    assert api("DELETE", f"{PATH}/{field_id}").status_code == 404
