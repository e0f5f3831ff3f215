"""Conditions and their combinations as immutable trees, which `str` turns into the text of a query.

The language has no NOT before a parenthesis, so ``~`` is applied to the conditions (De Morgan), and replaces each with
the one that finds exactly the other items. If the language has no such condition, ``~`` raises an error rather than
build a query that finds something else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

Connective = Literal["AND", "OR"]

_MAX_DEPTH: Final = 100  # Python's recursion limit is not far beyond
_SWAPPED: Final[dict[Connective, Connective]] = {"AND": "OR", "OR": "AND"}


class Query:
    """A search query, for the option `search_query` of `list_files` and `iter_files`.

    Compare the fields of `Q` to create one; combine several with ``&``, ``|`` and ``~``. A query is immutable and
    hashable, and equal to a query built in the same way. ``str(query)`` returns its text.
    """

    def __init__(self) -> NoReturn:
        raise TypeError('build a query from the fields of Q, such as Q.name == "a.jpg"')

    def __and__(self, other: Query) -> Query:
        """Return a query for the items that both queries find."""
        return _join("AND", self, other)

    def __or__(self, other: Query) -> Query:
        """Return a query for the items that at least one of the queries finds."""
        return _join("OR", self, other)

    def __invert__(self) -> Query:
        """Return a query for the items that this one does not find.

        Raises:
            TypeError: The search language cannot express it; the message names the condition and the reason.
        """
        return _negate(self)

    if not TYPE_CHECKING:  # type checkers report these mistakes themselves

        def __rand__(self, other):
            return _join("AND", other, self)

        def __ror__(self, other):
            return _join("OR", other, self)

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "a query is neither true nor false: combine queries with & | ~ instead of and, or, not; "
            "write (1 < Q.width) & (Q.width < 3) instead of 1 < Q.width < 3"
        )

    def __str__(self) -> str:
        # Without a condition on the type, a query finds only files.
        return _write(self, finds_folders=any(condition.field == "Q.type" for condition in _iter_conditions(self)))

    def __repr__(self) -> str:
        return f"<Query {self}>"


@dataclass(frozen=True, repr=False)
class Condition(Query):
    """A single condition.

    Attributes:
        field: The field as Python spells it, such as ``Q.size``.
        text: The condition in the search language.
        opposite: The condition that finds all other items; None if there is none.
        reason: Why there is no opposite.
        skips_folders: Whether `text` and `opposite` both leave out folders, which lack the field.
        adds_folders: Whether to find folders as well, if the query finds folders at all.
    """

    field: str
    text: str
    opposite: str | None
    reason: str = ""
    skips_folders: bool = False
    adds_folders: bool = False


@dataclass(frozen=True, repr=False)
class Group(Query):
    """Two or more queries, joined by one connective."""

    connective: Connective
    members: tuple[Query, ...]
    depth: int  # of the parentheses in its text, including its own


def explain_combination(other: object) -> TypeError:
    """Return the error that `other` cannot be combined with a query."""
    return TypeError(
        f"& and | combine two queries (got {type(other).__name__}); put each comparison into parentheses, "
        "as in (Q.size > 5) & (Q.width < 9)"
    )


def _join(connective: Connective, first: Query, second: Query) -> Query:
    members: list[Query] = []
    for query in (first, second):
        if not isinstance(query, Query):
            raise explain_combination(query)
        if isinstance(query, Group) and query.connective == connective:
            members += query.members
        else:
            members.append(query)
    depth = 1 + max(member.depth if isinstance(member, Group) else 0 for member in members)
    if depth > _MAX_DEPTH:
        raise ValueError(f"a query may nest & and | at most {_MAX_DEPTH} levels deep")
    return Group(connective, tuple(members), depth)


def _negate(query: Query) -> Query:
    if isinstance(query, Group):
        members = tuple(_negate(member) for member in query.members)
        return replace(query, connective=_SWAPPED[query.connective], members=members)
    assert isinstance(query, Condition)
    if query.opposite is None:
        raise TypeError(f"the opposite of {query.text} cannot be expressed: {query.reason}")
    adds_folders = query.skips_folders and not query.adds_folders
    return replace(query, text=query.opposite, opposite=query.text, adds_folders=adds_folders)


def _write(query: Query, *, finds_folders: bool) -> str:
    if isinstance(query, Group):
        # The documentation does not specify the precedence of AND and OR, so groups are always in parentheses.
        members = (
            f"({text})" if isinstance(member, Group) else text
            for member in query.members
            for text in [_write(member, finds_folders=finds_folders)]
        )
        return f" {query.connective} ".join(members)
    assert isinstance(query, Condition)
    return f'({query.text} OR type = "folder")' if query.adds_folders and finds_folders else query.text


def _iter_conditions(query: Query) -> Iterator[Condition]:
    if isinstance(query, Condition):
        yield query
    elif isinstance(query, Group):
        for member in query.members:
            yield from _iter_conditions(member)
