"""The control API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.local.conftest import Api


def test_health_says_where_delivery_is(api: Api) -> None:
    response = api("GET", "/_local/health", auth=None)
    assert response.json() == {"status": "ok", "urlEndpoint": api.server.url_endpoint}


def test_a_reset_empties_everything(api: Api) -> None:
    api.upload("a.txt", folder="f")
    api.server.clock.freeze(0)
    assert api("POST", "/_local/reset").status_code == 200
    assert api.server.clock.time() > 1_700_000_000
    assert [request.path for request in api.server.requests] == []
    assert api.assets(type="all") == []


def test_requests_are_listed_without_secrets(api: Api) -> None:
    api("GET", "/v1/files?limit=5", auth=("private_wrong", ""))
    api("GET", f"{api.server.url_endpoint}/a%20b.jpg?tr=w-5&ik-t=5&ik-s=abc123&x=1")
    listed = api("GET", "/_local/requests").json()
    assert listed == [
        {"method": "GET", "path": "/v1/files", "query": "limit=5", "status": 403},
        {"method": "GET", "path": "/local/a%20b.jpg", "query": "tr=w-5&ik-t=5&ik-s=***&x=1", "status": 401},
    ]
    assert [request.status for request in api.server.requests] == [403, 401]


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
    assert api("POST", "/_local/clock", json={"advance": 86400}).status_code == 200
    assert api.upload()["fileId"]
    assert api.assets()[0]["createdAt"] > now
    assert api("POST", "/_local/clock", json={"reset": True}).json()["now"] > "2025"


@pytest.mark.parametrize(
    "change",
    [{}, [], {"stop": 1}, {"freeze": "soon"}, {"advance": "1h"}, {"advance": True}, {"freeze": 0, "advance": 1}],
)
def test_a_clock_cannot_be_set_to_nonsense(api: Api, change: Any) -> None:
    response = api("POST", "/_local/clock", json=change)
    assert response.status_code == 400
    assert response.json()["message"].startswith("The clock could not be set")


@pytest.mark.parametrize("path", ["/_local/reset", "/_local/clock"])
def test_a_web_page_may_not_control_it(api: Api, path: str) -> None:
    api.upload()
    response = api("POST", path, headers={"Origin": "https://evil.example"}, json={"advance": 1})
    assert response.status_code == 403
    assert len(api.assets()) == 1
