"""Drive work on many files in threads, or on any executor: processes or a cluster."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from .work import Call, Each, Failed, Fetch, Give, Succeeded, Take, Window, follow

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from concurrent.futures import Executor, Future

    from .work import Done, Job, Runner, Step, Work

R = TypeVar("R")


@dataclass(frozen=True)
class Workers(Window):
    """A driver that carries out work on an executor.

    Attributes:
        executor: The executor, which receives at most `at_once` jobs at a time and is not shut down; None creates
            threads that end with the iteration.
    """

    executor: Executor | None = None

    def run(self, runner: Runner, work: Work) -> Generator[Done[Any, Any], None, None]:
        """Carry out work and yield the outcomes as they arrive; nothing starts before the iteration.

        Leaving the iteration cancels pending jobs and waits for running ones.

        Args:
            runner: Runner that sends the operations. It must be picklable if the executor uses processes.
            work: The work.
        """
        reply: Any = None
        outcomes: Iterator[Done[Any, Any]] = iter(())
        with closing(follow(work, self)) as steps:
            while True:
                try:
                    step = steps.send(reply)
                except StopIteration:
                    return
                if isinstance(step, Take):
                    reply = next(outcomes, None)
                elif isinstance(step, Each):
                    outcomes = self._run_each(runner, step)
                elif isinstance(step, Give):
                    outcomes = iter(step.outcomes)
                elif isinstance(step, (Succeeded, Failed)):
                    yield step
                else:
                    reply = _carry_out_step(runner, step)

    def _run_each(self, runner: Runner, each: Each) -> Generator[Done[Any, Any], None, None]:
        shared = Shared(runner)
        own = ThreadPoolExecutor(self.at_once, "imagekitio-bulk") if self.executor is None else None
        pool: Any = self.executor if own is None else own
        # Our own threads get a queue of items, so that they need not wait for this thread. With `stop_on_error` there
        # is no queue: they would start queued items before this thread learns of a failure.
        width = self.at_once if own is None or self.stop_on_error else 2 * self.at_once
        pending: dict[Future[Any], list[Any]] = {}
        ready: SimpleQueue[Future[Any]] = SimpleQueue()
        source = iter(each.items)  # type: ignore[arg-type]  # asynchronous items are for `Tasks`
        batches = iter(lambda: list(islice(source, each.batch_size or 1)), [])
        has_stopped = False
        failure: Exception | None = None
        try:
            while True:
                try:
                    for items in islice(batches, width - len(pending)):
                        future = pool.submit(_carry_out_shared, shared, each.job, each.argument_for(items))
                        pending[future] = items
                        future.add_done_callback(ready.put)
                except Exception as exc:  # from the items, or from an executor that accepts no more jobs
                    batches, failure = iter(()), exc
                if not pending:
                    break
                future = ready.get()
                items = pending.pop(future)
                if has_stopped and future.cancelled():
                    continue  # it never started
                outcomes = each.outcomes(items, _get_result(future))
                del future  # the results belong to the caller now
                if self.stop_on_error and any(done.error for done in outcomes):
                    batches, has_stopped = iter(()), True
                    for waiting in pending:
                        waiting.cancel()
                yield from outcomes
            if failure is not None:
                raise failure
        finally:
            for waiting in pending:
                waiting.cancel()
            wait(pending)
            if own is not None:
                own.shutdown()


def carry_out(runner: Runner, steps: Job[R]) -> R:
    """Carry out one job in this thread and return its result."""
    proceed: Callable[[Any], Step] = steps.send
    reply: Any = None
    try:
        while True:
            step = proceed(reply)
            try:
                proceed, reply = steps.send, _carry_out_step(runner, step)
            except BaseException as exc:
                proceed, reply = steps.throw, exc
    except StopIteration as done:
        result: R = done.value
        return result
    finally:
        reply = None  # an exception refers to this frame through its traceback


def _carry_out_step(runner: Runner, step: Step) -> Any:
    if isinstance(step, Call):
        return runner.run(step.operation)
    if isinstance(step, Fetch):
        return runner.fetch(step.delivery, step.reception, step.sink)
    return step.function()


class Shared:
    """A runner for jobs that may run elsewhere: in another process, all jobs share one copy and its connections."""

    def __init__(self, runner: Runner, pickled: bytes | None = None) -> None:
        self.runner: Runner = runner
        self._pickled = pickled

    def __reduce__(self) -> tuple[Callable[[bytes], Shared], tuple[bytes]]:
        if self._pickled is None:
            self._pickled = pickle.dumps(self.runner)
        return _find_shared, (self._pickled,)


@lru_cache(maxsize=8)
def _find_shared(pickled: bytes) -> Shared:
    return Shared(pickle.loads(pickled), pickled)


def _carry_out_shared(shared: Shared, job: Callable[[Any], Job[Any]], argument: Any) -> Any:
    return carry_out(shared.runner, job(argument))


def _get_result(future: Future[Any]) -> Any:
    """Return the result of a job, or the exception that it raised."""
    try:
        return future.result()
    except Exception as exc:
        return exc
