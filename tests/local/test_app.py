"""Rules for every request: routes, headers and bodies; and no operation is missing."""

from __future__ import annotations

import csv
import json
import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagekitio.local import LocalImageKit
from imagekitio.local.web import operations
from tests.local.conftest import Api

if TYPE_CHECKING:
    import requests


OPERATIONS = list(csv.DictReader((Path(__file__).parents[1] / "data" / "operations.csv").read_text().splitlines()))


def test_every_operation_of_the_published_sdk_and_rename_folder_have_a_route() -> None:
    # The names of the variables are not part of the interface.
    def normalise(method: str, path: str) -> tuple[str, str]:
        return method, re.sub(r"\{\w+\}", "{}", path)

    expected = {
        normalise(row["http_method"], row["path"])
        for row in OPERATIONS
        if row["sdk3_method"] != "-" or row["operation"] == "rename_folder"
    }
    there = {normalise(operation.method, operation.path) for operation in operations.OPERATIONS}
    assert len(expected) == 30
    assert expected <= there


def test_the_date_of_a_response_comes_from_the_clock(api: Api, server: LocalImageKit) -> None:
    server.clock.freeze(1_000_000_000)
    assert api("GET", "/v1/files").headers["date"] == "Sun, 09 Sep 2001 01:46:40 GMT"


def test_every_response_has_a_request_id_and_can_be_read_by_any_page(api: Api) -> None:
    for response in (api("GET", "/v1/files"), api("GET", "/v1/files", auth=None), api("GET", "/v1/nothing")):
        assert response.headers["content-type"] == "application/json; charset=utf-8"
        assert response.headers["access-control-allow-origin"] == "*"
        assert uuid.UUID(response.headers["x-ik-requestId"]).version == 4
        assert response.headers["x-request-id"] == response.headers["x-ik-requestid"]
        assert response.headers["date"]
    assert api("GET", "/v1/files").headers["etag"]


def find_readable_headers(response: requests.Response) -> set[str]:
    """Return the headers that fetch() in a page of another origin can read (Fetch standard, "CORS-safelisted")."""
    assert response.headers["access-control-allow-origin"] == "*"
    exposed = response.headers["access-control-expose-headers"].split(", ")
    return {*exposed, "cache-control", "content-length", "content-type", "last-modified"}


def test_pages_of_any_origin_can_read_the_headers_of_every_response(jpeg: bytes) -> None:
    with LocalImageKit(rate_limits=((100, 1),), rate_limit_headers=True) as server:
        own = Api(server)
        own.upload("a.jpg", jpeg)
        endpoint = server.url_endpoint
        answers = {
            "GET /v1/files": {"etag", "x-ratelimit-limit", "x-ratelimit-reset", "x-ratelimit-interval"},
            "GET /v1/files?limit=x": set[str](),
            f"GET {endpoint}/a.jpg": {"etag", "accept-ranges"},
            f"GET {endpoint}/tr:w-9/a.jpg?ik-attachment=true": {"etag", "content-disposition"},
            f"GET {endpoint}/none.jpg": {"ik-error"},
            f"GET {endpoint}/{'a' * 20_000}": set[str](),
            f"PUT {endpoint}/a.jpg": {"ik-error", "allow"},
        }
        for asked, expected in answers.items():
            method, _, path = asked.partition(" ")
            response = own(method, path)
            present = {name.lower() for name in response.headers if not name.lower().startswith("access-control-")}
            assert find_readable_headers(response) >= {*expected, "x-request-id", "x-ik-requestid"}
            assert find_readable_headers(response) >= present - {"date", "connection"}
        uploaded = own.try_upload("b.txt")
        assert find_readable_headers(uploaded) >= {"etag", "x-request-id"}
        server.faults.add(status=429, headers={"X-Odd": "1"})
        assert find_readable_headers(own("GET", f"{endpoint}/a.jpg")) >= {"x-odd", "x-ratelimit-reset"}
        server.faults.add(status=503, headers={"Access-Control-Allow-Origin": "https://shop.example"})
        refused = own("GET", "/v1/files")
        assert refused.headers["access-control-allow-origin"] == "https://shop.example"  # and nothing else


