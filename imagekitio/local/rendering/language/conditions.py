"""Conditions of if-blocks, such as ``h_gte_100_and_h_lte_400_or_ar_lt_4-3``.

Source: ImageKit docs, "Conditional transformations"; ``and`` binds tighter than ``or``.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from .errors import invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_COMPARISON = re.compile(
    r"(?P<name>h|w|ar|ih|iw|iar)_(?P<operator>eq|ne|gte?|lte?)_(?P<value>\d+(\.\d+)?)(-(?P<per>\d+(\.\d+)?))?", re.ASCII
)


def _equal(left: float, right: float) -> bool:
    return math.isclose(left, right, rel_tol=0, abs_tol=1e-6)


_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "eq": _equal,
    "ne": lambda left, right: not _equal(left, right),
    "gt": lambda left, right: left > right,
    "gte": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "lte": lambda left, right: left <= right,
}


class Comparison(NamedTuple):
    """A comparison of a property with a number."""

    name: str
    operator: str
    value: float

    def holds(self, properties: Mapping[str, float]) -> bool:
        return _OPERATORS[self.operator](properties[self.name], self.value)


Condition = tuple[tuple[Comparison, ...], ...]  # alternatives; in each, all comparisons must hold


def parse_condition(text: str) -> Condition:
    """Read a condition.

    Raises:
        TransformationError: The text is not ``<property>_<operator>_<value>``, joined by ``_and_`` and ``_or_``.
    """
    return tuple(tuple(_comparison(part) for part in alternative.split("_and_")) for alternative in text.split("_or_"))


def holds(condition: Condition, properties: Mapping[str, float]) -> bool:
    """Return whether a condition holds for these properties: w h ar of the step's input, iw ih iar of the source."""
    return any(all(each.holds(properties) for each in alternative) for alternative in condition)


def _comparison(text: str) -> Comparison:
    match = _COMPARISON.fullmatch(text)
    if match is None:
        raise invalid(
            "if",
            f"must be a comparison such as h_gt_300 or ar_lte_4-3, or several joined by _and_ and _or_ (got '{text}')",
        )
    per = float(match["per"] or 1)
    if per == 0 or (match["per"] and not match["name"].endswith("ar")):
        raise invalid("if", f"allows a ratio such as 4-3 only for ar and iar (got '{text}')")
    return Comparison(match["name"], match["operator"], float(match["value"]) / per)
