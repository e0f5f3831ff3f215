"""Numbers and arithmetic of transformation values, such as ``iw_div_2`` and ``N45``.

Source: ImageKit docs, "Arithmetic expressions in transformations".
"""

from __future__ import annotations

import math
import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NUMBER = re.compile(r"(?P<sign>N|-)?(?P<digits>\d{1,12}(\.\d{0,20})?|\.\d{1,20})", re.ASCII)

# Four passes, each from left to right.
_PASSES: tuple[dict[str, Callable[[float, float], float]], ...] = (
    {"mul": operator.mul, "div": operator.truediv},
    {"add": operator.add, "sub": operator.sub},
    {"mod": math.fmod},  # takes the sign of the dividend
    {"pow": math.pow},  # unlike **, it refuses operands without a real result
)
OPERATORS = frozenset(name for each in _PASSES for name in each)
PARENT_VARIABLES = frozenset({"bw", "bh", "bar"})  # of the picture below a layer
VARIABLES = frozenset({"iw", "ih", "iar", "cw", "ch", "car"}) | PARENT_VARIABLES


@dataclass(frozen=True)
class Expression:
    """Operands joined by operators; a plain number is an expression of one operand."""

    operands: tuple[float | str, ...]
    operators: tuple[str, ...] = ()

    @property
    def literal(self) -> float | None:
        """The number if the expression is a plain number, else None."""
        first = self.operands[0]
        return first if not self.operators and isinstance(first, float) else None

    def evaluate(self, variables: Mapping[str, float]) -> float:
        """Compute the value.

        Raises:
            ValueError: The expression divides by zero, or its result is not a finite number.
        """
        operands: list[float] = [variables[each] if isinstance(each, str) else each for each in self.operands]
        operators = list(self.operators)
        try:
            for functions in _PASSES:
                operands, operators = _one_pass(operands, operators, functions)
        except ZeroDivisionError:
            raise ValueError("must not divide by zero") from None
        except (ValueError, OverflowError):
            raise ValueError("has no finite result") from None
        if not math.isfinite(operands[0]):
            raise ValueError("has no finite result")
        return operands[0]


def parse_number(text: str) -> float:
    """Read a decimal number; ``N`` (or ``-``) before it makes it negative.

    Raises:
        ValueError: The text is not a number.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ValueError(f"must be a number (got '{text}')")
    value = float(match["digits"])
    return -value if match["sign"] else value


def parse_expression(text: str, variables: frozenset[str] = VARIABLES) -> Expression:
    """Read a number, or values joined by operators: ``iw_div_2_add_10``.

    Args:
        text: The value in the URL.
        variables: The names that it may contain.

    Raises:
        ValueError: An operand or operator is unknown.
    """
    if _NUMBER.fullmatch(text):
        return Expression((parse_number(text),))
    parts = text.split("_")
    if len(parts) % 2 == 0 or (len(parts) == 1 and text not in variables):
        raise ValueError(f"must be a number or an expression such as iw_div_2 (got '{text}')")
    for name in parts[1::2]:
        if name not in OPERATORS:
            raise ValueError(f"must use the operators {', '.join(sorted(OPERATORS))} (got '{name}')")
    return Expression(tuple(_operand(part, variables) for part in parts[::2]), tuple(parts[1::2]))


def evaluate(code: str, expression: Expression, variables: Mapping[str, float]) -> float:
    """Compute an expression for a picture.

    Raises:
        TransformationError: It has no value for this picture, or contains a variable that is not allowed here.
    """
    unknown = [name for name in expression.operands if isinstance(name, str) and name not in variables]
    if unknown:
        raise invalid(code, f"may use {', '.join(sorted(variables))} here (got '{unknown[0]}')")
    try:
        return expression.evaluate(variables)
    except ValueError as exc:
        raise invalid(code, str(exc)) from None


def round_half_up(value: float) -> int:
    """Round to the nearest integer, halves up. Only nine decimals count, as the rest are floating-point errors."""
    return math.floor(round(value, 9) + 0.5)


def _operand(text: str, variables: frozenset[str]) -> float | str:
    if text in variables:
        return text
    if _NUMBER.fullmatch(text) and text[0] not in "N-":
        return parse_number(text)
    raise ValueError(f"allows positive numbers and {', '.join(sorted(variables))} in expressions (got '{text}')")


def _one_pass(
    operands: list[float], operators: list[str], functions: Mapping[str, Callable[[float, float], float]]
) -> tuple[list[float], list[str]]:
    results, left = [operands[0]], []
    for name, operand in zip(operators, operands[1:], strict=True):
        if name in functions:
            if name == "mod" and operand == 0:
                raise ZeroDivisionError
            results[-1] = functions[name](results[-1], operand)
        else:
            results.append(operand)
            left.append(name)
    return results, left
