"""The paths of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.web.routing import PathTable

if TYPE_CHECKING:
    from tests.local.conftest import Api

TABLE = PathTable(
    [
        ("POST", "/v1/files/copy", "copy"),
        ("GET", "/v1/files/{fileId}", "get"),
        ("POST", "/v1/files/{fileId}", "post"),
        ("GET", "/v1/files/{fileId}/versions/{versionId}", "version"),
    ]
)
segments = st.text(st.characters(exclude_characters="/"), min_size=1)


def test_a_fixed_path_is_found_before_a_variable_one() -> None:
    assert TABLE.find("/v1/files/copy") == {"POST": ("copy", {}), "GET": ("get", {"fileId": "copy"})}


@given(segments, segments)
def test_variables_are_the_segments_at_their_place(file_id: str, version_id: str) -> None:
    found = TABLE.find(f"/v1/files/{file_id}/versions/{version_id}")
    assert found == {"GET": ("version", {"fileId": file_id, "versionId": version_id})}


@pytest.mark.parametrize(
    "path", ["", "/", "/v1/files/", "/v1/files//versions/a", "/v1/files/a/b", "/v1/files/a/versions"]
)
def test_what_fits_nowhere_is_not_found(path: str) -> None:
    assert TABLE.find(path) == {}


def test_a_wrong_method_is_told_all_right_ones(api: Api) -> None:
    response = api("PUT", "/v1/files/65e6c5a9b7d1f2034a5b6c7d/details")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, PATCH")


def test_who_may_get_may_head(api: Api) -> None:
    response = api("HEAD", "/v1/files")
    assert (response.status_code, response.content) == (200, b"")
