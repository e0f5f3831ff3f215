"""The syntax tree of a query.

Source: ImageKit docs, "Advanced search queries".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Connective = Literal["AND", "OR"]
Operator = Literal[
    "=", "NOT =", ":", "<", "<=", ">", ">=", "HAS", "IN", "NOT IN", "EXISTS", "NOT EXISTS"
]  # fmt: skip


class SearchSyntaxError(ValueError):
    """A query is not valid.

    Attributes:
        message: Error message, which says what is allowed.
        position: Position of the error in the query, in characters.
    """

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message, position)
        self.message: str = message
        self.position: int = position

    def __str__(self) -> str:
        return f"{self.message} (at character {self.position})"


@dataclass(frozen=True)
class Value:
    """A literal; its meaning depends on the field that it is compared with.

    Attributes:
        text: Text without quotes and escapes.
        quoted: Whether it has quotes: ``5`` and ``true`` are a number and a boolean only without quotes.
        position: Position of its first character in the query.
    """

    text: str
    quoted: bool
    position: int


def expected_error(what: str, value: Value) -> SearchSyntaxError:
    """Return the error for a value that is not valid for its field."""
    return SearchSyntaxError(f"expected {what} (got {value.text[:40]!r})", value.position)


@dataclass(frozen=True)
class Condition:
    """A field, an operator and its operands: none, one value, or the values of a list."""

    field: str
    operator: Operator
    values: tuple[Value, ...]
    field_position: int
    operator_position: int


@dataclass(frozen=True)
class Group:
    """Two or more expressions, all of which (AND) or any of which (OR) must be true."""

    connective: Connective
    members: tuple[Expression, ...]


Expression = Condition | Group
