"""How the calls of one client share what the service says about rate limits; time is a plain number here."""

from __future__ import annotations

import pickle
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio import Retry, TooManyRequestsException
from imagekitio.flow.attempts import Wait, attempts
from imagekitio.flow.imagekit import ImageKitService
from imagekitio.flow.pacing import Pacing
from imagekitio.flow.service import Pace
from imagekitio.local import LocalImageKit
from imagekitio.models.response_metadata import Headers
from imagekitio.operations import files
from imagekitio.operations.core import Request, Response

SERVICE = ImageKitService("private_fake", "https://api.example", "https://upload.example")
LIMIT, OTHER_LIMIT = "files", "folders"


def make_pace(limit: int = 10) -> Pace:
    return Pace(1 / limit, 1.0)


def make_refusal(limit: int = 10, reset_ms: int = 500) -> Response:
    headers = {"limit": limit, "interval": 1000, "reset": reset_ms}
    return Response(429, Headers({f"x-ratelimit-{name}": str(value) for name, value in headers.items()}), b"{}")


def test_without_a_429_there_is_no_wait() -> None:
    assert Pacing().wait_seconds(LIMIT, 7.0) == 0.0


def test_after_a_429_all_requests_under_the_limit_wait_and_are_spaced_as_it_says() -> None:
    pacing = Pacing()
    pacing.close(LIMIT, make_pace(), 0.5, now=100.0)
    waits = [pacing.wait_seconds(LIMIT, 100.0) for _ in range(4)]
    assert waits == pytest.approx([0.5, 0.6, 0.7, 0.8])


def test_requests_under_another_limit_do_not_wait() -> None:
    pacing = Pacing()
    pacing.close(LIMIT, make_pace(), 0.5, now=100.0)
    assert pacing.wait_seconds(OTHER_LIMIT, 100.0) == 0.0
    assert pacing.wait_seconds(LIMIT, 100.0) == 0.5


def test_the_pace_ends_when_requests_become_rare() -> None:
    pacing = Pacing()
    pacing.close(LIMIT, make_pace(), 0.5, now=100.0)
    assert pacing.wait_seconds(LIMIT, 101.6) == 0.0
    assert [pacing.wait_seconds(LIMIT, 101.6) for _ in range(3)] == [0.0] * 3


def test_expired_paces_are_forgotten() -> None:
    pacing = Pacing()
    for number in range(1000):
        pacing.close(number, make_pace(), 0.5, now=2.0 * number)
    assert len(pacing._states) <= 2


@given(st.lists(st.floats(0, 0.3), min_size=1, max_size=60), st.integers(1, 20))
def test_no_interval_has_many_more_requests_than_the_limit(gaps: list[float], limit: int) -> None:
    pacing = Pacing()
    pacing.close(LIMIT, make_pace(limit), 0.5, now=0.0)
    now, sent = 0.0, []
    for gap in gaps:
        now += gap
        sent.append(now + pacing.wait_seconds(LIMIT, now))
        if pacing.wait_seconds(OTHER_LIMIT, now):
            raise AssertionError("another limit")
    assert sent[0] >= 0.5 or gaps[0] > 0
    for start in sent:
        assert sum(start <= moment < start + 0.999 for moment in sent) <= limit + 1


def test_a_copy_in_another_process_starts_without_a_pace() -> None:
    pacing = Pacing()
    pacing.close(LIMIT, make_pace(), 0.5, now=0.0)
    assert pickle.loads(pickle.dumps(pacing)).wait_seconds(LIMIT, 0.0) == 0.0


def test_a_call_waits_at_the_gate_before_it_is_sent() -> None:
    pacing = Pacing()
    first = attempts(files.list_files(), SERVICE, Retry(), gate=pacing, clock=lambda: 0.0)
    second = attempts(files.list_files(), SERVICE, Retry(), gate=pacing, clock=lambda: 0.0)
    assert isinstance(next(first), Request)
    assert first.send(make_refusal(limit=2, reset_ms=400)) == Wait(0.4)
    assert next(second) == Wait(0.9)
    assert isinstance(second.send(None), Request)


def test_a_wait_longer_than_the_policy_allows_does_not_delay_other_calls() -> None:
    pacing = Pacing()
    steps = attempts(files.list_files(), SERVICE, Retry(max_server_wait_seconds=1), gate=pacing, clock=lambda: 0.0)
    next(steps)
    with pytest.raises(TooManyRequestsException):
        steps.send(make_refusal(reset_ms=900_000))
    assert pacing.wait_seconds(LIMIT, 0.0) == 0.0


@pytest.mark.slow
def test_threads_of_one_client_share_a_rate_limit() -> None:
    with LocalImageKit() as server, server.client(retry=10) as ik:
        server.rate_limits.set((10, 0.2))
        failed: list[Exception] = []

        def call() -> None:
            for _ in range(5):
                try:
                    ik.list_files(limit=1)
                except Exception as exc:
                    failed.append(exc)

        threads = [threading.Thread(target=call) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        refused = sum(request.status == 429 for request in server.requests)
    assert failed == []
    # The first burst is refused once; after that, the limit is respected except for a few requests that a busy machine
    # sends late.
    assert refused <= 24
