from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.imgsrc import parameters
from imagekitio.imgsrc.parameters import PARAMETERS, Parameter, encode, normalise, read_query, read_value


class Fit(str, Enum):
    COVER = "cover"


class Angle(IntEnum):
    QUARTER = 90


@pytest.mark.parametrize(
    ("name", "value", "read", "text"),
    [
        ("w", 300, 300, "300"),
        ("width", 300.0, 300, "300"),
        ("w", "300", 300, "300"),
        ("w", "0300", 300, "300"),
        ("w", Decimal("1E+2"), 100, "100"),
        ("h", 1, 1, "1"),
        ("height", 10000, 10000, "10000"),
        *[("fit", fit, fit, fit) for fit in ("cover", "contain", "fill", "scale-down")],
        ("fit", Fit.COVER, "cover", "cover"),
        *[("aspect", ratio, ratio, ratio) for ratio in ("original", "1:1", "4:3", "16:9", "3:2", "21:9")],
        ("aspect_ratio", "16:9", "16:9", "16:9"),
        ("aspectRatio", "16:9", "16:9", "16:9"),
        ("q", 1, 1, "1"),
        ("quality", "100", 100, "100"),
        ("dpr", 1, 1, "1"),
        ("dpr", 1.5, 1.5, "1.5"),
        ("dpr", "2.0", 2, "2"),
        ("dpr", 3.0, 3, "3"),
        *[("crop", one, one, one) for one in ("center", "top", "bottom", "left", "right", "attention", "entropy")],
        *[("crop", one, one, one) for one in ("top-left", "top-right", "bottom-left", "bottom-right")],
        ("grayscale", True, True, "true"),
        ("grayscale", False, False, "false"),
        ("grayscale", "true", True, "true"),
        ("grayscale", "false", False, "false"),
        ("blur", 0, 0, "0"),
        ("blur", 2.5, 2.5, "2.5"),
        ("blur", Fraction(1, 4), 0.25, "0.25"),
        ("sharpen", "100", 100, "100"),
        ("sharpen", Decimal("0.1"), 0.1, "0.1"),
        *[("rotate", angle, angle, str(angle)) for angle in (0, 90, 180, 270, "auto")],
        ("rotate", Angle.QUARTER, 90, "90"),
        ("rotate", "90", 90, "90"),
        *[("flip", one, one, one) for one in ("h", "v", "both")],
    ],
)
def test_a_value_has_one_text(name: str, value: object, read: object, text: str) -> None:
    found = read_value(name, value)
    assert (found, type(found)) == (read, type(read))
    assert encode(name, value) == text


