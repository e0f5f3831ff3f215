from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio import ImageKit, Transformation
from imagekitio.models.account import NamedTransformationRequestOptions

ENDPOINT = "https://ik.imagekit.io/acme"
URLS = ImageKit("public_a", "private_a", ENDPOINT)


def encode(transformation: Any) -> Any:
    return NamedTransformationRequestOptions(transformation=transformation).to_json()["transformation"]


@pytest.mark.parametrize(
    ("transformation", "text"),
    [
        ([{"width": 320, "height": 200}, {"rotation": 90}], "w-320,h-200:rt-90"),
        ({"width": 320}, "w-320"),
        (({"width": 320}, {}), "w-320"),
        ("w-320,h-200,fo-auto", "w-320,h-200,fo-auto"),
        (" tr:w-320 ", "w-320"),
        ([{"overlay": {"type": "text", "text": "Sale"}}], "l-text,i-Sale,l-end"),
        (
            [{"overlay": {"type": "text", "text": "a, b: c/d", "encoding": "plain"}}],
            "l-text,i-a%2C%20b%3A%20c%2Fd,l-end",
        ),
    ],
)
def test_steps_are_written_as_in_a_url_and_a_str_is_sent_without_tr(transformation: Any, text: str) -> None:
    assert encode(transformation) == text


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["width", "height", "quality"]), st.integers(1, 500), min_size=1),
        min_size=1,
        max_size=4,
    )
)
def test_a_named_transformation_has_the_same_steps_as_the_url(steps: list[Transformation]) -> None:
    assert URLS.url(path="/a.jpg", transformation=steps) == f"{ENDPOINT}/tr:{encode(steps)}/a.jpg"


@pytest.mark.parametrize("name", ["card", "Card_2", "_", "9"])
def test_a_name_consists_of_letters_digits_and_underscores(name: str) -> None:
    assert NamedTransformationRequestOptions(name=name).to_json() == {"name": name}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        *(
            ({"name": name}, ValueError, "name must consist of letters, digits and underscores")
            for name in ("card-small", "", "card small", "größe", "a\n", "a,w-1", "٣")
        ),
        ({"name": 5}, TypeError, "name must be a str .got int."),
        ({"enabled": 1}, TypeError, "enabled must be True or False .got 1."),
        ({"transformation": ""}, ValueError, "transformation must not be empty .got ''."),
        ({"transformation": "tr:"}, ValueError, "transformation must not be empty"),
        ({"transformation": []}, ValueError, "transformation must not be empty"),
        ({"transformation": [{}]}, ValueError, "transformation must not be empty"),
        ({"transformation": 5}, TypeError, "transformation must be a list of dicts, one for each step, or text such"),
        ({"transformation": b"w-3"}, TypeError, "transformation must be a list of dicts, one for each step, or text"),
        ({"transformation": ["w-3"]}, TypeError, r"transformation\[0\] must be a dict such as"),
        ({"transformation": [{"overlay": {"type": "txt"}}]}, ValueError, "unknown overlay type 'txt'; did you mean"),
    ],
)
def test_an_invalid_value_is_refused_by_name(options: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^{message}"):
        NamedTransformationRequestOptions.of(options).to_json()
