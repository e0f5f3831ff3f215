"""Define budgets, and measure times: both sides of a row in the same process and run, in alternating rounds."""

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
        what: Description of the measurement, with the assumed latency of the service.
        floor: Description of the comparison.
        value, floor_value: Both results, in `unit`.
        limit: Budget, as a multiple of the floor or, if `is_difference`, in `unit` above it.
        is_minimum: Whether `limit` is the lowest allowed value rather than the highest.
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

    def format_cells(self) -> list[str]:
        sign, unit = ("+ ", f" {self.unit}") if self.is_difference else ("", " ×")
        ratio = f"- {-self.ratio:,.2f}" if self.ratio < 0 else f"{sign}{self.ratio:,.2f}"
        return [
            self.what,
            f"{self.value:,.2f} {self.unit}",
            self.floor,
            f"{self.floor_value:,.2f} {self.unit}",
            f"{ratio}{unit}",
            f"{'≥' if self.is_minimum else '≤'} {sign}{self.limit:g}{unit}",
            "held" if self.is_held else "MISSED",
        ]


def time_calls(functions: Sequence[Callable[[], object]], *, number: int, rounds: int) -> list[float]:
    """Return the microseconds that a call of each function takes.

    Each is the median of `rounds` rounds of `number` calls; the functions take turns.
    """
    timers = [timeit.Timer(function) for function in functions]
    taken: list[list[float]] = [[] for _ in functions]
    for timer in timers:
        timer.timeit(number)  # warm up
    for _ in range(rounds):
        for timer, times in zip(timers, taken, strict=True):
            times.append(timer.timeit(number) / number * 1e6)
    return [statistics.median(times) for times in taken]


def format_table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table."""
    head = ["what", "ours", "floor", "floor's figure", "ratio", "budget", ""]
    cells = [head, *(row.format_cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
