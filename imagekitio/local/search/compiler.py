"""The compiler of search queries to SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from .fields import Field, ListOf, Parameter, Positive, Scalar, Sql, find_field
from .parser import parse
from .syntax import Condition, Expression, SearchSyntaxError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    FieldOf = Callable[[Condition], Field]


@dataclass(frozen=True)
class CompiledQuery:
    """A search query as SQL.

    Attributes:
        sql: Boolean expression over the columns of alias `a`, which can be joined to others with ``AND``.
        parameters: Values of its question marks.
        mentions_type: Whether the query has a condition on `type`; without one it finds only current files.
        relevance: SQL of the number of words that the query's HAS conditions find in an asset.
        relevance_parameters: Values of its question marks.
    """

    sql: str
    parameters: tuple[Parameter, ...]
    mentions_type: bool
    relevance: str = "0"
    relevance_parameters: tuple[Parameter, ...] = ()


def compile_query(text: str, *, now: datetime, custom_fields: Mapping[str, str]) -> CompiledQuery:
    """Compile a search query; its values never become part of the SQL.

    The SQL reads the columns of the assets, and calls functions that `register_functions` adds to a connection. A blank
    query matches everything.

    Args:
        text: The query.
        now: An aware datetime, which relative times such as ``7d`` count back from.
        custom_fields: Type of each custom metadata field (``Text``, ``Number``, ...), by name.
    Raises:
        SearchSyntaxError: `text` does not follow the syntax, names an unknown field, or has an operator or a type of
            value that is not allowed for its field.
    Source: ImageKit docs, "Advanced search queries".
    """
    tree = parse(text)
    if tree is None:
        return CompiledQuery("1", (), mentions_type=False)
    conditions = list(_conditions(tree))

    def field_of(condition: Condition) -> Field:
        return find_field(condition.field, condition.field_position, now=now, custom_fields=custom_fields)

    sql = _expression(tree, field_of)
    relevance = _relevance(conditions, field_of)
    return CompiledQuery(
        sql.text,
        sql.parameters,
        mentions_type=any(condition.field == "type" for condition in conditions),
        relevance=relevance.text,
        relevance_parameters=relevance.parameters,
    )


def _expression(tree: Expression, field_of: FieldOf) -> Sql:
    if isinstance(tree, Condition):
        return _condition(tree, field_of(tree))
    # The highest members come first, because the stack of SQLite's parser has only 100 entries: this way it contains
    # an open parenthesis for each level, otherwise also everything before it. The order has no effect on AND and OR.
    members = [_expression(member, field_of) for member in sorted(tree.members, key=_height, reverse=True)]
    return Sql(
        "(" + f" {tree.connective} ".join(member.text for member in members) + ")",
        tuple(parameter for member in members for parameter in member.parameters),
    )


def _condition(condition: Condition, field: Field) -> Sql:
    operator = condition.operator
    if operator not in field.operators:
        raise SearchSyntaxError(
            f"{condition.field} does not take {operator}; it takes {', '.join(field.operators)}",
            condition.operator_position,
        )
    positive = cast("Positive", operator.removeprefix("NOT "))
    sql = field.matches(positive, condition.values)
    # IS NOT TRUE, so that assets without the value, for which the positive form is NULL, are found too.
    return sql if positive == operator else Sql(f"(({sql.text}) IS NOT TRUE)", sql.parameters)


def _relevance(conditions: list[Condition], field_of: FieldOf) -> Sql:
    searched = [(field_of(condition), condition.values[0]) for condition in conditions if condition.operator == "HAS"]
    terms = [field.count_words(value) for field, value in searched if isinstance(field, Scalar | ListOf)]
    if not terms:
        return Sql("0")
    return Sql(
        " + ".join(f"COALESCE({term.text}, 0)" for term in terms),
        tuple(parameter for term in terms for parameter in term.parameters),
    )


def _height(tree: Expression) -> int:
    return 0 if isinstance(tree, Condition) else 1 + max(map(_height, tree.members))


def _conditions(tree: Expression) -> Iterator[Condition]:
    if isinstance(tree, Condition):
        yield tree
    else:
        for member in tree.members:
            yield from _conditions(member)
