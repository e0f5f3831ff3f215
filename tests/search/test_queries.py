"""Combinations of conditions: their text, their opposites, and which operators of Python they refuse."""

from __future__ import annotations

import copy
import pickle
import re
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.search.parser import parse
from imagekitio.local.search.syntax import Condition, Expression
from imagekitio.search import Q, Query

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = Q.size < 5
RED = Q.name == "red"
SALE = Q.tags.contains("sale")
# What type checkers would refuse.
ANY: Any = Q
ANY_QUERY: Any = SMALL


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (SMALL & RED, 'size < 5 AND name = "red"'),
        (SMALL | RED, 'size < 5 OR name = "red"'),
        (SMALL & RED & SALE, 'size < 5 AND name = "red" AND tags IN ["sale"]'),
        (SMALL & (RED & SALE), 'size < 5 AND name = "red" AND tags IN ["sale"]'),
        (SMALL | RED & SALE, 'size < 5 OR (name = "red" AND tags IN ["sale"])'),
        ((SMALL | RED) & SALE, '(size < 5 OR name = "red") AND tags IN ["sale"]'),
        (~RED, 'name NOT = "red"'),
        (~~RED, 'name = "red"'),
        (~SMALL, "size >= 5"),
        (~(RED & ~SALE), 'name NOT = "red" OR tags IN ["sale"]'),
        (~(RED | SMALL & SALE), 'name NOT = "red" AND (size >= 5 OR tags NOT IN ["sale"])'),
        (~Q.tags.exists(), "tags NOT EXISTS"),
        (~Q.private.is_(True), "private = false"),
        (~(Q.created_at > "7d"), 'createdAt <= "7d"'),
    ],
)
def test_a_combination_is_written_with_explicit_parentheses(query: Query, text: str) -> None:
    assert str(query) == text
    assert repr(query) == f"<Query {text}>"


def test_the_opposite_of_a_condition_that_folders_lack_finds_folders_only_in_a_query_for_folders() -> None:
    folders = Q.type == "folder"
    assert str(~SMALL & RED) == 'size >= 5 AND name = "red"'
    assert str(~SMALL & folders) == '(size >= 5 OR type = "folder") AND type = "folder"'
    assert str(~(SMALL & folders)) == '(size >= 5 OR type = "folder") OR type NOT = "folder"'
    assert str(SMALL & folders) == str(~~SMALL & folders) == 'size < 5 AND type = "folder"'
    assert str((Q.published != False) & folders) == '(published = true OR type = "folder") AND type = "folder"'  # noqa: E712


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: ~(Q.width < 500),
            "the opposite of width < 500 cannot be expressed: items without a value would have to match; "
            "use width >= 500 for those with one",
        ),
        (
            lambda: ~(RED & (Q.video_duration > 5)),
            "the opposite of videoDuration > 5 cannot be expressed",
        ),
        (lambda: ~(Q.custom_metadata["price"] <= 5), 'use "customMetadata.price" > 5 for those with one'),
        (lambda: Q.transparency != True, "use transparency = false for those with one"),  # noqa: E712
        (
            lambda: ~(Q.custom_metadata["sold"] == True),  # noqa: E712
            "fields of type Boolean do not take NOT =; use Q.custom_metadata['sold'] == False, "
            "or Q.custom_metadata['sold'].not_in([True]) for a field of type SingleSelect",
        ),
        (lambda: ~Q.name.startswith("a"), "the search language has no opposite of : for Q.name"),
        (lambda: ~Q.tags.has("a"), "the search language has no opposite of HAS for Q.tags"),
        (lambda: ~(Q.format == "jpg"), "the search language has no opposite of = for Q.format"),
        (lambda: ~Q.path.is_under("/a"), "the search language has no opposite of : for Q.path"),
    ],
)
def test_an_opposite_that_the_language_cannot_express_is_refused(build: Callable[[], Query], message: str) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        build()


@pytest.mark.parametrize(
    "use",
    [
        lambda: ANY_QUERY and RED,
        lambda: ANY_QUERY or RED,
        lambda: not SMALL,
        lambda: 1 < Q.width < 3,
        lambda: bool(SMALL & RED),
    ],
)
def test_a_query_is_neither_true_nor_false(use: Callable[[], object]) -> None:
    with pytest.raises(TypeError, match=re.escape("combine queries with & | ~ instead of and, or, not")):
        use()


