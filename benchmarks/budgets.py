"""What a budget is, and how the figures are taken: everything of one row in one process and one run, in turns."""

from __future__ import annotations

import statistics
import timeit
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        what: What was measured.
        floor: Beside what it was measured.
        value, floor_value: The two figures, in `unit`.
        limit: The budget, as a multiple of the floor, or in `unit` above it where `is_difference`.
        is_minimum: Whether the budget is the least that `value` must be rather than the most.
    """

    what: str
    floor: str
    value: float
    floor_value: float
    limit: float
    unit: str
    is_difference: bool = False
    is_minimum: bool = False

    @property
    def ratio(self) -> float:
        return self.value - self.floor_value if self.is_difference else self.value / self.floor_value

    @property
    def is_held(self) -> bool:
        return self.ratio >= self.limit if self.is_minimum else self.ratio <= self.limit

    def cells(self) -> list[str]:
        sign, unit = ("+ ", f" {self.unit}") if self.is_difference else ("", " ×")
        return [
            self.what,
            f"{self.value:,.2f} {self.unit}",
            self.floor,
            f"{self.floor_value:,.2f} {self.unit}",
            f"{sign}{self.ratio:.2f}{unit}",
            f"{'≥' if self.is_minimum else '≤'} {sign}{self.limit:g}{unit}",
            "held" if self.is_held else "MISSED",
        ]


def microseconds(functions: Sequence[Callable[[], object]], *, number: int, rounds: int) -> list[float]:
    """Return how long one call of each takes: the median of `rounds` rounds of `number` calls, in turns."""
    timers = [timeit.Timer(function) for function in functions]
    taken: list[list[float]] = [[] for _ in functions]
    for timer in timers:
        timer.timeit(number)  # warm
    for _ in range(rounds):
        for timer, times in zip(timers, taken, strict=True):
            times.append(timer.timeit(number) / number * 1e6)
    return [statistics.median(times) for times in taken]


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table."""
    head = ["what", "ours", "floor", "measured beside it", "so", "budget", ""]
    cells = [head, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
