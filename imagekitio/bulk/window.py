"""Many calls at once, but never more than a window of them: items may be more than fit into memory."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sized
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import lru_cache
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor, Future

    Progress = Callable[[int, "int | None"], object]

Item = TypeVar("Item")
R = TypeVar("R")
ClientT = TypeVar("ClientT")


@dataclass(frozen=True)
class Done(Generic[Item, R]):
    """What became of one item.

    Attributes:
        item: As it was given.
        result: What the call returned; None when it failed.
        error: What it raised; None when it succeeded.
    """

    item: Item
    result: R | None = None
    error: Exception | None = None


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
class Window:
    """How many calls are under way, and who makes them.

    Attributes:
        at_once: How many calls are under way at most; with an executor of the caller, how many it is given at most.
        executor: Makes the calls, and is not shut down; by default threads that end with the iteration.
        stop_on_error: Start nothing more after the first failure; the calls under way are still yielded.
        on_progress: Is called after each item with how many are done, and of how many if the items have a length.
    Raises:
        ValueError: `at_once` is below 1.
    """

    at_once: int
    executor: Executor | None = None
    stop_on_error: bool = False
    on_progress: Progress | None = None

    def __post_init__(self) -> None:
        if self.at_once < 1:
            raise ValueError(f"at_once must be 1 or more (got {self.at_once})")

    def without_progress(self) -> Window:
        return replace(self, on_progress=None)

    def each(self, function: Callable[[Item], R], items: Iterable[Item]) -> Iterator[Done[Item, R]]:
        """Call `function` with each item and yield the outcomes as they come; nothing starts before the iteration.

        Args:
            function: Pickles, where the executor has processes; so do the items and the results.
            items: Taken one by one, when there is room. What they raise is raised when the calls under way are yielded.
        """
        return _each(self, function, items)


class Counter:
    """Tells `on_progress` how many items are done."""

    def __init__(self, items: object, on_progress: Progress | None) -> None:
        self._done, self._on_progress = 0, on_progress
        self._total = len(items) if isinstance(items, Sized) else None

    def one_more(self) -> None:
        self._done += 1
        if self._on_progress is not None:
            self._on_progress(self._done, self._total)


def _each(how: Window, function: Callable[[Item], R], items: Iterable[Item]) -> Iterator[Done[Item, R]]:
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