@pytest.mark.parametrize(
    "build",
    [
        lambda: ANY.size > 5 & ANY.width,
        lambda: ANY.name == "a" & (ANY.size > 5),
        lambda: ANY.name == "a" | (ANY.size > 5),
        lambda: SMALL & ANY.private,
        lambda: ANY.private | SMALL,
        lambda: SMALL & ANY.size > 5,
        lambda: ANY_QUERY & 'name = "a"',
        lambda: ANY_QUERY | None,
        lambda: None | ANY_QUERY,
    ],
)
def test_combining_a_query_with_anything_else_says_where_parentheses_belong(build: Callable[[], object]) -> None:
    with pytest.raises(TypeError, match=re.escape("put each comparison into parentheses, as in (Q.size > 5) & (")):
        build()


def test_a_query_cannot_be_made_without_a_field() -> None:
    with pytest.raises(TypeError, match="build a query from the fields of Q"):
        Query()


def test_queries_built_alike_are_equal_and_have_the_same_hash() -> None:
    assert ((Q.size < 5) & (Q.name == "red")) == (SMALL & RED)
    assert (SMALL & RED) != (RED & SMALL)
    assert SMALL != RED
    assert (~~SMALL) == SMALL
    assert {SMALL & RED: 1}[(Q.size < 5) & (Q.name == "red")] == 1
    assert len({SMALL, Q.size < 5, RED}) == 2


def test_a_query_is_immutable_and_survives_pickle_and_copy() -> None:
    query = ~(SMALL | RED) & SALE
    for twin in (pickle.loads(pickle.dumps(query)), copy.copy(query), copy.deepcopy(query)):
        assert twin == query
        assert str(~twin) == str(~query)
    changed: Any = query
    with pytest.raises(AttributeError):
        changed.members = ()


def test_many_conditions_stay_flat() -> None:
    names = [f"{number}.jpg" for number in range(500)]
    assert str(reduce(or_, (Q.name == name for name in names))) == " OR ".join(f'name = "{name}"' for name in names)
    tree = parse(str(reduce(and_, (Q.name != name for name in names))))
    assert tree is not None
    assert not isinstance(tree, Condition)
    assert len(tree.members) == 500


def test_a_query_nested_too_deeply_is_refused() -> None:
    query = RED
    for level in range(100):
        query = query & SMALL if level % 2 else query | SMALL
    assert str(query).startswith("(" * 99 + "name")
    assert hash(~query) == hash(~pickle.loads(pickle.dumps(query)))
    with pytest.raises(ValueError, match="at most 100 levels deep"):
        query | SALE


Shape = Any  # a condition as (field, operator, values), a group as (connective, shapes)


def shape(tree: Expression) -> Shape:
    if isinstance(tree, Condition):
        return (tree.field, tree.operator, tuple(value.text for value in tree.values))
    members = [shape(member) for member in tree.members]
    return (tree.connective, flatten(tree.connective, members))


def flatten(connective: str, members: list[Shape]) -> list[Shape]:
    return [part for member in members for part in (member[1] if member[0] == connective else [member])]


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
NAME = TEXT.filter(bool)


def leaves() -> st.SearchStrategy[tuple[Query, Shape]]:
    return st.one_of(
        st.builds(lambda text: (Q.name == text, ("name", "=", (text,))), TEXT),
        st.builds(lambda text: (Q.name != text, ("name", "NOT =", (text,))), TEXT),
        st.builds(lambda text: (Q.name.startswith(text), ("name", ":", (text,))), TEXT),
        st.builds(lambda text: (Q.name.has(text), ("name", "HAS", (text,))), TEXT),
        st.builds(lambda texts: (Q.tags.in_(texts), ("tags", "IN", tuple(texts))), st.lists(TEXT)),
        st.builds(lambda text: (Q.created_by == text, ("createdBy", "=", (text,))), TEXT),
        st.builds(
            lambda name, text: (Q.custom_metadata[name] == text, (f"customMetadata.{name}", "=", (text,))), NAME, TEXT
        ),
        st.builds(
            lambda name, text: (Q.custom_metadata[name].has(text), (f"customMetadata.{name}", "HAS", (text,))),
            NAME,
            TEXT,
        ),
    )


def join(connective: str, one: tuple[Query, Shape], other: tuple[Query, Shape]) -> tuple[Query, Shape]:
    query = one[0] & other[0] if connective == "AND" else one[0] | other[0]
    return query, (connective, flatten(connective, [one[1], other[1]]))


@given(
    st.recursive(
        leaves(),
        lambda parts: st.builds(join, st.sampled_from(["AND", "OR"]), parts, parts),
        max_leaves=10,
    )
)
def test_no_value_changes_the_structure_of_a_query(built: tuple[Query, Shape]) -> None:
    query, expected = built
    tree = parse(str(query))
    assert tree is not None
    assert shape(tree) == expected
