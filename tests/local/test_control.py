"""The control API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from imagekitio.local import KeyPair, LocalImageKit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local.conftest import Api


class Bearer(requests.auth.AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def make_bearer(api: Api) -> Bearer:
    return Bearer(api.server.control_token)


def test_health_reports_the_url_endpoint(api: Api) -> None:
    response = api("GET", "/_local/health", auth=None)
    assert response.json() == {"status": "ok", "urlEndpoint": api.server.url_endpoint}


def test_a_reset_deletes_everything(api: Api) -> None:
    api.upload("a.txt", folder="f")
    api.server.clock.freeze(0)
    api.server.faults.add(status=500)
    api.server.rate_limits.set((1, 1))
    assert api("POST", "/_local/reset").status_code == 200
    assert api.server.clock.time() > 1_700_000_000
    assert [request.path for request in api.server.requests] == []
    assert api.server.faults.list() == []
    assert api.server.rate_limits.limits == ()
    assert api.assets(type="all") == []


def test_requests_are_listed_without_secrets(api: Api) -> None:
    api.server.clock.freeze(1_700_000_000)
    api("GET", "/v1/files/?limit=5", auth=("private_wrong", ""))
    api("GET", f"{api.server.url_endpoint}/a%20b.jpg?tr=w-5&ik-t=5&ik-s=abc123&x=1")
    api("GET", "/elsewhere")
    listed = api("GET", "/_local/requests").json()
    assert all(0 < request.pop("milliseconds") < 10_000 for request in listed)
    at = "2023-11-14T22:13:20.000Z"
    listing = {"method": "GET", "path": "/v1/files/", "query": "limit=5", "status": 403, "operation": "list_files"}
    query = "tr=w-5&ik-t=5&ik-s=***&x=1"
    delivery = {"method": "GET", "path": "/local/a%20b.jpg", "query": query, "status": 401, "operation": "delivery"}
    other = {"method": "GET", "path": "/elsewhere", "query": "", "status": 404, "operation": None}
    assert listed == [{**request, "at": at} for request in (listing, delivery, other)]
    assert [request.status for request in api.server.requests] == [403, 401, 404]
    assert api("DELETE", "/_local/requests").status_code == 200
    assert api.server.requests == []


@pytest.mark.parametrize(
    ("change", "now"),
    [
        ({"freeze": "2024-03-05T07:08:09.123Z"}, "2024-03-05T07:08:09.123Z"),
        ({"freeze": "2024-03-05"}, "2024-03-05T00:00:00.000Z"),
        ({"freeze": 1_700_000_000.5}, "2023-11-14T22:13:20.500Z"),
    ],
)
def test_the_clock_can_be_frozen_and_moved(api: Api, change: dict[str, Any], now: str) -> None:
    assert api("POST", "/_local/clock", json=change).json() == {"now": now}
    assert api("GET", "/_local/clock").json() == {"now": now}
    assert api("POST", "/_local/clock", json={"advance": 86400}).status_code == 200
    assert api.upload()["fileId"]
    assert api.assets()[0]["createdAt"] > now
    assert api("POST", "/_local/clock", json={"reset": True}).json()["now"] > "2025"


@pytest.mark.parametrize(
    "change",
    [
        {},
        [],
        {"stop": 1},
        {"freeze": "soon"},
        {"advance": "1h"},
        {"advance": True},
        {"freeze": 0, "advance": 1},
        {"freeze": 1e300},
        {"advance": -1e11},
    ],
)
def test_an_invalid_change_of_the_clock_is_refused(api: Api, change: Any) -> None:
    response = api("POST", "/_local/clock", json=change)
    assert response.status_code == 400
    assert response.json()["message"].startswith("Local ImageKit could not do this: ")
    assert api("GET", "/_local/clock").json()["now"] > "2025"


def test_faults_are_added_listed_and_removed(api: Api) -> None:
    added = api("POST", "/_local/faults", json={"status": 503, "times": 2, "operation": "list_files"}).json()
    assert (added["status"], added["times"], added["when"], added["hits"]) == (503, 2, "before", 0)
    assert api("GET", "/v1/files").status_code == 503
    assert [fault["hits"] for fault in api("GET", "/_local/faults").json()] == [1]
    assert api("DELETE", "/_local/faults?seed=3").status_code == 200
    assert api("GET", "/v1/files").status_code == 200


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"statsu": 503}, "'statsu'"),
        ({}, "a fault needs a status, a delay, a reset or a truncated response"),
        ({"status": 503, "headers": 5}, "headers must be an object of strings"),
        ([1], "the body must be a JSON object"),
    ],
)
def test_an_invalid_fault_is_refused(api: Api, fault: Any, message: str) -> None:
    response = api("POST", "/_local/faults", json=fault)
    assert response.status_code == 400
    assert message in response.json()["message"]
    assert api.server.faults.list() == []


def test_rate_limits_are_set_and_shown(api: Api) -> None:
    assert api("PUT", "/_local/rate-limits", json={"limits": [[2, 60], [5, 900]]}).status_code == 200
    assert api("GET", "/_local/rate-limits").json() == {"limits": [[2, 60], [5, 900]]}
    assert [api("GET", "/v1/files").status_code for _ in range(3)] == [200, 200, 429]
    for wrong in ({}, {"limits": 5}, {"limits": [[0, 1]]}, {"limits": [7]}):
        assert api("PUT", "/_local/rate-limits", json=wrong).status_code == 400


def test_a_folder_of_this_machine_can_be_seeded(api: Api, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    assert api("POST", "/_local/seed", json={"folder": str(tmp_path)}, auth=make_bearer(api)).json() == {
        "paths": ["/a.txt"]
    }
    assert api.paths() == ["/a.txt"]
    for wrong in ({}, {"folder": 5}, {"folder": str(tmp_path / "nowhere")}):
        assert api("POST", "/_local/seed", json=wrong, auth=make_bearer(api)).status_code == 400
    (tmp_path / ".gitkeep").write_bytes(b"")
    assert api("POST", "/_local/seed", json={"folder": str(tmp_path)}, auth=make_bearer(api)).json() == {
        "paths": ["/a.txt"]
    }
    (tmp_path / "empty.txt").write_bytes(b"")
    refused = api("POST", "/_local/seed", json={"folder": str(tmp_path)}, auth=make_bearer(api))
    assert (refused.status_code, str(tmp_path / "empty.txt") in refused.json()["message"]) == (400, True)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "reset"), ("POST", "clock"), ("POST", "faults"), ("DELETE", "requests"), ("POST", "seed")],
)
@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_web_page_cannot_control_it(api: Api, method: str, path: str, origin: str) -> None:
    api.upload()
    response = api(method, f"/_local/{path}", headers={"Origin": origin}, json={"advance": 1})
    assert response.status_code == 403
    assert len(api.assets()) == 1


CONTROLS = [
    *(("POST", path) for path in ("reset", "seed", "clock", "faults", "webhooks/flush")),
    *(("GET", path) for path in ("requests", "clock", "faults", "rate-limits", "webhooks")),
    *(("DELETE", path) for path in ("requests", "faults")),
    ("PUT", "rate-limits"),
]


@pytest.mark.parametrize(("method", "path"), CONTROLS)
def test_every_control_needs_credentials(api: Api, method: str, path: str) -> None:
    api.upload()
    answers = [
        api(method, f"/_local/{path}", auth=auth).status_code
        for auth in (None, ("private_wrong", ""), Bearer("wrong"), Bearer(""))
    ]
    assert answers == [401, 401 if path == "seed" else 403, 403, 403]
    assert len(api.assets()) == 1


def test_the_private_key_gives_no_access_to_the_files_of_this_machine(api: Api, tmp_path: Path) -> None:
    (tmp_path / "id_rsa").write_bytes(b"secret")
    response = api("POST", "/_local/seed", json={"folder": str(tmp_path)})
    assert (response.status_code, "control token" in response.json()["message"]) == (401, True)
    assert api.assets() == []


def test_a_restricted_key_cannot_control_it() -> None:
    pair = KeyPair("public_restricted", "private_restricted", access="read-write")
    with LocalImageKit(keys=[pair]) as server:
        answers = [
            requests.post(f"{server.url}/_local/reset", auth=auth, timeout=30).status_code
            for auth in (("private_restricted", ""), Bearer(server.control_token))
        ]
    assert answers == [403, 200]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "", "[", "localhost.evil"]
)
def test_an_unknown_host_name_gives_access_only_to_health(api: Api, host: str) -> None:
    answers = [
        api(method, f"/_local/{path}", headers={"Host": host}, auth=make_bearer(api)).status_code
        for method, path in (("POST", "reset"), ("GET", "requests"), ("GET", "health"))
    ]
    assert answers == [403, 403, 200]


@pytest.mark.parametrize("host", ["localhost", "app.localhost:80", "127.0.0.1", "[::1]:8080", "192.168.0.7"])
def test_loopback_names_and_ip_addresses_are_accepted(api: Api, host: str) -> None:
    assert api("GET", "/_local/clock", headers={"Host": host}, auth=make_bearer(api)).status_code == 200


def test_the_control_token_changes_at_each_start_and_is_not_in_a_repr() -> None:
    tokens = []
    for _ in range(2):
        with LocalImageKit() as server:
            tokens.append(server.control_token)
            assert server.control_token not in repr(server)
    assert len({*tokens}) == 2


def test_its_own_page_can_control_it(api: Api) -> None:
    assert api("POST", "/_local/reset", headers={"Origin": api.server.url}).status_code == 200


@pytest.mark.parametrize("size_bytes", [10, 1 << 16, 3 << 16])
def test_a_request_is_listed_once_the_last_byte_of_its_response_has_arrived(api: Api, size_bytes: int) -> None:
    url = api.upload("a.bin", bytes(size_bytes))["url"]
    for number in range(20):
        with api.session.get(url, stream=True, timeout=30) as response:
            response.raw.read(size_bytes)  # does not read on to the end of the response
            assert len(api.server.requests) == number + 2
