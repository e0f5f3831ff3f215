from __future__ import annotations

import copy
import pickle
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.html.markup import Markup, check_attributes, write_tag


class Tags(HTMLParser):
    """The start tags of some HTML, as a browser reads them; it must not contain anything else."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        raise AssertionError(data)


_names = st.text(
    st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789-_.:@[]()#!?,;&$*+`{|}~éß中\U0001f600"), min_size=1
)
_text = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(_names, _text))
def test_a_parser_reads_exactly_the_attributes_that_were_written(attributes: dict[str, str]) -> None:
    tag = write_tag("img", check_attributes(attributes, reserved=()))
    assert Tags(tag).found == [("img", attributes)]
    assert tag.count('"') == 2 * len(attributes)
    assert not set("<>'") & set(tag[1:-1])


@given(st.dictionaries(st.text(min_size=1), _text, min_size=1))
def test_a_name_that_html_does_not_allow_is_refused_and_any_other_survives_the_round_trip(
    attributes: dict[str, str],
) -> None:
    try:
        tag = write_tag("img", check_attributes(attributes, reserved=()))
    except ValueError:
        assert any(set(name) & set("\"'<>/= ") or not name.isprintable() or len(attributes) > 1 for name in attributes)
    else:
        assert Tags(tag).found == [("img", {name.lower(): value for name, value in attributes.items()})]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a", ' x="a"'),
        ("", ' x=""'),
        ('"', ' x="&quot;"'),
        ("'&<>", ' x="&#x27;&amp;&lt;&gt;"'),
        ("&amp;", ' x="&amp;amp;"'),
        (3, ' x="3"'),
        (0, ' x="0"'),
        (1.50, ' x="1.5"'),
        (True, " x"),
        (False, ""),
        (None, ""),
    ],
)
def test_values_are_escaped_and_booleans_switch_an_attribute_on_and_off(value: object, written: str) -> None:
    assert write_tag("img", {"x": value}) == f"<img{written}>"


@pytest.mark.parametrize(
    "name",
    ["", "a b", "a\tb", 'a"', "a'", "a>", "a<", "a/b", "a=b", "a\x00", "a\x7f", "a\x85", "a\n", "a\xa0", "x onload=1"],
)
def test_a_name_that_would_end_the_attribute_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="attributes must have names that HTML allows, such as 'data-id'"):
        check_attributes({name: "x"}, reserved=())


@pytest.mark.parametrize("name", ["data-id", "@click", ":class", "x-on:click.prevent", "[src]", "(load)", "onload"])
def test_names_of_frameworks_are_allowed(name: str) -> None:
    assert check_attributes({name: "x"}, reserved=()) == {name: "x"}


@pytest.mark.parametrize(
    ("attributes", "error", "message"),
    [
        ("id=hero", TypeError, "attributes must be a dict such as .* .got str."),
        ([("id", "hero")], TypeError, "attributes must be a dict such as .* .got list."),
        ({3: "x"}, TypeError, "a name in attributes must be text .got int."),
        ({b"id": "x"}, TypeError, "a name in attributes must be text .got bytes."),
        ({"SRC": "x"}, ValueError, "attributes must not contain 'SRC': pass it as a separate argument"),
        ({"id": "x", "ID": "y"}, ValueError, "attributes must not contain 'ID' twice"),
    ],
)
def test_invalid_attributes_are_refused(attributes: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        check_attributes(attributes, reserved={"src"})


@pytest.mark.parametrize("value", [b"x", ["x"], {"x": 1}, float("nan")])
def test_a_value_that_is_not_a_str_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError), match="data-id must be"):
        write_tag("img", {"data-id": value})


def test_attributes_can_be_none_and_the_callers_dict_is_not_changed() -> None:
    assert check_attributes(None, reserved=()) == {}
    given_ = {"id": "hero"}
    assert check_attributes(given_, reserved=()) is not given_


def test_markup_is_marked_as_html_and_strings_derived_from_it_are_not() -> None:
    markup, template = Markup("<b>%s</b>"), Markup("<b>{}</b>")
    assert type(markup.__html__()) is str
    assert markup.__html__() == markup == "<b>%s</b>"
    others: list[Any] = [markup + "x", "x" + markup, markup % "x", template.format("x"), markup[:3], f"{markup}"]
    assert {type(other) for other in others} == {str}


def test_markup_survives_pickle_and_copy() -> None:
    for other in (pickle.loads(pickle.dumps(Markup("<b>"))), copy.copy(Markup("<b>")), copy.deepcopy(Markup("<b>"))):
        assert type(other) is Markup
        assert other == "<b>"
