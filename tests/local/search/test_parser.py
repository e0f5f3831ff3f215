from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imagekitio.local.search.parser import MAX_CHARACTERS, MAX_CONDITIONS, MAX_DEPTH, MAX_VALUES, parse
from imagekitio.local.search.syntax import Condition, Expression, Group, SearchSyntaxError


def outline(tree: Expression | None) -> object:
    """Return the tree without positions, short enough to be written in a test."""
    if tree is None:
        return None
    if isinstance(tree, Group):
        return (tree.connective, *(outline(member) for member in tree.members))
    return (tree.field, tree.operator, *(value.text for value in tree.values))


def parse_condition(text: str) -> Condition:
    tree = parse(text)
    assert isinstance(tree, Condition)
    return tree


@pytest.mark.parametrize("text", ["", " ", "\t\n\u00a0"])
def test_a_blank_query_has_no_tree(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('name = "a.jpg"', ("name", "=", "a.jpg")),
        ("format='png'", ("format", "=", "png")),
        ('name:"x"', ("name", ":", "x")),
        ("size<5", ("size", "<", "5")),
        ("size<=5", ("size", "<=", "5")),
        ("size >5", ("size", ">", "5")),
        ("size>= -5.25", ("size", ">=", "-5.25")),
        ("name NOT = a", ("name", "NOT =", "a")),
        ("name NOT=a", ("name", "NOT =", "a")),
        ("name!=a", ("name", "NOT =", "a")),
        ("wow! != a!", ("wow!", "NOT =", "a!")),
        ('name HAS "red dre"', ("name", "HAS", "red dre")),
        ("tags IN [\"a\", b ,'c']", ("tags", "IN", "a", "b", "c")),
        ("tags NOT IN[]", ("tags", "NOT IN")),
        ("tags IN [1,2.5,true]", ("tags", "IN", "1", "2.5", "true")),
        ("tags EXISTS", ("tags", "EXISTS")),
        ("tags NOT EXISTS", ("tags", "NOT EXISTS")),
        ("tags not exists", ("tags", "NOT EXISTS")),
        ("createdAt < 2020-01-01T12:12:12", ("createdAt", "<", "2020-01-01T12:12:12")),
        ('"file.mime" : image', ("file.mime", ":", "image")),
        ("'file.size'<\"5mb\"", ("file.size", "<", "5mb")),
        ("state = OR", ("state", "=", "OR")),
        ("state IN [IN, OR]", ("state", "IN", "IN", "OR")),
        (r'"a\"b" = "c\"d\'e\\f"', ('a"b', "=", "c\"d'e\\f")),
        (r'name = "C:\new"', ("name", "=", r"C:\new")),
        ('name = "it\'s"', ("name", "=", "it's")),
        ("name = ''", ("name", "=", "")),
        ('name = "två\n"', ("name", "=", "två\n")),
    ],
)
def test_a_single_condition_is_read(text: str, tree: object) -> None:
    assert outline(parse(text)) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a=1 AND b=2 AND c=3", ("AND", ("a", "=", "1"), ("b", "=", "2"), ("c", "=", "3"))),
        ("a=1 OR b=2 AND c=3", ("OR", ("a", "=", "1"), ("AND", ("b", "=", "2"), ("c", "=", "3")))),
        ("(a=1 OR b=2)AND c=3", ("AND", ("OR", ("a", "=", "1"), ("b", "=", "2")), ("c", "=", "3"))),
        ("a=1 and b=2 oR c=3", ("OR", ("AND", ("a", "=", "1"), ("b", "=", "2")), ("c", "=", "3"))),
        ("((a=1))", ("a", "=", "1")),
        ("a EXISTS OR b IN [1]", ("OR", ("a", "EXISTS"), ("b", "IN", "1"))),
        ('a="x"AND b="y"', ("AND", ("a", "=", "x"), ("b", "=", "y"))),
    ],
)
def test_and_binds_tighter_than_or(text: str, tree: object) -> None:
    assert outline(parse(text)) == tree


