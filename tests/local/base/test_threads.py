"""Work in threads alongside a running event loop."""

from __future__ import annotations

import asyncio
import threading

import pytest

from imagekitio.local.base.threads import MAX_THREADS, run_in_thread

PATIENCE_SECONDS = 30


def test_work_runs_in_a_thread_and_its_result_is_returned() -> None:
    def add(one: int, *, other: int) -> tuple[int, bool]:
        return one + other, threading.current_thread() is threading.main_thread()

    assert asyncio.run(run_in_thread(add, 1, other=2)) == (3, False)


def test_an_exception_of_the_work_is_raised() -> None:
    with pytest.raises(ValueError, match="no number"):
        asyncio.run(run_in_thread(_refuse))


def test_all_calls_of_a_loop_can_wait_at_the_same_time_and_its_threads_end_with_it() -> None:
    all_of_them = threading.Barrier(MAX_THREADS)
    before = set(threading.enumerate())

    async def wait_for_each_other() -> None:
        await asyncio.gather(*(run_in_thread(all_of_them.wait, PATIENCE_SECONDS) for _ in range(MAX_THREADS)))

    asyncio.run(wait_for_each_other())
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize("ends_well", [True, False])
def test_cancelling_waits_for_the_work_to_end_and_logs_nothing_about_its_outcome(
    ends_well: bool, caplog: pytest.LogCaptureFixture
) -> None:
    began, may_end = threading.Event(), threading.Event()
    ended = []

    def work() -> None:
        began.set()
        ended.append(may_end.wait(PATIENCE_SECONDS))
        if not ends_well:
            _refuse()

    async def leave() -> None:
        task = asyncio.ensure_future(run_in_thread(work))
        await asyncio.to_thread(began.wait, PATIENCE_SECONDS)
        task.cancel()
        await asyncio.sleep(0)  # the cancellation reaches it
        assert not task.done()
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended == [True]

    asyncio.run(leave())
    assert caplog.records == []


def test_cancelling_drops_work_that_has_not_begun() -> None:
    may_end = threading.Event()
    begun: list[int] = []

    async def leave() -> None:
        others = [asyncio.ensure_future(run_in_thread(may_end.wait, PATIENCE_SECONDS)) for _ in range(MAX_THREADS)]
        await asyncio.sleep(0)
        task = asyncio.ensure_future(run_in_thread(begun.append, 1))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        may_end.set()
        await asyncio.gather(*others)

    asyncio.run(leave())
    assert begun == []


def _refuse() -> None:
    raise ValueError("no number")
