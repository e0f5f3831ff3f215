"""Rate limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local import Clock, LocalImageKit
from imagekitio.local.web.ratelimit import RateLimitError, RateLimits
from imagekitio.policies import Retry

if TYPE_CHECKING:
    from requests import Response

    from tests.local.conftest import Api


def read_limit(response: Response) -> list[str | None]:
    return [response.headers.get(f"X-RateLimit-{name}") for name in ("Limit", "Interval", "Reset")]


def test_requests_beyond_the_limit_are_refused_until_the_window_moves_on(api: Api) -> None:
    api.server.clock.freeze(1_700_000_000)
    api.server.rate_limits.set((2, 10))
    assert api("GET", "/v1/files").status_code == 200
    api.server.clock.advance(4)
    response = api("GET", "/v1/files")
    assert (response.status_code, read_limit(response)) == (200, [None, None, None])
    response = api("GET", "/v1/files")
    assert (response.status_code, read_limit(response)) == (429, ["2", "10000", "6000"])
    assert response.json()["message"] == "You have reached the rate limit of this endpoint: 2 requests in 10 seconds."
    api.server.clock.advance(6)
    assert [api("GET", "/v1/files").status_code for _ in range(2)] == [200, 429]


def test_each_endpoint_is_counted_separately_whatever_the_id(api: Api) -> None:
    api.server.rate_limits.set((1, 1000))
    ids = ["65e6c5a9b7d1f2034a5b6c7d", "65e6c5a9b7d1f2034a5b6c7e"]
    assert [api("GET", f"/v1/files/{file_id}/details").status_code for file_id in ids] == [404, 429]
    assert api("GET", f"/v1/files/{ids[0]}/versions").status_code == 404


def test_uploads_deliveries_and_unauthenticated_requests_are_not_counted(api: Api) -> None:
    api.server.rate_limits.set((1, 1000))
    for _ in range(2):
        assert api.try_upload().status_code == 200
        assert api("GET", f"{api.server.url_endpoint}/a.txt").status_code == 200
        assert api("GET", "/v1/files", auth=("private_wrong", "")).status_code == 403
    assert api("GET", "/v1/files").status_code == 200


def test_limits_and_their_headers_can_be_set_at_the_start(api: Api) -> None:
    with LocalImageKit(rate_limits=((3, 60), (2, 900)), rate_limit_headers=True) as server:
        other = type(api)(server)
        with other.session:
            assert read_limit(other("GET", "/v1/files")) == ["2", "900000", "0"]
            assert 899_000 < int(read_limit(other("GET", "/v1/files"))[2] or 0) <= 900_000
            assert read_limit(other("GET", "/v1/files"))[:2] == ["2", "900000"]
            server.rate_limits.set()
            assert [other("GET", "/v1/files").status_code for _ in range(9)] == [200] * 9
            server.reset()
            assert [other("GET", "/v1/files").status_code for _ in range(3)] == [200, 200, 429]


def test_the_client_waits_as_long_as_the_response_says(api: Api) -> None:
    api.server.rate_limits.set((1, 0.2))
    with api.server.client(retry=Retry(base_seconds=0)) as client:
        client.list_files()
        client.list_files()
    assert [request.status for request in api.server.requests] == [200, 429, 200]


@pytest.mark.parametrize("limit", [(0, 1), (1, 0), (1.5, 1), (1, float("inf")), (True, 1), 5, (1,), ("a", 1), None])
def test_an_invalid_limit_is_refused(limit: Any) -> None:
    with pytest.raises(ValueError, match="a rate limit must be a pair of requests and seconds"):
        RateLimits([limit], Clock())


@given(st.integers(1, 5), st.integers(1, 20), st.lists(st.integers(0, 10), max_size=60))
def test_no_window_ever_holds_more_than_the_limit(count: int, seconds: int, steps: list[int]) -> None:
    clock = Clock()
    clock.freeze(1000)
    limits = RateLimits([(count, seconds)], clock)
    taken: list[float] = []
    for step in steps:
        clock.advance(step)
        try:
            limits.count("endpoint")
        except RateLimitError as exc:
            wait = int(exc.headers["X-RateLimit-Reset"]) / 1000
            assert 0 < wait <= seconds
            clock.advance(wait)
            limits.count("endpoint")  # after the wait, the next request is accepted
        taken.append(clock.time())
        assert sum(moment > clock.time() - seconds for moment in taken) <= count