W = "w must be a whole number from 1 to 10000"


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("w", 0, ValueError, f"{W} (got 0)"),
        ("w", 10001, ValueError, f"{W} (got 10001)"),
        ("w", 300.5, ValueError, f"{W} (got 300.5)"),
        ("w", "300px", ValueError, f"{W} (got '300px')"),
        ("w", "", ValueError, f"{W} (got '')"),
        ("w", " 300", ValueError, f"{W} (got ' 300')"),
        ("w", "-300", ValueError, f"{W} (got '-300')"),
        ("w", "٣٠٠", ValueError, f"{W} (got '٣٠٠')"),
        ("w", "9" * 100, ValueError, f"{W} (got '{'9' * 56}…)"),
        ("w", "\ud800", ValueError, f"{W} (got '\\ud800')"),
        ("w", True, TypeError, f"{W} (got True)"),
        ("w", None, TypeError, f"{W} (got None)"),
        ("w", [300], TypeError, f"{W} (got [300])"),
        ("width", b"300", TypeError, "width must be a whole number from 1 to 10000 (got b'300')"),
        ("blur", float("nan"), ValueError, "blur must be a number from 0 to 100 (got nan)"),
        ("blur", Decimal("sNaN"), ValueError, "blur must be a number from 0 to 100 (got Decimal('sNaN'))"),
        ("blur", float("inf"), ValueError, "blur must be a number from 0 to 100 (got inf)"),
        ("blur", -0.1, ValueError, "blur must be a number from 0 to 100 (got -0.1)"),
        ("sharpen", 100.1, ValueError, "sharpen must be a number from 0 to 100 (got 100.1)"),
        ("q", 0, ValueError, "q must be a whole number from 1 to 100 (got 0)"),
        ("fit", "crop", ValueError, "fit must be cover, contain, fill or scale-down (got 'crop')"),
        ("fit", 1, TypeError, "fit must be cover, contain, fill or scale-down (got 1)"),
        ("fit", None, TypeError, "fit must be cover, contain, fill or scale-down (got None)"),
        ("dpr", 2.5, ValueError, "dpr must be 1, 1.5, 2 or 3 (got 2.5)"),
        ("dpr", True, TypeError, "dpr must be 1, 1.5, 2 or 3 (got True)"),
        ("rotate", 45, ValueError, "rotate must be 0, 90, 180, 270 or auto (got 45)"),
        ("flip", "", ValueError, "flip must be h, v or both (got '')"),
        ("grayscale", 1, TypeError, "grayscale must be True or False (got 1)"),
        ("grayscale", "yes", ValueError, "grayscale must be True or False (got 'yes')"),
        ("wdith", 1, TypeError, "unknown parameter 'wdith'; did you mean 'width'?"),
    ],
)
def test_a_value_that_is_not_valid_is_refused_with_advice(
    name: str, value: object, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        encode(name, value)
    assert str(caught.value) == message


def test_a_huge_number_is_out_of_range() -> None:
    for huge in ("9" * 9999, 10**9999, Fraction(10**9999, 3)):
        with pytest.raises(ValueError, match="w must be a whole number from 1 to 10000"):
            encode("w", huge)


def test_names_become_short_and_none_is_left_out() -> None:
    given = {"width": 300, "h": None, "aspectRatio": "1:1", "quality": 80, "grayscale": False}
    assert normalise(given) == {"w": "300", "aspect": "1:1", "q": "80", "grayscale": "false"}
    assert normalise({}) == {}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"w": 1, "width": 1}, "'w' and 'width' are two spellings of one parameter: pass one"),
        ({"aspect_ratio": "1:1", "aspectRatio": None}, "'aspect_ratio' and 'aspectRatio' are two spellings"),
        ({"greyscale": True}, "unknown parameter 'greyscale'; did you mean 'grayscale'?"),
        ({1: 2}, "unknown parameter 1"),
        ([("w", 1)], "parameters must be a dict such as {'w': 300} (got list)"),
    ],
)
def test_a_name_that_is_unknown_or_given_twice_is_an_error(given: Any, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        normalise(given)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("query", "presets", "values"),
    [
        ("", (), {}),
        ("&&", (), {}),
        ("p:thumb", ("thumb",), {}),
        ("p%3Athumb&w=300", ("thumb",), {"w": 300}),
        ("w=300&p:a&p:b&p:a", ("a", "b"), {"w": 300}),
        ("aspect=16:9", (), {"aspect": "16:9"}),
        ("aspect=16%3a9", (), {"aspect": "16:9"}),
        ("w=1&w=2", (), {"w": 1}),
        (
            "blur=2.5&rotate=auto&grayscale=true&flip=h",
            (),
            {"blur": 2.5, "rotate": "auto", "grayscale": True, "flip": "h"},
        ),
        ("width=300&utm_source=a%20b&exp=1&sig=x&x", (), {}),
        ("%77=300", (), {"w": 300}),
    ],
)
def test_a_query_is_read_as_the_service_reads_it(query: str, presets: Any, values: dict[str, object]) -> None:
    assert read_query(query) == (presets, values)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("w=0", f"{W} (got '0')"),
        ("w=", f"{W} (got '')"),
        ("w", f"{W} (got '')"),
        ("fit=%FF", "fit must be cover"),
        ("p:", "the name of a preset must have from 1 to 50"),
        ("p:a%20b", "the name of a preset must have from 1 to 50"),
        ("p%3Athumb=", "a preset is a key without '=': write p:thumb, not p:thumb="),
    ],
)
def test_a_query_with_a_value_that_is_not_valid_is_an_error(query: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        read_query(query)


@given(st.text())
def test_any_query_is_read_or_refused_with_value_error(query: str) -> None:
    try:
        presets, values = read_query(query)
    except ValueError:
        return
    assert isinstance(presets, tuple)
    assert values.keys() <= {parameter.name for parameter in PARAMETERS}


def values_of(parameter: Parameter) -> st.SearchStrategy[Any]:
    if parameter.kind == "choice":
        return st.sampled_from(parameter.choices)
    if parameter.kind == "boolean":
        return st.booleans()
    whole = st.integers(parameter.minimum, parameter.maximum)
    if parameter.kind == "integer":
        return st.one_of(whole, whole.map(float), whole.map(str))
    return st.one_of(whole, st.integers(0, 100_000_000).map(lambda millionths: millionths / 1_000_000))


NAMED_VALUES = st.sampled_from(PARAMETERS).flatmap(
    lambda parameter: st.tuples(st.sampled_from([parameter.name, parameter.long_name]), values_of(parameter))
)


@given(NAMED_VALUES)
def test_a_valid_value_reads_back_from_its_text(item: tuple[str, Any]) -> None:
    name, value = item
    assert read_value(name, encode(name, value)) == read_value(name, value)


@pytest.mark.parametrize("name", ["thumbnail", "hero-image", "og_1200x630", "A", "x" * 50])
def test_a_valid_name_of_a_preset_is_accepted(name: str) -> None:
    assert parameters.check_preset_name(name) == name


@pytest.mark.parametrize("name", ["my preset", "@avatar", "", "x" * 51, "é", "a\n", "\ud800", "p:a"])
def test_a_name_of_a_preset_that_is_not_valid_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match="the name of a preset must have from 1 to 50 ASCII letters"):
        parameters.check_preset_name(name)


