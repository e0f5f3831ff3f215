"""The tree that a query is read into.

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
    """A query that cannot be understood.

    Attributes:
        message: What is wrong and what would be right.
        position: Where, as a character offset into the query.
    """

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message, position)
        self.message: str = message
        self.position: int = position

    def __str__(self) -> str:
        return f"{self.message} (at character {self.position})"


@dataclass(frozen=True)
class Value:
    """A literal as it was written; what it means depends on the field that it is compared with.

    Attributes:
        text: Without its quotes and escapes.
        quoted: Whether it stood in quotes: ``5`` and ``true`` are a number and a boolean only without.
        position: Character offset of its first character.
    """

    text: str
    quoted: bool
    position: int


def expected(what: str, value: Value) -> SearchSyntaxError:
    """The error that `value` is not what its field takes."""
    return SearchSyntaxError(f"expected {what} (got {value.text[:40]!r})", value.position)


@dataclass(frozen=True)
class Condition:
    """A field, an operator and what the field is compared with: nothing, a value, or the values of a list."""

    field: str
    operator: Operator
    values: tuple[Value, ...]
    field_position: int
    operator_position: int


@dataclass(frozen=True)
class Group:
    """Two or more expressions that all hold (AND), or of which one holds (OR)."""

    connective: Connective
    members: tuple[Expression, ...]


Expression = Condition | Group
