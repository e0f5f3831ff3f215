"""What work on many files consists of: plain data that a driver carries out, in threads, on an executor or in tasks.

The work itself is a generator, as `flow.attempts` is: it yields what has to be done and is sent what came of it, so it
neither sends, nor blocks, nor knows which client it works for. `workers` and `tasks` are the drivers.

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
    """What a driver needs of a client: a transport has it."""

    def run(self, operation: Operation[T]) -> T: ...

    def fetch(self, delivery: Delivery, reception: Reception, sink: Sink) -> None: ...


class AsyncRunner(Protocol):
    """The same for asyncio."""

    def run(self, operation: Operation[T]) -> Awaitable[T]: ...

    def fetch(self, delivery: Delivery, reception: Reception, sink: Sink) -> Awaitable[None]: ...


@dataclass(frozen=True)
class Call:
    """Carry one operation out; answered with its result."""

    operation: Operation[Any]


@dataclass(frozen=True)
class Fetch:
    """Write what a URL delivers, or a part of it, into a file."""

    delivery: Delivery
    reception: Reception
    sink: Sink


@dataclass(frozen=True)
class Blocking:
    """Call a function that may wait for a disk; answered with what it returns."""

    function: Callable[[], Any]


Step = Call | Fetch | Blocking
# What a step raises is raised where it was yielded. A job that cleans up may yield further steps there.
Job = Generator[Step, Any, R]


@dataclass(frozen=True)
class Succeeded(Generic[Item, R]):
    """The outcome of an item whose call succeeded.

    Attributes:
        item: The item, as it was given.
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
        item: The item, as it was given.
        error: The exception that the call raised.
        result: None.
    """

    item: Item
    error: Exception
    result: None = field(default=None, init=False, repr=False)

    def unwrap(self) -> NoReturn:
        """Raise the error."""
        raise self.error


# What became of one item. Type checkers know after `if done.error is None` that there is a result.
Done = Succeeded[Item, R] | Failed[Item]


@dataclass(frozen=True)
class Total:
    """Note how many outcomes there will be, for reports of progress; None if that is unknown."""

    count: int | None


@dataclass(frozen=True)
class Give:
    """Give outcomes out that need no work; answered with whether one of them is a failure."""

    outcomes: Sequence[Done[Any, Any]]


@dataclass(frozen=True)
class Each:
    """Do a job for each item, several at once, and give the outcomes out; answered with whether one is a failure.

    Attributes:
        items: The items, taken when there is room for them; asynchronous ones for asyncio only.
        job: Makes the job for one item, from what `prepare` returned; with a `batch_size`, for a list of that, and its
            result is a list with a result or an exception for each. It pickles, for executors with processes.
        prepare: Called with each item in their order, one at a time.
        batch_size: Items in one job; None for one item that is not in a list.
    """

    items: Iterable[Any] | AsyncIterable[Any]
    job: Callable[[Any], Job[Any]]
    prepare: Callable[[Any], Any] | None = None
    batch_size: int | None = None

    def argument_for(self, items: Sequence[Any]) -> Any:
        """Return what `job` is called with for items that were taken together."""
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
    """Do a job for each item, and give nothing out; answered with the outcomes. The first failure is raised.

    Attributes:
        each: The items, which have a length if there is a function to call.
        on_progress: A function that is called first with 0, and after each outcome with the number of outcomes so far,
            and with the number of all; not called if there are no items.
    """

    each: Each
    on_progress: Progress | None = None

    def report(self, count: int) -> None:
        """Call the function, if there is one."""
        if self.on_progress is not None and (total := len(cast("Sized", self.each.items))):
            self.on_progress(count, total)


Work = Generator[Step | Total | Give | Each | Gather, Any, None]


class Take:
    """Ask for the next outcome of what was started; answered with None at its end."""


@dataclass(frozen=True)
class Window:
    """How many jobs run at once; `Workers` and `Tasks` run them.

    Attributes:
        at_once: Maximum number of jobs that run at once.
        stop_on_error: Whether nothing more is started after the first failure; what has been started is finished.
        on_progress: A function that is called after each outcome with the number of outcomes so far, and the number of
            all, None if unknown.

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
    """Turn work into what is left for a driver to do, so that both drivers agree on everything else.

    Yields:
        A step to carry out, answered with what comes of it; an `Each` or `Give` to start; a `Take`, answered with its
        next outcome, or with None at its end; and each outcome to give out.
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
    """Notes for what each place of a call is, and refuses a place that something else of the call has already.

    Args:
        advice: How to choose another place, for the message.
    """

    def __init__(self, advice: str) -> None:
        self._advice = advice
        self._count = count()
        self._taken: dict[int, int] = {}  # by place, both as hashes: there may be millions

    def claim(self, place: Hashable, owner: Hashable) -> None:
        """Note that something goes to a place; the same thing may go there twice.

        Raises:
            ValueError: Something else goes there.
        """
        if self._taken.setdefault(hash(place), (own := hash(owner))) != own:
            raise ValueError(f"{str(place)!r} is where another file of this call goes: {self._advice}")

    def claim_for_upload(self, place: Hashable, content: object) -> None:
        """Note that a content is uploaded to a place; raises what `claim` raises."""
        if isinstance(content, os.PathLike):
            owner: Hashable = os.fspath(cast("os.PathLike[str]", content))
        elif isinstance(content, (str, bytes)):
            owner = content
        else:  # a file object never has the same left to read, and its id may be used again
            owner = (Claims, next(self._count))
        self.claim(place, owner)


def advise_path(item: object) -> str:
    """Return that a path is passed as a `Path`, for a message about text that is given as an item to upload."""
    return f"; pass Path({item[:100]!r}) for a file on this machine" if isinstance(item, str) else ""


def do_each(
    items: Iterable[Any] | AsyncIterable[Any],
    job: Callable[[Any], Job[Any]],
    prepare: Callable[[Any], Any] | None = None,
    batch_size: int | None = None,
) -> Work:
    """Return work that consists of one `Each`.

    Raises:
        TypeError: There is nothing to go through, or the items are a text, whose characters would be taken for items.
    """
    if isinstance(items, (str, bytes)) or not isinstance(items, (Iterable, AsyncIterable)):
        raise TypeError(f"items must be a list, or anything to go through (got {items!r}); put one item into a list")
    total = Total(len(items) if isinstance(items, Sized) else None)
    return (step for step in (total, Each(items, job, prepare, batch_size)))
