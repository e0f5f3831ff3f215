"""How texts of steps become values; every reader of a text raises ValueError with what would be right."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .errors import invalid
from .expressions import Expression, parse_expression, parse_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .steps import Step

T = TypeVar("T")


def read(step: Step, code: str, reader: Callable[[str], T], *, bare: str | None = None) -> T | None:
    """The value of a code, None where the code is not in the step; `bare` stands for a code without value.

    Raises:
        TransformationError: The text is not what the code takes.
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


def is_on(step: Step, code: str) -> bool:
    """Whether a flag is set; every value but ``false`` sets it, as releases 2 to 4 write ``e-contrast-1``."""
    return code in step.values and step.values[code] != "false"


def one_of(*words: str) -> Callable[[str], str]:
    def reader(text: str) -> str:
        if text not in words:
            raise ValueError(f"must be one of {', '.join(words)} (got '{text}')")
        return text

    return reader


def number(low: float, high: float) -> Callable[[str], float]:
    def reader(text: str) -> float:
        value = parse_number(text)
        if not low <= value <= high:
            raise ValueError(f"must be from {low:g} to {high:g} (got '{text}')")
        return value

    return reader


def boolean(text: str) -> bool:
    return one_of("true", "false")(text) == "true"


def length(text: str) -> Expression:
    """An expression that is no number below or equal to 0."""
    expression = parse_expression(text)
    if expression.literal is not None and expression.literal <= 0:
        raise ValueError(f"must be above 0 (got '{text}')")
    return expression


def evaluate(code: str, expression: Expression, variables: Mapping[str, float]) -> float:
    """The value of an expression.

    Raises:
        TransformationError: It has none for this picture, or names a variable that has no meaning where it stands.
    """
    unknown = [name for name in expression.operands if isinstance(name, str) and name not in variables]
    if unknown:
        raise invalid(code, f"may use {', '.join(sorted(variables))} here (got '{unknown[0]}')")
    try:
        return expression.evaluate(variables)
    except ValueError as exc:
        raise invalid(code, str(exc)) from None
