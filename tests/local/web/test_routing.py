"""The paths of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.web.operations import Operation
from imagekitio.local.web.routing import PathTable, Route, find_route

if TYPE_CHECKING:
    from tests.local.conftest import Api

GET = Operation("get", "GET", "/v1/files/{fileId}", "read")
POST = Operation("post", "POST", "/v1/files/{fileId}", "read-write")
COPY = Operation("copy", "POST", "/v1/files/copy", "read-write")
VERSION = Operation("version", "GET", "/v1/files/{fileId}/versions/{versionId}", "read")
UPLOAD = Operation("upload", "POST", "/v1/upload", "read-write", is_for_browsers=True)
TABLE = PathTable([GET, POST, COPY, VERSION, UPLOAD])
segments = st.text(st.characters(exclude_characters="/"), min_size=1)


def test_a_fixed_path_is_found_before_a_variable_one_wherever_it_stands() -> None:
    assert TABLE.find("POST", "/v1/files/copy") == Route(COPY, {}, ("GET", "HEAD", "POST"))
    assert TABLE.find("GET", "/v1/files/copy") == Route(GET, {"fileId": "copy"}, ("GET", "HEAD", "POST"))


@given(segments, segments)
def test_variables_are_the_segments_at_their_place(file_id: str, version_id: str) -> None:
    found = TABLE.find("GET", f"/v1/files/{file_id}/versions/{version_id}")
    assert found == Route(VERSION, {"fileId": file_id, "versionId": version_id}, ("GET", "HEAD"))


@pytest.mark.parametrize(
    "path", ["", "/", "/v1/files/", "/v1/files//versions/a", "/v1/files/a/b", "/v1/files/a/versions"]
)
def test_what_fits_nowhere_is_not_found(path: str) -> None:
    assert TABLE.find("GET", path) is None


def test_a_path_that_browsers_call_answers_a_preflight() -> None:
    assert TABLE.find("OPTIONS", "/v1/upload") == Route(None, {}, ("OPTIONS", "POST"))


def test_a_call_of_a_browser_has_a_name_of_its_own() -> None:
    upload, copy = TABLE.find("POST", "/v1/upload"), TABLE.find("POST", "/v1/files/copy")
    assert upload is not None
    assert copy is not None
    assert [upload.name(has_key=True), upload.name(has_key=False)] == ["upload", "upload_client_side"]
    assert [copy.name(has_key=True), copy.name(has_key=False)] == ["copy", "copy"]


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/nothing", "/v1/files/a/b/c/d", "/local/a.jpg"])
def test_the_api_has_no_other_paths(path: str) -> None:
    assert find_route("GET", path) is None


def test_a_wrong_method_is_told_all_right_ones(api: Api) -> None:
    response = api("PUT", "/v1/files/65e6c5a9b7d1f2034a5b6c7d/details")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, PATCH")


def test_who_may_get_may_head(api: Api) -> None:
    response = api("HEAD", "/v1/files")
    assert (response.status_code, response.content) == (200, b"")
