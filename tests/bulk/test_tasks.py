"""The window of calls that bulk work keeps in flight as tasks; test_workers.py tests executors."""

from __future__ import annotations

import asyncio
import gc
import itertools
import tracemalloc
from collections import Counter
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.bulk.tasks import Tasks

from .driving import await_each

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Iterator

    from imagekitio.bulk import Done

T = TypeVar("T")


async def double(number: int) -> int:
    return number * 2


async def inverse(number: int) -> float:
    await asyncio.sleep(0)
    return 1 / number


async def iterate_asynchronously(items: Iterable[T]) -> AsyncIterator[T]:
    for item in items:
        await asyncio.sleep(0)
        yield item


def collect_outcomes(
    how: Tasks, function: Callable[[Any], Awaitable[Any]], items: Iterable[Any] | AsyncIterable[Any]
) -> list[Done[Any, Any]]:
    async def main() -> list[Done[Any, Any]]:
        return [done async for done in await_each(how, function, items)]

    return asyncio.run(main())


@pytest.mark.parametrize("kind", [list, iterate_asynchronously])
@given(numbers=st.lists(st.integers()), at_once=st.integers(1, 5))
def test_every_item_is_done_once_whatever_the_width(kind: Any, numbers: list[int], at_once: int) -> None:
    found = collect_outcomes(Tasks(at_once), double, kind(numbers))
    assert Counter((done.item, done.result) for done in found) == Counter((number, number * 2) for number in numbers)


@given(st.lists(st.integers(-2, 2)))
def test_a_failure_is_an_outcome_and_does_not_stop_the_others(numbers: list[int]) -> None:
    found = collect_outcomes(Tasks(3), inverse, numbers)
    assert len(found) == len(numbers)
    for done in found:
        assert isinstance(done.error, ZeroDivisionError) if done.item == 0 else done.result == 1 / done.item
        assert done.item != 0 or done.result is None


def test_no_more_calls_are_under_way_than_allowed() -> None:
    now, most = 0, 0

    async def call(_: int) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.001)
        now -= 1

    assert len(collect_outcomes(Tasks(5), call, range(60))) == 60
    assert most == 5


def test_items_are_taken_only_when_there_is_room_for_their_outcomes_too() -> None:
    taken = 0

    def numbers() -> Iterator[int]:
        nonlocal taken
        for number in itertools.count():
            taken += 1
            yield number

    async def main() -> None:
        async with aclosing(await_each(Tasks(4), double, numbers())) as found:
            await asyncio.sleep(0)
            assert taken == 0
            for _ in range(10):
                await anext(found)
            for _ in range(50):  # while no more items are requested
                await asyncio.sleep(0)
            assert taken <= 10 + 4

    asyncio.run(main())


def test_an_outcome_does_not_wait_for_the_next_item() -> None:
    async def main() -> None:
        more = asyncio.Event()

        async def numbers() -> AsyncIterator[int]:
            yield 1
            await more.wait()
            yield 2

        async with aclosing(await_each(Tasks(4), double, numbers())) as found:
            assert (await anext(found)).result == 2
            more.set()
            assert (await anext(found)).result == 4

    asyncio.run(main())


def test_stop_on_error_starts_nothing_after_the_first_failure() -> None:
    begun = []

    async def call(number: int) -> float:
        begun.append(number)
        return await inverse(number)

    found = collect_outcomes(Tasks(2, stop_on_error=True), call, [1, 0, *range(1, 100)])
    assert [done.item for done in found if done.error] == [0]
    assert len(begun) == len(found) <= 5


def test_stop_on_error_does_not_start_an_item_that_arrives_after_the_first_failure() -> None:
    begun = []
    is_asked, has_failed = asyncio.Event(), asyncio.Event()

    async def numbers() -> AsyncIterator[int]:
        yield 0
        is_asked.set()
        await has_failed.wait()
        yield 1

    async def call(number: int) -> float:
        begun.append(number)
        await is_asked.wait()
        has_failed.set()
        return 1 / number

    found = collect_outcomes(Tasks(2, stop_on_error=True), call, numbers())
    assert [done.item for done in found] == begun == [0]


def test_an_exception_of_the_items_is_raised_after_the_calls_under_way() -> None:
    def numbers() -> Iterator[int]:
        yield from (1, 2)
        raise LookupError("the source is gone")

    async def main() -> None:
        found = await_each(Tasks(8), inverse, numbers())
        assert {(await anext(found)).result, (await anext(found)).result} == {1, 0.5}
        with pytest.raises(LookupError, match="the source is gone"):
            await anext(found)

    asyncio.run(main())


@pytest.mark.slow
@pytest.mark.parametrize("how", ["closing", "breaking", "cancelling"])
def test_leaving_the_loop_cancels_the_calls_under_way(how: str) -> None:
    async def main() -> None:
        begun, cancelled = 0, 0
        has_begun = asyncio.Event()

        async def call(number: int) -> None:
            nonlocal begun, cancelled
            begun += 1
            while number == 0 and begun < 4:
                await asyncio.sleep(0)
            try:
                await asyncio.sleep(60 if number else 0)
            except asyncio.CancelledError:
                cancelled += 1
                raise

        async def use() -> None:
            found = await_each(Tasks(4), call, iterate_asynchronously(itertools.count()))
            if how == "closing":
                async with aclosing(found):
                    await anext(found)
            else:
                async for done in found:
                    assert done.item == 0
                    has_begun.set()
                    if how == "breaking":
                        break

        before = asyncio.all_tasks()
        using = asyncio.create_task(use())
        if how == "cancelling":
            await has_begun.wait()
            using.cancel()
        await asyncio.wait([using])
        assert using.cancelled() == (how == "cancelling")
        gc.collect()
        while asyncio.all_tasks() != before:
            await asyncio.sleep(0)
        assert begun == cancelled + 1
        assert cancelled >= 3

    asyncio.run(asyncio.wait_for(main(), 10))


def test_a_call_cancelled_by_other_code_is_not_silently_ignored() -> None:
    async def call(number: int) -> None:
        if number == 3:
            raise asyncio.CancelledError

    seen = []

    async def main() -> None:
        async for done in await_each(Tasks(2), call, range(10)):
            seen.append(done.item)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(main())
    assert sorted(seen) == [0, 1, 2, 4, 5, 6, 7, 8, 9]


def test_progress_reports_the_number_done_and_the_total() -> None:
    seen: list[tuple[int, int | None]] = []
    how = Tasks(2, on_progress=lambda done, total: seen.append((done, total)))
    collect_outcomes(how, double, [1, 2])
    collect_outcomes(how, double, iterate_asynchronously([3]))
    assert seen == [(1, 2), (2, 2), (1, None)]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_items() -> None:
    def peak_bytes(count: int) -> int:
        async def main() -> None:
            async for done in await_each(Tasks(16), double, iter(range(count))):
                assert done.error is None

        gc.collect()
        tracemalloc.start()
        try:
            asyncio.run(main())
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak_bytes(10)
    assert peak_bytes(20_000) - peak_bytes(1000) < 200_000
