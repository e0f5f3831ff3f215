"""Readers, which convert the texts of values; they raise a ValueError that says what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .errors import invalid
from .expressions import Expression, parse_expression, parse_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from .grammar import StepText

T = TypeVar("T")


def read(step: StepText, code: str, reader: Callable[[str], T], *, bare: str | None = None) -> T | None:
    """Read the value of a code; None if the step does not have it. `bare` is the value of a code without one.

    Raises:
        TransformationError: The text is not valid for the code.
    """
    if code not in step.values:
        return None
    text = step.values[code] or bare
    if text is None:
        raise invalid(code, "needs a value")
    try:
        return reader(text)
    except ValueError as exc:
        raise invalid(code, str(exc)) from None


def is_on(step: StepText, code: str) -> bool:
    """Return whether a flag is set. Every value except ``false`` sets it, as releases 2 to 4 write ``e-contrast-1``."""
    return code in step.values and step.values[code] != "false"


def one_of(*words: str) -> Callable[[str], str]:
    """Return a reader that accepts these words."""

    def reader(text: str) -> str:
        if text not in words:
            raise ValueError(f"must be one of {', '.join(words)} (got '{text}')")
        return text

    return reader


def number(low: float, high: float) -> Callable[[str], float]:
    """Return a reader of numbers from `low` to `high`."""

    def reader(text: str) -> float:
        value = parse_number(text)
        if not low <= value <= high:
            raise ValueError(f"must be from {low:g} to {high:g} (got '{text}')")
        return value

    return reader


def boolean(text: str) -> bool:
    """Read ``true`` or ``false``."""
    return one_of("true", "false")(text) == "true"


def length(text: str) -> Expression:
    """Read an expression, and refuse numbers that are not above 0."""
    expression = parse_expression(text)
    if expression.literal is not None and expression.literal <= 0:
        raise ValueError(f"must be above 0 (got '{text}')")
    return expression
