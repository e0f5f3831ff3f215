"""Drive work on many files in tasks of the running event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from contextlib import AsyncExitStack, aclosing, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from ..threads import run_in_thread
from .work import Call, Each, Failed, Fetch, Give, Succeeded, Take, Window, follow

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable

    from .work import AsyncRunner, Done, Job, Step, Work

R = TypeVar("R")


@dataclass(frozen=True)
class Tasks(Window):
    """A driver that carries out work in tasks."""

    async def run(self, runner: AsyncRunner, work: Work) -> AsyncGenerator[Done[Any, Any], None]:
        """Carry out work and yield the outcomes as they arrive; nothing starts before the iteration.

        Leaving the iteration, or cancelling it, cancels running jobs.

        Args:
            runner: Runner that sends the operations.
            work: The work; its items may be asynchronous iterables.
        """
        reply: Any = None
        outcomes: AsyncGenerator[Any, None] = _iterate(())
        async with AsyncExitStack() as stack:
            steps = stack.enter_context(closing(follow(work, self)))
            while True:
                try:
                    step = steps.send(reply)
                except StopIteration:
                    return
                if isinstance(step, Take):
                    reply = await anext(outcomes, None)
                elif isinstance(step, Give):
                    outcomes = _iterate(step.outcomes)
                elif isinstance(step, Each):
                    outcomes = await stack.enter_async_context(aclosing(self._run_each(runner, step)))
                elif isinstance(step, (Succeeded, Failed)):
                    yield step
                else:
                    reply = await _carry_out_step(runner, step)

    async def _run_each(self, runner: AsyncRunner, each: Each) -> AsyncGenerator[Done[Any, Any], None]:
        ready: asyncio.Queue[list[Done[Any, Any]] | None] = asyncio.Queue()  # None: a task has ended
        room = asyncio.Semaphore(self.at_once)
        turn = asyncio.Lock()  # an asynchronous iterator returns one item at a time
        is_open = True
        failure: Exception | None = None

        async def work() -> None:
            nonlocal is_open, failure
            try:
                while True:
                    async with turn:
                        await room.acquire()
                        try:
                            items = await _take(source, each.batch_size or 1) if is_open else []
                        except Exception as exc:
                            items, failure = [], exc
                        if not (items and is_open):
                            is_open = False
                            return
                        argument = each.argument_for(items)
                    outcomes = each.outcomes(items, await _get_result(runner, each.job(argument)))
                    if self.stop_on_error and any(done.error for done in outcomes):
                        is_open = False
                    ready.put_nowait(outcomes)
            finally:
                room.release()
                ready.put_nowait(None)

        async with aclosing(_iterate(each.items)) as source:
            tasks = [asyncio.create_task(work()) for _ in range(self.at_once)]
            try:
                running = len(tasks)
                while running:
                    outcomes = await ready.get()
                    if outcomes is None:
                        running -= 1
                        continue
                    room.release()
                    for done in outcomes:
                        yield done
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)
        for task in tasks:
            task.result()  # raises if somebody else cancelled a call, or an error ended everything
        if failure is not None:
            raise failure


async def carry_out(runner: AsyncRunner, steps: Job[R]) -> R:
    """Carry out one job and return its result; on cancellation, let it clean up first."""
    proceed: Callable[[Any], Step] = steps.send
    reply: Any = None
    try:
        while True:
            step = proceed(reply)
            try:
                proceed, reply = steps.send, await _carry_out_step(runner, step)
            except BaseException as exc:
                proceed, reply = steps.throw, exc
    except StopIteration as done:
        result: R = done.value
        return result
    finally:
        reply = None  # an exception refers to this frame through its traceback


async def _carry_out_step(runner: AsyncRunner, step: Step) -> Any:
    if isinstance(step, Call):
        return await runner.run(step.operation)
    if isinstance(step, Fetch):
        return await runner.fetch(step.delivery, step.reception, step.sink)
    return await run_in_thread(step.function)


async def _get_result(runner: AsyncRunner, steps: Job[Any]) -> Any:
    """Return the result of a job, or the exception that it raises."""
    try:
        return await carry_out(runner, steps)
    except Exception as exc:
        return exc


async def _take(source: AsyncIterator[Any], count: int) -> list[Any]:
    """Return the next items, or fewer at the end."""
    taken: list[Any] = []
    async for item in source:
        taken.append(item)
        if len(taken) == count:
            break
    return taken


async def _iterate(items: Iterable[Any] | AsyncIterable[Any]) -> AsyncGenerator[Any, None]:
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item
