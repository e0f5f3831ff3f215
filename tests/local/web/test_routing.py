"""The paths of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.web.operations import Operation, find_route, name_call
from imagekitio.local.web.routing import PathTable, Route

if TYPE_CHECKING:
    from tests.local.conftest import Api

GET = Operation("get", "GET", "/v1/files/{fileId}", "read")
POST = Operation("post", "POST", "/v1/files/{fileId}", "read-write")
COPY = Operation("copy", "POST", "/v1/files/copy", "read-write")
VERSION = Operation("version", "GET", "/v1/files/{fileId}/versions/{versionId}", "read")
UPLOAD = Operation("upload", "POST", "/v1/upload", "read-write", is_for_browsers=True)
TABLE = PathTable([GET, POST, COPY, VERSION, UPLOAD])
segments = st.text(st.characters(exclude_characters="/"), min_size=1)


def test_a_fixed_path_takes_precedence_over_a_variable_one_in_any_order() -> None:
    assert TABLE.find("POST", "/v1/files/copy") == Route(COPY, {}, ("GET", "HEAD", "POST"))
    assert TABLE.find("GET", "/v1/files/copy") == Route(GET, {"fileId": "copy"}, ("GET", "HEAD", "POST"))


@given(segments, segments)
def test_variables_are_the_segments_in_their_positions(file_id: str, version_id: str) -> None:
    found = TABLE.find("GET", f"/v1/files/{file_id}/versions/{version_id}")
    assert found == Route(VERSION, {"fileId": file_id, "versionId": version_id}, ("GET", "HEAD"))


BELOW = Operation("below", "DELETE", "/v1/files/below/{user}/{path:path}", "read-write")
ANY = Operation("any", "GET", "/v1/files/{first}/{path:path}", "read")
OPEN = PathTable([GET, ANY, BELOW, VERSION])


@given(segments, st.lists(segments, min_size=1).map("/".join))
def test_a_variable_at_the_end_can_match_several_segments(user: str, path: str) -> None:
    found = OPEN.find("DELETE", f"/v1/files/below/{user}/{path}")
    assert found == Route(BELOW, {"user": user, "path": path}, ("DELETE", "GET", "HEAD"))


def test_a_longer_fixed_path_takes_precedence_over_one_that_matches_the_rest() -> None:
    assert OPEN.find("GET", "/v1/files/a") == Route(GET, {"fileId": "a"}, ("GET", "HEAD"))
    version = OPEN.find("GET", "/v1/files/a/versions/b")
    assert version == Route(VERSION, {"fileId": "a", "versionId": "b"}, ("GET", "HEAD"))
    longer = OPEN.find("GET", "/v1/files/a/versions/b/c")
    assert longer == Route(ANY, {"first": "a", "path": "versions/b/c"}, ("GET", "HEAD"))
    assert OPEN.find("DELETE", "/v1/files/below/a/") == Route(None, {}, ("GET", "HEAD"))
    assert OPEN.find("GET", "/v1/files/a/") is None


@pytest.mark.parametrize(
    "path", ["", "/", "/v1/files/", "/v1/files//versions/a", "/v1/files/a/b", "/v1/files/a/versions"]
)
def test_other_paths_are_not_found(path: str) -> None:
    assert TABLE.find("GET", path) is None


def test_a_path_for_browsers_allows_preflight_requests() -> None:
    assert TABLE.find("OPTIONS", "/v1/upload") == Route(None, {}, ("OPTIONS", "POST"))


def test_a_call_from_a_browser_has_its_own_name() -> None:
    upload, copy = TABLE.find("POST", "/v1/upload"), TABLE.find("POST", "/v1/files/copy")
    assert upload is not None
    assert copy is not None
    assert [name_call(upload, has_key=has_key) for has_key in (True, False)] == ["upload", "upload_client_side"]
    assert [name_call(copy, has_key=has_key) for has_key in (True, False)] == ["copy", "copy"]


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/nothing", "/v1/files/a/b/c/d", "/local/a.jpg"])
def test_the_api_has_no_other_paths(path: str) -> None:
    assert find_route("GET", path) is None


def test_the_response_to_a_wrong_method_lists_the_allowed_methods(api: Api) -> None:
    response = api("PUT", "/v1/files/65e6c5a9b7d1f2034a5b6c7d/details")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, PATCH")


def test_a_key_that_allows_get_allows_head(api: Api) -> None:
    response = api("HEAD", "/v1/files")
    assert (response.status_code, response.content) == (200, b"")