def test_an_unknown_path_and_a_wrong_method_get_a_json_response(api: Api) -> None:
    unknown, wrong = api("GET", "/v1/nothing"), api("PUT", "/v1/files")
    assert (unknown.status_code, unknown.json()) == (404, {"message": "Not Found"})
    assert (wrong.status_code, wrong.json()) == (405, {"message": "Method Not Allowed"})
    assert wrong.headers["allow"] == "GET, HEAD"
    several = api("POST", "/v1/files/65e6c5a9b7d1f2034a5b6c7d/details")
    assert (several.status_code, several.headers["allow"]) == (405, "GET, HEAD, PATCH")


@pytest.mark.parametrize("path", ["/v1/files/", "/v1/files//", "/v1/customMetadataFields/"])
def test_trailing_slashes_are_tolerated(api: Api, path: str) -> None:
    assert api("GET", path).status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"null", b'"text"', b"\xff", b'{"a": NaN}', b'{"a": "\\ud800"}', b"[" * 100_000, b'{"a":' * 10_000],
)
def test_a_body_that_is_not_a_json_object_is_refused(api: Api, body: bytes) -> None:
    response = api("POST", "/v1/folder", data=body)
    assert response.status_code == 400
    assert response.json()["message"] == "Your request contains invalid JSON."


def test_a_body_over_a_megabyte_is_too_large(api: Api) -> None:
    body = json.dumps({"folderName": "a", "parentFolderPath": "/", "padding": "x" * (1 << 20)})
    response = api("POST", "/v1/folder", data=body)
    assert response.status_code == 413
    assert api.assets(type="folder") == []


def test_an_empty_json_body_is_accepted_if_no_body_is_needed(api: Api) -> None:
    file_id = api.upload()["fileId"]
    headers = {"Content-Type": "application/json"}
    assert api("DELETE", f"/v1/files/{file_id}", headers=headers).status_code == 204


MEMBERS = (
    *("fileIds", "tags", "AITags", "sourceFilePath", "destinationPath", "filePath", "newFileName", "folderName"),
    *("parentFolderPath", "folderPath", "sourceFolderPath", "newFolderName", "url", "name", "label", "schema"),
    *("customMetadata", "publish", "purgeCache", "description"),
)
LIST_PARAMETERS = (
    *("type", "sort", "path", "searchQuery", "fileType", "limit", "skip", "tags", "name", "includeFolder"),
)
PATHS = st.sampled_from([(operation.method, operation.path) for operation in operations.OPERATIONS])
VALUES: st.SearchStrategy[object] = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=10) | st.lists(st.text(max_size=3), max_size=2)
)
KEYS = st.sampled_from(MEMBERS)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(PATHS, st.dictionaries(KEYS, VALUES), st.text(min_size=1, max_size=5) | st.just("65e6c5a9b7d1f2034a5b6c7d"))
def test_any_request_gets_a_json_response_and_causes_no_failure(
    api: Api, operation: tuple[str, str], body: dict[str, object], variable: str
) -> None:
    method, path = operation
    path = re.sub(r"\{\w+\}", re.sub(r"[^\w-]", "-", variable), path)
    response = api(method, path, json=body)
    assert response.status_code < 500, response.text
    assert response.status_code == 204 or response.json() is not None
    if response.status_code >= 400:
        assert response.json()["message"]


QUERY = st.dictionaries(
    st.sampled_from(LIST_PARAMETERS),
    st.sampled_from(["all", "ASC_NAME", "/", "true", "5", 'name = "a"']) | st.text(max_size=8),
)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(QUERY)
def test_any_list_query_is_answered_or_refused(api: Api, query: dict[str, str]) -> None:
    assert api("GET", "/v1/files", params=query).status_code in (200, 400)
