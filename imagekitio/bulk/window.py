"""Many calls at once, but never more than a window of them: items may be more than fit into memory."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    Progress = Callable[[int, "int | None"], object]

Item = TypeVar("Item")
R = TypeVar("R")
Items = TypeVar("Items")


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


@dataclass(frozen=True)
class Window:
    """How many calls are under way; `Workers` and `Tasks` make them.

    Attributes:
        at_once: How many calls are under way at most.
        stop_on_error: Start nothing more after the first failure; the calls under way are still yielded.
        on_progress: Is called after each item with how many are done, and of how many if the items have a length.
    Raises:
        TypeError, ValueError: `at_once` is no whole number, or below 1.
    """

    at_once: int
    stop_on_error: bool = False
    on_progress: Progress | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.at_once, int):
            raise TypeError(f"at_once must be a whole number (got {self.at_once!r})")
        if self.at_once < 1:
            raise ValueError(f"at_once must be 1 or more (got {self.at_once})")

    def without_progress(self) -> Self:
        return replace(self, on_progress=None)


class Counter:
    """Tells `on_progress` how many items are done."""

    def __init__(self, items: object, on_progress: Progress | None) -> None:
        self._done, self._on_progress = 0, on_progress
        self._total = len(items) if isinstance(items, Sized) else None

    def one_more(self) -> None:
        self._done += 1
        if self._on_progress is not None:
            self._on_progress(self._done, self._total)


def refuse_text(items: Items) -> Items:
    """Return what is no text.

    Raises:
        TypeError: It is one, whose characters would be taken for items.
    """
    if isinstance(items, (str, bytes)):
        raise TypeError(f"items must be a list, or anything to go through (got {items!r}); put one item into a list")
    return items
