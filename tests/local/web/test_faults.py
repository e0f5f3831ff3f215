"""Injected faults: what the client sees, and what the server has done."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
import requests

from imagekitio import TimeoutException
from imagekitio.local.imgsrc.operations import NAMES as IMGSRC_NAMES
from imagekitio.local.web.faults import Fault, Faults
from imagekitio.local.web.operations import NAMES
from imagekitio.policies import Retry

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.local.conftest import Api

AT_ONCE = Retry(base_seconds=0)


def test_a_status_is_returned_for_the_given_number_of_requests(api: Api) -> None:
    fault = api.server.faults.add(status=503, times=2)
    responses = [api("GET", "/v1/files") for _ in range(3)]
    assert [response.status_code for response in responses] == [503, 503, 200]
    assert responses[0].json()["message"] == "Service Unavailable (an injected fault)."
    assert responses[0].headers["x-ik-requestid"]
    assert fault.hits == 2
    assert api.server.faults.list() == []


def test_the_server_acts_only_if_the_fault_comes_after(api: Api) -> None:
    api.server.faults.add(status=500, operation="upload_file")
    assert api.try_upload("a.txt").status_code == 500
    assert api.paths() == []
    api.server.faults.add(status=500, when="after", operation="upload_file")
    assert api.try_upload("a.txt").status_code == 500
    assert api.paths() == ["/a.txt"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("size", [5, 3_000_000])
def test_a_connection_can_be_reset_before_or_after_the_server_acts(api: Api, when: Any, size: int) -> None:
    api.server.faults.add(reset=True, when=when)
    with pytest.raises(requests.ConnectionError):
        api.try_upload("a.txt", bytes(size))
    assert api.paths() == (["/a.txt"] if when == "after" else [])
    assert api.server.requests[0].status is None


def test_a_truncated_response_ends_after_half_of_its_body(api: Api) -> None:
    api.upload("a.bin", bytes(1_000_001))
    api.server.faults.add(truncate=True, operation="delivery")
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="500000 bytes read, 500001 more expected"):
        api("GET", f"{api.server.url_endpoint}/a.bin")
    assert len(api("GET", f"{api.server.url_endpoint}/a.bin").content) == 1_000_001


def test_truncating_a_response_without_a_body_resets_the_connection(api: Api) -> None:
    file_id = api.upload()["fileId"]
    api.server.faults.add(truncate=True, times=2)
    with pytest.raises(requests.ConnectionError):
        api("HEAD", f"{api.server.url_endpoint}/a.txt")
    with pytest.raises(requests.ConnectionError):
        api("DELETE", f"/v1/files/{file_id}")
    assert api.paths() == []


def test_the_response_with_an_injected_status_can_be_truncated_too(api: Api) -> None:
    api.server.faults.add(status=500, truncate=True, operation="upload_file")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        api.try_upload()
    assert api.paths() == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_delay_makes_the_client_wait(api: Api, when: Any) -> None:
    api.server.faults.add(delay=0.2, when=when)
    started_at = time.perf_counter()
    assert api.try_upload().status_code == 200
    assert time.perf_counter() - started_at >= 0.2


def test_a_request_may_succeed_after_its_client_has_timed_out(api: Api) -> None:
    api.server.faults.add(delay=0.4, when="after", operation="create_folder")
    with api.server.client(timeout=0.2, retry=1) as client, pytest.raises(TimeoutException):
        client.create_folder(folder_name="f", parent_folder_path="/")
    assert api.paths(type="folder") == ["/f"]
    while "create_folder" not in [request.operation for request in api.server.requests]:
        time.sleep(0.01)  # so that it does not end during the next test


def test_a_fault_hits_requests_that_match_its_operation_and_path(api: Api) -> None:
    file_id = api.upload("a.txt")["fileId"]
    api.server.faults.add(status=500, times=None, operation="get_file_details")
    api.server.faults.add(status=502, times=None, path="/local/shop/*.jpg")
    api.server.faults.add(status=503, times=None, operation="upload_file_client_side")
    assert api("GET", f"/v1/files/{file_id}/details/").status_code == 500
    assert api("GET", f"/v1/files/{file_id}/versions").status_code == 200
    assert api("GET", f"{api.server.url_endpoint}/shop/new%20shoes/a.jpg").status_code == 502
    assert api("GET", f"{api.server.url_endpoint}/a.txt").status_code == 200
    assert api.try_upload().status_code == 200
    assert api.try_upload(auth=lambda request: request).status_code == 503


def test_faults_do_not_hit_the_control_api(api: Api) -> None:
    api.server.faults.add(status=500, times=None)
    assert api("GET", "/_local/health").status_code == 200
    assert api("GET", "/v1/files").status_code == 500


def test_the_body_and_headers_of_the_response_can_be_given(api: Api) -> None:
    body = {"errors": [{"fileId": "a", "error": "busy"}], "successfullyDeletedFileIds": []}
    api.server.faults.add(status=207, body=body, headers={"Retry-After": "3"})
    response = api("GET", "/v1/files")
    assert (response.status_code, response.json(), response.headers["retry-after"]) == (207, body, "3")
    api.server.faults.add(status=204)
    assert api("GET", "/v1/files").content == b""


def test_too_many_requests_come_with_the_headers_of_a_rate_limit(api: Api) -> None:
    api.server.faults.add(status=429)
    response = api("GET", "/v1/files")
    headers = [response.headers[f"X-RateLimit-{name}"] for name in ("Limit", "Interval", "Reset")]
    assert (response.status_code, headers) == (429, ["1", "100", "100"])
    api.server.faults.add(status=429, headers={"x-ratelimit-reset": "5000"})
    assert api("GET", "/v1/files").headers["X-RateLimit-Reset"] == "5000"  # only once, whatever its case


def test_a_fault_can_hit_a_share_of_requests_and_a_seed_makes_it_repeatable(api: Api) -> None:
    def statuses(seed: int) -> list[int]:
        api.server.faults.clear(seed)
        api.server.faults.add(status=503, share=0.3)
        return [api("GET", "/v1/files").status_code for _ in range(60)]

    first = statuses(1)
    assert 5 <= first.count(503) <= 30
    assert first == statuses(1)
    assert first != statuses(2)


def test_the_oldest_matching_fault_hits_first(api: Api) -> None:
    api.server.faults.add(status=500)
    api.server.faults.add(status=502)
    assert [api("GET", "/v1/files").status_code for _ in range(3)] == [500, 502, 200]


@pytest.mark.parametrize("fault", [{"status": 503}, {"reset": True}, {"truncate": True}, {"status": 429}])
def test_the_client_recovers_from_temporary_faults(api: Api, fault: dict[str, Any]) -> None:
    api.upload()
    api.server.faults.add(**fault, times=2, operation="list_files")
    with api.server.client(retry=AT_ONCE) as client:
        assert [file.name for file in client.list_files()] == ["a.txt"]
    assert [request.operation for request in api.server.requests] == ["upload_file", *["list_files"] * 3]


def test_a_client_that_lost_the_response_to_its_upload_finds_the_file(api: Api) -> None:
    api.server.faults.add(reset=True, when="after", operation="upload_file")
    with api.server.client(retry=AT_ONCE) as client:
        uploaded = client.upload_file(file=b"hello", file_name="a.txt")
    assert [file["fileId"] for file in api.assets()] == [uploaded.file_id]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "a fault needs a status"),
        ({"status": 199}, "status must be from 200 to 599 (got 199)"),
        ({"status": True}, "status must be"),
        ({"delay": -1}, "delay must be a number of seconds, 0 or more (got -1)"),
        ({"delay": float("nan")}, "delay must be"),
        ({"delay": float("inf")}, "delay must be"),
        ({"reset": "yes"}, "reset must be true or false (got 'yes')"),
        ({"reset": True, "when": "later"}, "when must be 'before' or 'after' (got 'later')"),
        ({"reset": True, "times": 0}, "times must be 1 or more, or None (got 0)"),
        ({"reset": True, "share": 1.5}, "share must be from 0 to 1 (got 1.5)"),
        ({"reset": True, "path": 5}, "path must be a pattern (got 5)"),
        ({"status": 500, "headers": {"a": 5}}, "headers must be an object of strings"),
        ({"reset": True, "operation": "upload"}, "did you mean 'upload_file'?"),
        ({"reset": True, "status": 500}, "leave out status and truncate"),
        ({"truncate": True, "when": "before"}, "only a response can be truncated"),
    ],
)
def test_an_invalid_fault_raises_an_error_that_says_what_is_valid(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        Faults(NAMES).add(**options)
    assert message in str(caught.value)


def test_the_default_times_of_a_fault_depends_on_its_share() -> None:
    assert Fault(reset=True).times == 1
    assert Fault(reset=True, share=0.5).times is None
    assert Fault(reset=True, share=0.5, times=3).times == 3
    assert Fault(reset=True, times=None).times is None


@pytest.mark.parametrize(
    ("operations", "operation", "hint"),
    [
        (NAMES, "upload", r"did you mean 'upload_file'\?"),
        (NAMES, "images.upload_file", r"did you mean 'upload_file'\?"),
        (NAMES, "nope", rf"the {len(NAMES)} operations are named after the client's methods, such as 'add_tags'"),
        (IMGSRC_NAMES, "get_preset", r"did you mean 'presets\.get_preset'\?"),
        (IMGSRC_NAMES, "images.get_preset", r"did you mean 'presets\.get_preset'\?"),
        (IMGSRC_NAMES, "image.upload_image", r"did you mean 'images\.upload_image'\?"),
        (IMGSRC_NAMES, "usage.nope", "known operations are usage.get_usage$"),
        (IMGSRC_NAMES, "nope", "known operations are delivery, health, images.create_signed_url, "),
        ({"a.list", "b.list"}, "a.lists", r"did you mean 'a\.list'\?"),
        ({"a.list", "b.list"}, "b.lists", r"did you mean 'b\.list'\?"),
    ],
)
def test_the_error_for_an_unknown_operation_suggests_known_ones(
    operations: Collection[str], operation: str, hint: str
) -> None:
    with pytest.raises(ValueError, match=f"^operation must be the name of an operation .*; {hint}"):
        Faults(operations).add(status=500, operation=operation)


def test_the_error_for_an_unknown_option_suggests_known_ones() -> None:
    unknown: Any = {"sttus": 503}
    with pytest.raises(TypeError, match=r"^add\(\) has no argument 'sttus'; did you mean 'status'\?$"):
        Faults(NAMES).add(**unknown)
    counted: Any = {"status": 503, "hits": 1}
    with pytest.raises(TypeError, match=r"^add\(\) has no argument 'hits'; expected one of body, "):
        Faults(NAMES).add(**counted)
