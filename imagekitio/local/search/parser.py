"""The parser of search queries: a recursive-descent parser without a tokeniser.

It reads characters directly, because their meaning depends on their place: ``:`` is an operator after a field, but part
of the value in ``createdAt < 2020-01-01T12:12:12``.

Source: ImageKit docs, "Advanced search queries". They do not define precedence; here AND binds tighter than OR.
"""

from __future__ import annotations

import re
from typing import Final, cast

from .syntax import Condition, Connective, Expression, Group, Operator, SearchSyntaxError, Value

# Room for a list of 1,000 ids. Longer queries are refused before any other work.
MAX_CHARACTERS: Final = 65_536
# Limits within those of SQLite: expressions of 1,000 levels, a parser stack of 100, 32,766 parameters.
MAX_CONDITIONS: Final = 500
MAX_VALUES: Final = 10_000
MAX_DEPTH: Final = 30

_KEYWORDS: Final = frozenset({"AND", "OR", "NOT", "IN", "HAS", "EXISTS"})
_SPACE: Final = re.compile(r"\s*")
_WORD: Final = re.compile(r"""(?:[^\s()\[\],"'=<>:!]|!(?!=))+""")
_BARE_VALUE: Final = re.compile(r"""[^\s()\[\],"'=<>]+""")
_SYMBOL: Final = re.compile(r"<=|>=|!=|[=:<>]")
_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|' r"'[^'\\]*(?:\\.[^'\\]*)*'", re.DOTALL)
_ESCAPE: Final = re.compile(r"""\\(["'\\])""")


def parse(text: str) -> Expression | None:
    """Parse a query.

    Args:
        text: The query, at most `MAX_CHARACTERS` long.
    Returns:
        The tree; None if `text` is blank.
    Raises:
        SearchSyntaxError: `text` does not follow the syntax, or is too large.
    """
    if len(text) > MAX_CHARACTERS:
        raise SearchSyntaxError(
            f"a query must have at most {MAX_CHARACTERS} characters (got {len(text)})", MAX_CHARACTERS
        )
    for position, character in enumerate(text):
        # SQLite ends a text in JSON at U+0000, and half a surrogate pair cannot be encoded.
        if character == "\0" or "\ud800" <= character <= "\udfff":
            raise SearchSyntaxError(f"a query must not contain the character {character!a}", position)
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._position = _end_of_space(text, 0)
        self._depth = self._conditions = self._values = 0

    def query(self) -> Expression | None:
        if self._peek() == "":
            return None
        expression = self._any_of()
        if self._peek() != "":
            raise self._expected("AND, OR or the end of the query")
        return expression

    def _any_of(self) -> Expression:
        members = [self._all_of()]
        while self._take_keyword("OR"):
            members.append(self._all_of())
        return _group("OR", members)

    def _all_of(self) -> Expression:
        members = [self._primary()]
        while self._take_keyword("AND"):
            members.append(self._primary())
        return _group("AND", members)

    def _primary(self) -> Expression:
        if self._peek() != "(":
            return self._condition()
        if self._depth == MAX_DEPTH:
            raise SearchSyntaxError(f"parentheses must nest at most {MAX_DEPTH} deep", self._position)
        self._depth += 1
        self._take("(")
        expression = self._any_of()
        if not self._take(")"):
            raise self._expected("AND, OR or )")
        self._depth -= 1
        return expression

    def _condition(self) -> Condition:
        self._conditions += 1
        if self._conditions > MAX_CONDITIONS:
            raise SearchSyntaxError(f"a query must have at most {MAX_CONDITIONS} conditions", self._position)
        field_position = self._position
        field = self._field()
        operator_position = self._position
        operator = self._operator()
        return Condition(field, operator, self._operands(operator), field_position, operator_position)

    def _field(self) -> str:
        if self._peek() in ('"', "'"):
            return self._string()
        word = _WORD.match(self._text, self._position)
        if word is None or word[0].upper() in _KEYWORDS:
            raise self._expected("a field such as name or createdAt, or (")
        self._move_to(word.end())
        return word[0]

    def _operator(self) -> Operator:
        if symbol := self._take_symbol():
            return symbol
        if self._take_keyword("NOT"):
            if self._take("="):
                return "NOT ="
            if self._take_keyword("IN"):
                return "NOT IN"
            if self._take_keyword("EXISTS"):
                return "NOT EXISTS"
            raise self._expected("=, IN or EXISTS after NOT")
        for keyword in ("IN", "HAS", "EXISTS"):
            if self._take_keyword(keyword):
                return keyword
        raise self._expected("an operator: = : < <= > >=, NOT =, HAS, IN, NOT IN, EXISTS or NOT EXISTS")

    def _operands(self, operator: Operator) -> tuple[Value, ...]:
        if operator in ("EXISTS", "NOT EXISTS"):
            return ()
        if operator in ("IN", "NOT IN"):
            return self._list(operator)
        if self._peek() == "[":
            raise self._expected(f"one value after {operator} (a list goes with IN or NOT IN)")
        return (self._value(),)

    def _list(self, operator: Operator) -> tuple[Value, ...]:
        if not self._take("["):
            raise self._expected(f'a list after {operator}, such as ["a", "b"]')
        if self._take("]"):
            return ()
        values = [self._value()]
        while self._take(","):
            values.append(self._value())
        if not self._take("]"):
            raise self._expected(", or ]")
        return tuple(values)

    def _value(self) -> Value:
        """Read a string or a bare run of characters. Keywords are allowed as values: OR is also the code of Oregon."""
        position = self._position
        self._values += 1
        if self._values > MAX_VALUES:
            raise SearchSyntaxError(f"a query must have at most {MAX_VALUES} values", position)
        if self._peek() in ('"', "'"):
            return Value(self._string(), True, position)
        bare = _BARE_VALUE.match(self._text, position)
        if bare is None:
            raise self._expected("a value")
        self._move_to(bare.end())
        return Value(bare[0], False, position)

    def _string(self) -> str:
        string = _STRING.match(self._text, self._position)
        if string is None:
            raise SearchSyntaxError(f"expected {self._peek()} to close this string", self._position)
        self._move_to(string.end())
        # A backslash before any other character is a normal one, as the documentation has no other escapes.
        return _ESCAPE.sub(r"\1", string[0][1:-1])

    def _peek(self) -> str:
        return self._text[self._position : self._position + 1]

    def _take(self, character: str) -> bool:
        if self._peek() != character:
            return False
        self._move_to(self._position + 1)
        return True

    def _take_symbol(self) -> Operator | None:
        symbol = _SYMBOL.match(self._text, self._position)
        if symbol is None:
            return None
        self._move_to(symbol.end())
        return "NOT =" if symbol[0] == "!=" else cast("Operator", symbol[0])

    def _take_keyword(self, keyword: str) -> bool:
        word = _WORD.match(self._text, self._position)
        if word is None or word[0].upper() != keyword:
            return False
        self._move_to(word.end())
        return True

    def _move_to(self, position: int) -> None:
        self._position = _end_of_space(self._text, position)

    def _expected(self, what: str) -> SearchSyntaxError:
        got = self._text[self._position : self._position + 20] or "the end of the query"
        return SearchSyntaxError(f"expected {what} (got {got})", self._position)


def _end_of_space(text: str, position: int) -> int:
    space = _SPACE.match(text, position)
    return position if space is None else space.end()


def _group(connective: Connective, members: list[Expression]) -> Expression:
    return members[0] if len(members) == 1 else Group(connective, tuple(members))
