"""Windows of the rate limit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.base.clock import Clock
from imagekitio.local.imgsrc.limits.ratelimit import KeyLimits, TooManyRequestsError


def test_moving_the_clock_back_never_causes_a_wait_of_more_than_a_minute() -> None:
    clock = Clock()
    clock.freeze(10_000)
    limits = KeyLimits(1, clock)
    limits.count("a")
    clock.freeze(0)
    assert limits.count("a")["X-RateLimit-Reset"] == "60"


def test_the_limit_can_be_replaced_and_restored() -> None:
    clock = Clock()
    clock.freeze(0)
    limits = KeyLimits(1, clock)
    limits.set((2, 5))
    assert limits.limits == ((2, 5.0),)
    assert [limits.count("a")["X-RateLimit-Reset"] for _ in range(2)] == ["5", "5"]
    limits.set()
    assert limits.count("a") == limits.describe() == {}
    limits.reset()
    assert limits.limits == ((1, 60.0),)
    assert KeyLimits(None, clock).limits == ()
    with pytest.raises(ValueError, match="has one rate limit"):
        limits.set((1, 1), (2, 2))


MILLISECONDS = st.integers(0, 2**41)


@given(now=MILLISECONDS, seconds=st.integers(1, 3600), passed=st.floats(0, 1, exclude_max=True))
def test_no_wait_exceeds_the_window_and_requests_after_it_are_accepted(now: int, seconds: int, passed: float) -> None:
    for wait_until_reset in (False, True):
        clock = Clock()
        clock.freeze(now / 1000)
        limits = KeyLimits(None, clock)
        limits.set((1, seconds))
        limits.count("a")
        clock.advance(int(passed * seconds * 1000) / 1000)
        with pytest.raises(TooManyRequestsError) as caught:
            limits.count("a")
        wait, reset = int(caught.value.headers["Retry-After"]), int(caught.value.headers["X-RateLimit-Reset"])
        assert 1 <= wait <= seconds
        assert 0 < reset - clock.time() < seconds + 1
        if wait_until_reset:
            clock.freeze(reset)
        else:
            clock.advance(wait)
        limits.count("a")


@given(st.integers(1, 4), st.lists(st.integers(0, 40), max_size=30))
def test_no_window_holds_more_than_the_limit_and_waiting_helps(most: int, steps: list[int]) -> None:
    clock = Clock()
    clock.freeze(0)
    limits = KeyLimits(most, clock)
    allowed: dict[str, int] = {}
    for step in steps:
        clock.advance(step)
        try:
            headers = limits.count("a")
        except TooManyRequestsError as exc:
            clock.advance(int(exc.headers["Retry-After"]))
            headers = limits.count("a")
        end = headers["X-RateLimit-Reset"]
        allowed[end] = allowed.get(end, 0) + 1
        assert int(headers["X-RateLimit-Remaining"]) == most - allowed[end]
        assert allowed[end] <= most
