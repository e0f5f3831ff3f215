"""A window of calls that an executor makes: threads, processes, or a cluster."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import lru_cache
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .window import Counter, Done, Item, R, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor, Future

ClientT = TypeVar("ClientT")


class Shared(Generic[ClientT]):
    """Carries a client to where the calls are made: in another process all calls find the same one, connected."""

    def __init__(self, client: ClientT, pickled: bytes | None = None) -> None:
        self.client: ClientT = client
        self._pickled = pickled

    def __reduce__(self) -> tuple[Callable[[bytes], Shared[Any]], tuple[bytes]]:
        if self._pickled is None:
            self._pickled = pickle.dumps(self.client)
        return _shared_here, (self._pickled,)


@lru_cache(maxsize=8)
def _shared_here(pickled: bytes) -> Shared[Any]:
    return Shared(pickle.loads(pickled), pickled)


@dataclass(frozen=True)
class Workers(Window):
    """Calls that an executor makes.

    Attributes:
        executor: Is given `at_once` calls at most, and not shut down; by default threads that end with the iteration.
    """

    executor: Executor | None = None

    def each(self, function: Callable[[Item], R], items: Iterable[Item]) -> Iterator[Done[Item, R]]:
        """Call `function` with each item and yield the outcomes as they come; nothing starts before the iteration.

        Args:
            function: Pickles, where the executor has processes; so do the items and the results.
            items: Taken one by one, when there is room. What they raise is raised when the calls under way are yielded.
        """
        return _each(self, function, items)


def _each(how: Workers, function: Callable[[Item], R], items: Iterable[Item]) -> Iterator[Done[Item, R]]:
    progress = Counter(items, how.on_progress)
    own = ThreadPoolExecutor(how.at_once, "imagekitio-bulk") if how.executor is None else None
    pool: Any = how.executor if own is None else own
    # Threads of ours find the next item waiting, and need not wait until this thread has handed it over.
    width = how.at_once if own is None else 2 * how.at_once
    pending: dict[Future[R], Item] = {}
    ready: SimpleQueue[Future[R]] = SimpleQueue()
    source = iter(items)
    is_open, stopped = True, False
    failure: Exception | None = None
    try:
        while True:
            while is_open and len(pending) < width:
                try:
                    item = next(source)
                except StopIteration:
                    is_open = False
                    break
                except Exception as exc:
                    is_open, failure = False, exc
                    break
                future = pool.submit(function, item)
                pending[future] = item
                future.add_done_callback(ready.put)
            if not pending:
                break
            future = ready.get()
            item = pending.pop(future)
            if stopped and future.cancelled():
                continue  # never begun
            done = _outcome(future, item)
            del future  # the result is the caller's now
            if done.error is not None and how.stop_on_error and not stopped:
                is_open, stopped = False, True
                for waiting in list(pending):
                    waiting.cancel()
            progress.one_more()
            yield done
        if failure is not None:
            raise failure
    finally:
        for waiting in pending:
            waiting.cancel()
        wait(pending)
        if own is not None:
            own.shutdown()


def _outcome(future: Future[R], item: Item) -> Done[Item, R]:
    try:
        return Done(item, future.result())
    except Exception as exc:
        return Done(item, error=exc)