def test_values_keep_their_quotes_and_everything_keeps_its_position() -> None:
    bare, quoted = parse_condition("  size  >=  5"), parse_condition('size = "5"')
    assert (bare.field_position, bare.operator_position, bare.values[0].position) == (2, 8, 12)
    assert (bare.values[0].quoted, quoted.values[0].quoted) == (False, True)


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("name", 4, r"expected an operator: .* \(got the end of the query\)"),
        ("name =", 6, r"expected a value \(got the end of the query\)"),
        ("name == x", 6, r"expected a value \(got = x\)"),
        ("name = x y", 9, r"expected AND, OR or the end of the query \(got y\)"),
        ("name = it's", 9, "expected AND, OR"),
        ("name = a(1)", 8, "expected AND, OR"),
        ('name = "x', 7, 'expected " to close this string'),
        ("name = 'x\\'", 7, "expected ' to close this string"),
        ("AND name = x", 0, "expected a field"),
        ("= x", 0, "expected a field"),
        ("name = x AND", 12, "expected a field"),
        ("name = x AND OR", 13, "expected a field"),
        ("NOT (name = x)", 0, "expected a field"),
        ("name NOT x", 9, "expected =, IN or EXISTS after NOT"),
        ("name NOT : x", 9, "expected =, IN or EXISTS after NOT"),
        ("name IN x", 8, "expected a list after IN, such as"),
        ("name NOT IN (1)", 12, "expected a list after NOT IN"),
        ("name = [x]", 7, "expected one value after = .a list goes with IN or NOT IN."),
        ("name IN [x", 10, "expected , or ]"),
        ("name IN [x,]", 11, "expected a value"),
        ("name IN [x y]", 11, "expected , or ]"),
        ("(name = x", 9, r"expected AND, OR or \)"),
        ("name = x)", 8, "expected AND, OR or the end"),
        ("()", 1, "expected a field"),
        ("name\0= x", 4, "must not contain"),
        ("name = \ud800", 7, "must not contain"),
    ],
)
def test_an_error_says_what_was_expected_and_where(text: str, position: int, expected: str) -> None:
    with pytest.raises(SearchSyntaxError, match=expected) as caught:
        parse(text)
    assert caught.value.position == position
    assert str(caught.value) == f"{caught.value.message} (at character {position})"


def test_parentheses_nest_up_to_a_limit() -> None:
    assert outline(parse("(" * MAX_DEPTH + "a=1" + ")" * MAX_DEPTH)) == ("a", "=", "1")
    with pytest.raises(SearchSyntaxError, match="at most 30 deep") as caught:
        parse("(" * 60_000)
    assert caught.value.position == MAX_DEPTH


def test_adjacent_parentheses_do_not_count_as_nested() -> None:
    assert parse(" AND ".join(["(a=1)"] * (MAX_DEPTH + 1)))


def test_the_number_of_conditions_and_values_is_limited() -> None:
    with pytest.raises(SearchSyntaxError, match="at most 500 conditions"):
        parse(" AND ".join(["a=1"] * (MAX_CONDITIONS + 1)))
    with pytest.raises(SearchSyntaxError, match="at most 10000 values"):
        parse(f"a IN [{','.join('1' * (MAX_VALUES + 1))}]")


@pytest.mark.parametrize("text", ["(" * 1_048_576, '"' * 1_048_576, "a" * 1_048_576, " " * 1_048_576])
def test_a_query_of_a_megabyte_is_refused_immediately(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(SearchSyntaxError, match="at most 65536 characters"):
        parse(text)
    assert time.perf_counter() - start < 2  # takes a hundredth of that on an idle machine


@pytest.mark.parametrize("unit", ["a=1 OR ", "(a=1) AND ", '"', "a IN [", "\\", "'\\", " ", "!", "a!="])
def test_the_longest_query_of_any_kind_is_read_in_linear_time(unit: str) -> None:
    text = (unit * MAX_CHARACTERS)[:MAX_CHARACTERS]
    start = time.perf_counter()
    with suppress(SearchSyntaxError):
        parse(text)
    assert time.perf_counter() - start < 5


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), st.sampled_from("\"'"))
@example('\\"', '"')
def test_any_quoted_string_is_read_back(text: str, quote: str) -> None:
    escaped = text.replace("\\", "\\\\").replace(quote, "\\" + quote)
    assert parse_condition(f"name = {quote}{escaped}{quote}").values[0].text == text


@given(
    st.one_of(st.text(), st.lists(st.sampled_from([*"()[],\"'=<>: !", "NOT", "IN", "a", "1", " AND "])).map("".join))
)
def test_any_text_is_read_or_refused(text: str) -> None:
    refusal: SearchSyntaxError | None = None
    try:
        tree = parse(text)
    except SearchSyntaxError as error:
        refusal, tree = error, None
    assert tree or text.isspace() or not text or (refusal and 0 <= refusal.position <= len(text))
