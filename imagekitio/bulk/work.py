"""The parts of work on many files: plain data that a driver carries out in threads, on an executor or in tasks.

The work itself is a generator, like `flow.attempts`: it yields steps and receives their results, so it neither sends
nor blocks, and does not depend on a client. `workers` and `tasks` are the drivers.

There are two levels. A *job* deals with one item, or with a batch of them: it yields `Call`, `Fetch` and `Blocking`,
and returns a result. *Work* deals with all items: it yields these too, and `Total`, `Each`, `Gather` and `Give`.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, Callable, Generator, Iterable, Sized
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Protocol, TypeVar, cast

from ..operations.core import check_progress

if TYPE_CHECKING:
    from collections.abc import Awaitable, Hashable, Sequence

    from ..disk import Sink
    from ..flow.exchange import Reception
    from ..flow.resuming import Delivery
    from ..operations.core import Operation

    Progress = Callable[[int, "int | None"], object]

T = TypeVar("T")
R = TypeVar("R")
Item = TypeVar("Item")


class Runner(Protocol):
    """The part of a client that a driver needs; transports implement it."""

    def run(self, operation: Operation[T]) -> T: ...

    def fetch(self, delivery: Delivery, reception: Reception, sink: Sink) -> None: ...


class AsyncRunner(Protocol):
    """The same for asyncio."""

    def run(self, operation: Operation[T]) -> Awaitable[T]: ...

    def fetch(self, delivery: Delivery, reception: Reception, sink: Sink) -> Awaitable[None]: ...


@dataclass(frozen=True)
class Call:
    """A step that carries out one operation; answered with its result."""

    operation: Operation[Any]


@dataclass(frozen=True)
class Fetch:
    """A step that writes the content of a URL, or a part of it, into a file."""

    delivery: Delivery
    reception: Reception
    sink: Sink


@dataclass(frozen=True)
class Blocking:
    """A step that calls a function that may block; answered with its result."""

    function: Callable[[], Any]


Step = Call | Fetch | Blocking
# An exception of a step is raised where the step was yielded. A job that cleans up may yield further steps there.
Job = Generator[Step, Any, R]


@dataclass(frozen=True)
class Succeeded(Generic[Item, R]):
    """The outcome of an item whose call succeeded.

    Attributes:
        item: The item, as given.
        result: The result of the call.
        error: None.
    """

    item: Item
    result: R
    error: None = field(default=None, init=False, repr=False)

    def unwrap(self) -> R:
        """Return the result."""
        return self.result


@dataclass(frozen=True)
class Failed(Generic[Item]):
    """The outcome of an item whose call failed.

    Attributes:
        item: The item, as given.
        error: The exception that the call raised.
        result: None.
    """

    item: Item
    error: Exception
    result: None = field(default=None, init=False, repr=False)

    def unwrap(self) -> NoReturn:
        """Raise the error."""
        raise self.error


# The outcome of one item. After `if done.error is None`, type checkers know that there is a result.
Done = Succeeded[Item, R] | Failed[Item]


@dataclass(frozen=True)
class Total:
    """The number of outcomes to expect, for reports of progress; None if it is unknown."""

    count: int | None


@dataclass(frozen=True)
class Give:
    """Outcomes that need no work, to be yielded; answered with whether one of them is a failure."""

    outcomes: Sequence[Done[Any, Any]]


@dataclass(frozen=True)
class Each:
    """A job for each item, several at once, whose outcomes are yielded; answered with whether one is a failure.

    Attributes:
        items: The items, read when there is room for them; asynchronous iterables work only with asyncio.
        job: Function that starts the job for one item, from the result of `prepare`. With a `batch_size`, it takes a
            list, and the result of the job is a list with a result or an exception for each item. It is picklable, for
            executors that use processes.
        prepare: Function to call with each item in order, one at a time.
        batch_size: Items in one job; None for one item that is not in a list.
    """

    items: Iterable[Any] | AsyncIterable[Any]
    job: Callable[[Any], Job[Any]]
    prepare: Callable[[Any], Any] | None = None
    batch_size: int | None = None

    def argument_for(self, items: Sequence[Any]) -> Any:
        """Return the argument of `job` for items that were read together."""
        prepared = [self.prepare(item) for item in items] if self.prepare else list(items)
        return prepared[0] if self.batch_size is None else prepared

    def outcomes(self, items: Sequence[Any], found: Any) -> list[Done[Any, Any]]:
        """Return the outcome of each item; `found` is the result of their job, or the exception that it raised."""
        if isinstance(found, Exception) or self.batch_size is None:
            found = [found] * len(items)
        pairs = zip(items, found, strict=True)
        return [Failed(item, one) if isinstance(one, Exception) else Succeeded(item, one) for item, one in pairs]


@dataclass(frozen=True)
class Gather:
    """A job for each item, without yielding outcomes; answered with the outcomes. The first failure is raised.

    Attributes:
        each: The items, which must have a length if `on_progress` is given.
        on_progress: Function to call with the number of outcomes and the total: first with 0, then after each outcome.
            It is not called if there are no items.
    """

    each: Each
    on_progress: Progress | None = None

    def report(self, count: int) -> None:
        """Call `on_progress`, if it is given."""
        if self.on_progress is not None and (total := len(cast("Sized", self.each.items))):
            self.on_progress(count, total)


Work = Generator[Step | Total | Give | Each | Gather, Any, None]


class Take:
    """A request for the next outcome of the started jobs; answered with None at the end."""


@dataclass(frozen=True)
class Window:
    """The number of jobs that run at once; `Workers` and `Tasks` run them.

    Attributes:
        at_once: Maximum number of jobs that run at once.
        stop_on_error: Whether to start no more jobs after the first failure; running jobs are finished.
        on_progress: Function to call after each outcome with the number of outcomes and the total, which is None if
            unknown.

    Raises:
        TypeError, ValueError: `at_once` is not a whole number, or below 1; `on_progress` is not a function.
    """

    at_once: int
    stop_on_error: bool = False
    on_progress: Progress | None = None

    def __post_init__(self) -> None:
        check_progress(self.on_progress)
        if not isinstance(self.at_once, int) or isinstance(self.at_once, bool):
            raise TypeError(f"at_once must be a whole number (got {self.at_once!r})")
        if self.at_once < 1:
            raise ValueError(f"at_once must be 1 or more (got {self.at_once})")


def follow(work: Work, window: Window) -> Generator[Step | Each | Give | Take | Done[Any, Any], Any, None]:
    """Reduce work to the steps of a driver, so that both drivers share everything else.

    Yields:
        A step to carry out, answered with its result; an `Each` or `Give` to start; a `Take`, answered with the next
        outcome, or with None at the end; and each outcome to yield to the caller.
    """
    total, given = None, 0
    reply: Any = None
    with closing(work):
        while True:
            try:
                step = work.send(reply)
            except StopIteration:
                return
            reply = None
            if isinstance(step, Total):
                total = step.count
            elif isinstance(step, Gather):
                yield step.each
                reply = []
                step.report(0)
                while (done := (yield Take())) is not None:
                    if done.error is not None:
                        raise done.error
                    reply.append(done)
                    step.report(len(reply))
            elif isinstance(step, (Give, Each)):
                yield step
                reply = False
                while (done := (yield Take())) is not None:
                    given += 1
                    if window.on_progress is not None:
                        window.on_progress(given, total)
                    yield done
                    reply = reply or done.error is not None
                    if reply and window.stop_on_error and isinstance(step, Give):
                        return
                if reply and window.stop_on_error:
                    return
            else:
                reply = yield step


class Claims:
    """A record of the owner of each place in a call, which refuses a place that already has another owner.

    Args:
        advice: Advice on choosing another place, for the message.
    """

    def __init__(self, advice: str) -> None:
        self._advice = advice
        self._count = count()
        self._taken: dict[int, int] = {}  # owner by place, both as hashes, since there may be millions

    def claim(self, place: Hashable, owner: Hashable) -> None:
        """Note the owner of a place; the same owner may claim it again.

        Raises:
            ValueError: The place has another owner.
        """
        if self._taken.setdefault(hash(place), (own := hash(owner))) != own:
            raise ValueError(f"{str(place)!r} is already the path of another file in this call: {self._advice}")

    def claim_for_upload(self, place: Hashable, content: object) -> None:
        """Note the content that is uploaded to a place; raises what `claim` raises."""
        if isinstance(content, os.PathLike):
            owner: Hashable = os.fspath(cast("os.PathLike[str]", content))
        elif isinstance(content, (str, bytes)):
            owner = content
        else:  # a file object never has the same content left to read, and its id may be reused
            owner = (Claims, next(self._count))
        self.claim(place, owner)


def advise_path(item: object) -> str:
    """Return a hint to pass a `Path`, for messages about text that was given as an item to upload."""
    return f"; pass Path({item[:100]!r}) for a file on this machine" if isinstance(item, str) else ""


def do_each(
    items: Iterable[Any] | AsyncIterable[Any],
    job: Callable[[Any], Job[Any]],
    prepare: Callable[[Any], Any] | None = None,
    batch_size: int | None = None,
) -> Work:
    """Return work that consists of one `Each`.

    Raises:
        TypeError: `items` is not iterable, or is a str, whose characters would be treated as items.
    """
    if isinstance(items, (str, bytes)) or not isinstance(items, (Iterable, AsyncIterable)):
        raise TypeError(f"items must be a list or another iterable (got {items!r}); put a single item into a list")
    total = Total(len(items) if isinstance(items, Sized) else None)
    return (step for step in (total, Each(items, job, prepare, batch_size)))