def test_a_name_of_a_preset_that_is_not_text_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"the name of a preset must be text \(got int\)"):
        parameters.check_preset_name(3)


def test_the_service_checks_the_params_it_knows_and_keeps_the_others() -> None:
    given: dict[str, object] = {
        "w": 300,
        "h": None,
        "rotate": "auto",
        "format": "webp",
        "width": -1,
        "colour": {"deep": []},
    }
    assert parameters.check_preset_params(given) == given
    assert parameters.read_preset_params(given) == {"w": 300, "rotate": "auto", "format": "webp"}


@pytest.mark.parametrize(
    ("params", "error", "message"),
    [
        ({"w": 0}, ValueError, f"{W} (got 0)"),
        ({"w": True}, TypeError, f"{W} (got True)"),
        ({"q": {}}, TypeError, "q must be a whole number from 1 to 100 (got {})"),
        ({"format": "gif"}, ValueError, "format must be webp, avif, jpeg or png (got 'gif')"),
        ({"format": 1}, TypeError, "format must be webp, avif, jpeg or png (got 1)"),
        ([], TypeError, "parameters must be a dict"),
        ("w=300", TypeError, "parameters must be a dict"),
    ],
)
@pytest.mark.parametrize("check", [parameters.check_preset_params, parameters.encode_preset_params])
def test_params_of_a_preset_that_are_not_valid_are_refused(
    check: Any, params: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        check(params)
    assert str(caught.value).startswith(message)


def test_the_client_sends_params_of_a_preset_under_short_names_as_json_values() -> None:
    given = {"width": "300", "height": None, "fit": Fit.COVER, "dpr": 2.0, "grayscale": "true", "format": "jpg"}
    found = parameters.encode_preset_params(given)
    assert found == {"w": 300, "h": None, "fit": "cover", "dpr": 2, "grayscale": True, "format": "jpeg"}
    assert type(found["fit"]) is str
    assert type(found["dpr"]) is int


def test_the_client_refuses_params_that_the_service_does_not_know() -> None:
    with pytest.raises(TypeError, match="unknown parameter 'widht'; did you mean 'width'"):
        parameters.encode_preset_params({"widht": 300})


def test_a_signed_transformation_has_long_names() -> None:
    given = {"w": 300, "height": 200, "fit": None, "quality": 80, "format": "jxl"}
    assert parameters.encode_signed_transformation(given) == {
        "width": 300,
        "height": 200,
        "quality": 80,
        "format": "jxl",
    }
    with pytest.raises(TypeError, match=r"a signed URL takes only .* \(got 'blur'\)"):
        parameters.encode_signed_transformation({"blur": 3})


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("a.png", ("a", "png")),
        ("trips/a.tar.png", ("trips/a.tar", "png")),
        ("a.JPG", ("a", "JPG")),
        ("a", ("a", "")),
        ("", ("", "")),
        ("v1.2/a", ("v1.2/a", "")),
        ("v1.png/a", ("v1.png/a", "")),
        ("shot.2024", ("shot.2024", "")),
        (".png", (".png", "")),
        ("trips/.png", ("trips/.png", "")),
        ("a.", ("a.", "")),
        ("a.jpeg", ("a", "jpeg")),
    ],
)
def test_only_the_last_extension_of_an_image_is_split_off(path: str, parts: tuple[str, str]) -> None:
    assert parameters.split_extension(path) == parts
