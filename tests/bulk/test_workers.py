"""The window of calls that bulk work keeps in flight, on threads, processes and a Dask cluster."""

from __future__ import annotations

import gc
import itertools
import pickle
import threading
import time
import tracemalloc
from collections import Counter
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.bulk.workers import Shared, Workers

from ..leftovers import count_resources
from .driving import call_each

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def double(number: int) -> int:
    return number * 2


def inverse(number: int) -> float:
    return 1 / number


class ImmediateExecutor(Executor):
    """Runs each call when it is submitted, and counts those submitted but not yet collected."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as exc:
            future.set_exception(exc)
        return future


@given(st.lists(st.integers()), st.integers(1, 5))
def test_every_item_is_done_once_whatever_the_width(numbers: list[int], at_once: int) -> None:
    found = call_each(Workers(at_once, executor=ImmediateExecutor()), double, numbers)
    assert Counter((done.item, done.result) for done in found) == Counter((number, number * 2) for number in numbers)


@given(st.lists(st.integers(-2, 2)))
def test_a_failure_is_an_outcome_and_does_not_stop_the_others(numbers: list[int]) -> None:
    for done in call_each(Workers(3, executor=ImmediateExecutor()), inverse, numbers):
        assert isinstance(done.error, ZeroDivisionError) if done.item == 0 else done.result == 1 / done.item
        assert done.item != 0 or done.result is None


def test_no_more_calls_are_under_way_than_allowed() -> None:
    now, most = 0, 0
    lock = threading.Lock()
    five = threading.Barrier(5, timeout=30)

    def call(_: int) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        five.wait()
        with lock:
            now -= 1

    assert [done.error for done in call_each(Workers(5), call, range(60))] == [None] * 60
    assert most == 5


def test_items_are_taken_only_when_there_is_room() -> None:
    taken = 0

    def numbers() -> Iterator[int]:
        nonlocal taken
        for number in itertools.count():
            taken += 1
            yield number

    outcomes = call_each(Workers(4, executor=ImmediateExecutor()), double, numbers())
    assert taken == 0
    assert sum(1 for _ in itertools.islice(outcomes, 10)) == 10
    assert taken <= 10 + 4


def test_stop_on_error_starts_nothing_after_the_first_failure() -> None:
    begun = []

    def call(number: int) -> float:
        begun.append(number)
        return 1 / number

    found = list(call_each(Workers(2, executor=ImmediateExecutor(), stop_on_error=True), call, [1, 0, *range(1, 100)]))
    assert [done.item for done in found if done.error] == [0]
    assert len(begun) == len(found) <= 5


def test_with_one_thread_nothing_starts_after_a_failure() -> None:
    for _ in range(50):
        begun: list[int] = []

        def call(number: int, begun: list[int] = begun) -> float:
            begun.append(number)
            return 1 / number

        found = list(call_each(Workers(1, stop_on_error=True), call, [2, 0, *range(1, 9)]))
        assert begun == [done.item for done in found] == [2, 0]


def test_waiting_calls_are_cancelled_after_the_first_failure() -> None:
    release = threading.Event()
    begun = []

    def call(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise RuntimeError("first")
        release.wait(5)

    with ThreadPoolExecutor(1) as pool:
        outcomes = call_each(Workers(10, executor=pool, stop_on_error=True), call, range(50))
        first = next(outcomes)
        release.set()
        rest = list(outcomes)
    assert isinstance(first.error, RuntimeError)
    assert len(begun) == 1 + len(rest) <= 2


def test_an_exception_of_the_items_is_raised_after_the_calls_under_way() -> None:
    def numbers() -> Iterator[int]:
        yield from (1, 2)
        raise LookupError("the source is gone")

    outcomes = call_each(Workers(8), double, numbers())
    assert {next(outcomes).result, next(outcomes).result} == {2, 4}
    with pytest.raises(LookupError, match="the source is gone"):
        next(outcomes)


def test_the_outcomes_of_submitted_calls_come_before_the_error_of_an_executor_that_refuses_more() -> None:
    class Full(ImmediateExecutor):
        taken = 0

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            if self.taken == 3:
                raise RuntimeError("no more work is taken")
            self.taken += 1
            return super().submit(fn, *args, **kwargs)

    outcomes = call_each(Workers(2, executor=Full()), double, range(10))
    assert [next(outcomes).result for _ in range(3)] == [0, 2, 4]
    with pytest.raises(RuntimeError, match="no more work is taken"):
        next(outcomes)


def test_leaving_the_loop_waits_for_the_calls_under_way_and_ends_the_threads() -> None:
    before = count_resources()
    finished = []

    def call(number: int) -> None:
        time.sleep(0.01)
        finished.append(number)

    for done in call_each(Workers(4), call, itertools.count()):
        assert done.error is None
        break
    gc.collect()
    assert count_resources() - before == {}
    count = len(finished)
    time.sleep(0.03)
    assert len(finished) == count


def test_progress_reports_the_number_done_and_the_total() -> None:
    seen: list[tuple[int, int | None]] = []
    window = Workers(2, executor=ImmediateExecutor(), on_progress=lambda done, total: seen.append((done, total)))
    list(call_each(window, double, [1, 2]))
    list(call_each(window, double, iter([3])))
    assert seen == [(1, 2), (2, 2), (1, None)]


def test_a_window_of_zero_calls_is_refused() -> None:
    with pytest.raises(ValueError, match=r"at_once must be 1 or more \(got 0\)"):
        Workers(0)


def test_calls_run_in_processes_too() -> None:
    with ProcessPoolExecutor(1) as pool:
        found = sorted(done.result or 0 for done in call_each(Workers(3, executor=pool), double, range(5)))
    assert found == [0, 2, 4, 6, 8]


def test_in_another_process_all_calls_share_one_client() -> None:
    client: Any = {"name": "mine"}
    first, second = (pickle.loads(pickle.dumps(Shared(client))) for _ in range(2))
    assert first.runner == client
    assert first.runner is second.runner


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_items() -> None:
    def peak_bytes(count: int) -> int:
        gc.collect()
        tracemalloc.start()
        try:
            for done in call_each(Workers(16, executor=ImmediateExecutor()), double, iter(range(count))):
                assert done.error is None
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak_bytes(20_000) - peak_bytes(1000) < 200_000
