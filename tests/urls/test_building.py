from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imagekitio.urls.builder import UrlBuilder
from imagekitio.urls.building import CAMEL_CASE, OPTIONS
from imagekitio.urls.endpoint import Endpoint
from imagekitio.urls.options import UrlOptions
from imagekitio.urls.transformations.names import CODES
from imagekitio.urls.verifying import SignatureError, verify_url

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from imagekitio.urls.transformations.types import Transformation

ENDPOINT = "https://ik.example.com/demo"
KEY = "private_key_test"
NOW = 1_700_000_000

URL_CHARACTERS = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"  # RFC 3986, section 2
)


def builder(**options: Any) -> UrlBuilder:
    return UrlBuilder(KEY, ENDPOINT, clock=lambda: NOW, **options)


def url(**options: Any) -> str:
    return builder().url(options)


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["-", "4:3", "a,b", "x/y.png", "50%", "#fff", "é"]),
    st.lists(st.integers() | st.text(max_size=4), max_size=3),
    st.binary(max_size=3),
)
names = st.sampled_from([*CODES, "raw", "fl", "unknown"]) | st.text(max_size=8)
overlays = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["text", "image", "video", "subtitle", "solidColor", "weird"]),
        "text": st.text(max_size=12),
        "input": st.text(max_size=12),
        "color": st.text(max_size=6),
        "encoding": st.sampled_from(["auto", "plain", "base64", "other"]),
        "position": st.dictionaries(st.sampled_from(["x", "y", "focus", "anchorPoint"]), values, max_size=2),
        "transformation": st.lists(st.dictionaries(names, values, max_size=2), max_size=2),
    },
)
steps = st.dictionaries(names, values, max_size=4) | st.fixed_dictionaries({"overlay": overlays})
transformations = st.lists(steps, max_size=3)
paths = st.text(max_size=20) | st.sampled_from(["/a b.jpg", "/a?x=1&y=&x=2", "/a#b", "%zz%41", "/tr:w-1/a", "//a//"])
options_of_any_kind = st.fixed_dictionaries(
    {},
    optional={
        "path": paths,
        "src": paths | st.sampled_from([f"{ENDPOINT}/a.jpg?x=1#f", "https://é.example/a", "https://other.example/b"]),
        "transformation": transformations | values,
        "transformation_position": st.sampled_from(["path", "query"]) | values,
        "query_parameters": st.dictionaries(st.text(max_size=6), values, max_size=3) | values,
        "signed": st.booleans(),
        "expire_seconds": values,
        "url_endpoint": st.sampled_from([ENDPOINT, "https://x.example", "x"]),
    },
)


@given(options_of_any_kind)
def test_any_input_gives_a_valid_ascii_url_or_a_documented_error(options: dict[str, Any]) -> None:
    before = copy.deepcopy(options)
    try:
        built = builder().url(options)
    except (TypeError, ValueError):
        built = ""
    assert set(built) <= URL_CHARACTERS
    assert built == "" or urlsplit(built).scheme == "https"
    assert repr(options) == repr(before)  # repr, because NaN is not equal to itself


@given(
    paths, transformations, st.sampled_from(["path", "query"]), st.dictionaries(st.text(max_size=6), values, max_size=3)
)
@example("a?ik-s=1&ik-t=2", [], "path", {"ik-s": "3"})
def test_signed_urls_verify(path: str, transformation: list[Any], position: str, parameters: dict[str, Any]) -> None:
    options = {
        "path": path,
        "transformation": transformation,
        "transformation_position": position,
        "query_parameters": parameters,
        "signed": True,
        "expire_seconds": 60,
        "expires_at": NOW + 60,
    }
    try:
        signed = builder().url(options)
    except (TypeError, ValueError):
        return
    if signed:
        found = verify_url(signed, endpoint=Endpoint.read(ENDPOINT), private_keys=[KEY], now=NOW)
        assert found.expires_at == NOW + 60


@given(st.lists(st.dictionaries(st.sampled_from(["width", "quality", "x"]), values, max_size=3), max_size=2))
def test_a_transformation_seen_before_gives_the_same_url_as_a_new_one(transformation: list[Any]) -> None:
    shared = builder()
    options = {"path": "a.jpg", "transformation": transformation}
    try:
        first = shared.url(options)
    except (TypeError, ValueError):
        return
    assert shared.url(options) == first == builder().url(options)


def test_equal_values_of_different_types_are_not_mixed_up() -> None:
    shared = builder()
    for value, text in ((1, "1"), (True, "true"), (1.0, "1"), (1.5, "1.5"), ("1", "1"), (False, "false"), (0, "0")):
        assert (
            shared.url({"path": "a.jpg", "transformation": [{"progressive": value}]})
            == f"{ENDPOINT}/tr:pr-{text}/a.jpg"
        )


def test_values_that_look_like_bytes_to_marshal_are_not_mixed_up() -> None:
    class Number(bytearray):  # has a buffer, like the numbers of NumPy
        def __str__(self) -> str:
            return f"{len(self)} items"

    class Other(Number):
        def __str__(self) -> str:
            return "other"

    shared = builder()
    for value in (Number(b"12"), Other(b"12")):
        with pytest.raises(TypeError, match="width must be"):
            shared.url({"path": "a.jpg", "transformation": [{"width": value}]})


def test_transformations_beyond_the_size_of_the_cache_are_still_written_correctly() -> None:
    shared = builder()
    for width in range(3000):
        assert f"tr:w-{width}/" in shared.url({"path": "a.jpg", "transformation": [{"width": width}]})


def test_a_transformation_that_contains_itself_is_refused() -> None:
    endless: dict[str, Any] = {"overlay": {"type": "text", "text": "a"}}
    endless["overlay"]["transformation"] = [endless]
    with pytest.raises(ValueError, match="must not contain itself"):
        url(path="a.jpg", transformation=[endless])


def test_options_can_be_a_dict_or_keywords_or_both_and_keywords_take_precedence() -> None:
    options: dict[str, Any] = {"path": "/a.jpg", "transformation": [{"width": 1}]}
    expected = f"{ENDPOINT}/tr:w-1/a.jpg"
    assert builder().url(options) == builder().url(**options) == expected
    assert builder().url({"path": "/b.jpg"}, path="/a.jpg", transformation=[{"width": 1}]) == expected
    assert builder().url({}, **options) == expected
    assert builder().url({"path": "/a.jpg", "transformationPosition": "query"}) == f"{ENDPOINT}/a.jpg"


@pytest.mark.parametrize("defaults", [{}, {"transformation": [{"width": 1}]}])
@pytest.mark.parametrize(("camel_case", "snake_case"), CAMEL_CASE.items())
def test_every_option_has_a_name_in_camel_case(camel_case: str, snake_case: str, defaults: dict[str, Any]) -> None:
    values = {
        "url_endpoint": "https://x.example/e",
        "transformation_position": "query",
        "query_parameters": {"v": 1},
        "expire_seconds": 60,
        "expires_at": NOW + 60,
    }
    options: dict[str, Any] = {"transformation": [{"width": 2}], "signed": True}
    shared = builder(defaults=defaults)
    expected = shared.url({**options, snake_case: values[snake_case]}, path="a.jpg")
    options[camel_case] = values[snake_case]
    assert shared.url(options, path="a.jpg") == shared.url(path="a.jpg", **options) == expected
    assert shared.url_template(options)("a.jpg") == expected


def test_the_error_for_an_unknown_option_suggests_a_name() -> None:
    with pytest.raises(
        TypeError, match=r"unknown option 'transformations' of url\(\); did you mean 'transformation'\?"
    ):
        url(path="a.jpg", transformations=[])


def test_a_single_dict_is_one_step() -> None:
    several: list[Transformation | Sequence[Transformation]] = [{"width": 300}, [{"width": 300}], ({"width": 300},)]
    for transformation in several:
        assert url(path="a.jpg", transformation=transformation) == f"{ENDPOINT}/tr:w-300/a.jpg"
        assert builder().url_template(transformation=transformation)("a.jpg") == f"{ENDPOINT}/tr:w-300/a.jpg"
    with pytest.raises(ValueError, match="unknown transformation 'widht'; did you mean 'width'"):
        builder(strict_transformations=True).url(path="a.jpg", transformation={"widht": 300})  # type: ignore[arg-type]
    overlay = {"type": "text", "text": "a", "transformation": {"font_size": 9}}
    assert url(path="a.jpg", transformation={"overlay": overlay}) == f"{ENDPOINT}/tr:l-text,i-a,fs-9,l-end/a.jpg"


@pytest.mark.parametrize(
    ("transformation", "expected"),
    [
        ([{"width": 100}, {"height": None}, {"rotation": 90}], "tr:w-100:rt-90/"),
        ([{}, {"width": 100}, {"raw": " "}, {"grayscale": False}], "tr:w-100/"),
        ([{"height": None}], ""),
        ([{}, {}], ""),
        ({}, ""),
        ([], ""),
    ],
)
def test_an_empty_step_is_omitted(transformation: Any, expected: str) -> None:
    assert url(path="a.jpg", transformation=transformation) == f"{ENDPOINT}/{expected}a.jpg"
    query = f"?tr={expected[3:-1].replace(':', '%3A')}" if expected else ""
    found = url(path="a.jpg", transformation=transformation, transformation_position="query")
    assert found == f"{ENDPOINT}/a.jpg{query}"


def test_an_empty_path_gives_an_empty_url_because_templates_rely_on_it() -> None:
    for options in ({"path": ""}, {"path": None}, {"src": ""}, {"src": None}, {"path": None, "src": ""}):
        assert url(**options, transformation=[{"width": 1}]) == ""
    for path in ("", None):
        assert builder().url_template(transformation=[{"width": 1}])(path) == ""


def test_a_path_instead_of_the_options_is_refused_with_a_hint() -> None:
    urls = builder()
    calls: list[Callable[..., object]] = [urls.url, urls.url_template, urls.get_responsive_image_attributes]
    for call in calls:
        with pytest.raises(TypeError, match=r"such as url\(path='/a.jpg'\)"):
            call("/a.jpg", transformation=[{"width": 1}])


def test_an_unknown_transformation_is_passed_through_unless_strict() -> None:
    assert url(path="a.jpg", transformation=[{"widht": 3}]) == f"{ENDPOINT}/tr:widht-3/a.jpg"
    strict = builder(strict_transformations=True)
    with pytest.raises(ValueError, match="unknown transformation 'widht'; did you mean 'width'"):
        strict.url(path="a.jpg", transformation=[{"widht": 3}])  # type: ignore[typeddict-unknown-key]
    assert strict.url(path="a.jpg", transformation=[{"w": 3, "raw": "h-4", "dpr": 2}]).endswith(
        "/tr:w-3,h-4,dpr-2/a.jpg"
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a b.jpg", "a%20b.jpg"),
        ("/é/ü.jpg", "%C3%A9/%C3%BC.jpg"),
        ("/a%20b.jpg", "a%20b.jpg"),
        ("/100%.jpg", "100%25.jpg"),
        ("/%zz%4", "%25zz%254"),
        ("/a#b.jpg", "a%23b.jpg"),
        ('/a"<>\\^`{|}.jpg', "a%22%3C%3E%5C%5E%60%7B%7C%7D.jpg"),
        ("/a\r\nb.jpg", "a%0D%0Ab.jpg"),
        ("/a+b,c;d=e@f!g$h&i'(j)*k~.jpg", "a+b,c;d=e@f!g$h&i'(j)*k~.jpg"),
        ("/a.jpg?x=1&y=&z=1&z=2&flag", "a.jpg?x=1&y=&z=1&z=2&flag"),
        ("/a.jpg?x=%ff", "a.jpg?x=%FF"),
        ("/a.jpg?x=a b&y=c%2Cd", "a.jpg?x=a+b&y=c%2Cd"),
        ("/a.jpg?x=1#y", "a.jpg?x=1%23y"),
    ],
)
def test_a_path_is_encoded_once_and_no_more(path: str, expected: str) -> None:
    assert url(path=path) == f"{ENDPOINT}/{expected}"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"v": None}, "/a.jpg"),
        ({"v": None, "w": 1}, "/a.jpg?w=1"),
        ({"flag": True, "no": False}, "/a.jpg?flag=true&no=false"),
        ({"t": ["1", "2"]}, "/a.jpg?t=1&t=2"),
        ({"t": ("a b", None, True, 1.50)}, "/a.jpg?t=a+b&t=true&t=1.5"),
        ({"t": []}, "/a.jpg"),
        ({"n": -1, "f": 400.0, "d": Decimal("0.10")}, "/a.jpg?n=-1&f=400&d=0.1"),
        ({"ik-attachment": "True"}, "/a.jpg?ik-attachment=true"),
        ({"id": UUID(int=1)}, "/a.jpg?id=00000000-0000-0000-0000-000000000001"),
    ],
)
def test_query_parameters_are_written_as_servers_read_them(parameters: dict[str, Any], expected: str) -> None:
    assert url(path="/a.jpg", query_parameters=parameters) == ENDPOINT + expected
    merged = url(path="/a.jpg?x=1", query_parameters=parameters)
    assert merged == ENDPOINT + expected.replace("?", "&").replace("/a.jpg", "/a.jpg?x=1")


def test_a_parameter_that_is_none_does_not_change_that_of_the_path() -> None:
    assert url(path="/a.jpg?v=1", query_parameters={"v": None}) == f"{ENDPOINT}/a.jpg?v=1"
    assert url(path="/a.jpg?v=1&w=2", query_parameters={"v": ["3", "4"]}) == f"{ENDPOINT}/a.jpg?v=3&v=4&w=2"


def test_parameters_replace_those_of_the_path_in_the_same_position() -> None:
    assert url(path="/a.jpg?a=1&b=2&a=3", query_parameters={"a": 9, "c": "x y"}) == f"{ENDPOINT}/a.jpg?a=9&b=2&c=x+y"


def test_steps_in_a_path_cannot_end_it() -> None:
    assert url(path="a.jpg", transformation=[{"raw": "ot-a?b#c"}]) == f"{ENDPOINT}/tr:ot-a%3Fb%23c/a.jpg"


def test_the_endpoint_can_have_a_query_and_end_with_slashes() -> None:
    assert url(path="a.jpg?b=2", url_endpoint="https://x.example/e//?k=1") == "https://x.example/e/a.jpg?k=1&b=2"


def test_a_non_ascii_host_is_written_in_punycode() -> None:
    assert url(path="a.jpg", url_endpoint="https://bücher.example/é") == "https://xn--bcher-kva.example/%C3%A9/a.jpg"


@pytest.mark.parametrize(
    "endpoint",
    ["fake122", "127.0.0.1/demo", "ftp://ik.example", "https://", "https://a b/", "https://a\r\nb/"],
)
def test_an_endpoint_that_is_not_a_url_is_refused_when_a_url_is_built(endpoint: str) -> None:
    made = UrlBuilder(KEY, endpoint)
    again = pickle.loads(pickle.dumps(made))
    calls: list[Callable[[UrlBuilder], object]] = [
        lambda urls: urls.url(path="/a.jpg"),
        lambda urls: urls.url(src="https://ik.example.com/a.jpg", signed=True),
        lambda urls: urls.url_template(transformation=[{"width": 1}]),
        lambda urls: urls.get_responsive_image_attributes(path="/a.jpg"),
        lambda urls: urls.verify_url("https://ik.example.com/a.jpg"),
        lambda urls: urls.parse_url("https://ik.example.com/a.jpg"),
        lambda urls: urls.endpoint,
    ]
    for call in calls:
        for urls in (made, again):
            with pytest.raises(ValueError, match=r"url_endpoint must"):
                call(urls)
    assert made.url(path="/a.jpg", url_endpoint=ENDPOINT) == f"{ENDPOINT}/a.jpg"
    assert made.url(src="https://other.example/a.jpg") == "https://other.example/a.jpg"
    assert made.get_authentication_parameters()["signature"]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ("/a.jpg", TypeError, "must be a dict or keywords, such as url.path='/a.jpg'. .got a str."),
        (["/a.jpg"], TypeError, "the options of url.. must be a dict or keywords .got list."),
        ({}, ValueError, "url.. needs a path or src"),
        ({"transformation": [{"width": 1}]}, ValueError, "url.. needs a path or src"),
        ({"path": 0}, TypeError, "path must be text .got int."),
        ({"path": "a", "width": 300}, TypeError, "unknown option 'width'.*transformation=.{'width': 300}."),
        ({"path": "a", "transformation": [{"overlay": "l-text"}]}, TypeError, "overlay must be a dict such as"),
        ({"path": "a", "transformation": {"overlay": {"text": "x"}}}, ValueError, "needs a type: one of 'text'"),
        ({"path": "a", "transformation": {"overlay": {}}}, ValueError, "needs a type: one of 'text'"),
        ({"path": "a", "transformation": {"overlay": {"type": "text"}}}, ValueError, "type 'text' needs 'text'"),
        ({"path": "a", "transformation": {"overlay": {"type": "image"}}}, ValueError, "'image' needs 'input'"),
        ({"path": "a", "transformation": {"overlay": {"type": "image", "input": "/"}}}, ValueError, "needs the path"),
        ({"path": "a", "transformation": {"overlay": {"type": "solidColor"}}}, ValueError, "needs 'color'"),
        ({"path": "a", "query_parameters": {"v": {}}}, TypeError, r"query_parameters\['v'\] must be text"),
        ({"path": "a", "query_parameters": {"v": [b"1"]}}, TypeError, r"query_parameters\['v'\] must be text"),
        ({"path": "a", "query_parameters": {1: "1"}}, TypeError, "a name in query_parameters must be text"),
        ({"path": 5}, TypeError, "path must be text .got int."),
        ({"path": b"a.jpg"}, TypeError, "path must be text .got bytes."),
        ({"path": "\ud800"}, ValueError, "surrogate"),
        ({"src": "a.jpg"}, ValueError, "src must start with https://"),
        ({"path": "a", "transformation": "w-300"}, TypeError, "transformation must be a list of dicts"),
        ({"path": "a", "transformation": ["w-300"]}, TypeError, r"transformation\[0\] must be a dict"),
        ({"path": "a", "transformation": [{1: 2}]}, TypeError, "a transformation name must be text"),
        ({"path": "a", "transformation": [{"width": {}}]}, TypeError, "width must be text, a number"),
        ({"path": "a", "transformation": [{"width": float("nan")}]}, ValueError, "width must be a finite number"),
        ({"path": "a", "transformation": [{"default_image": 5}]}, TypeError, "default_image must be a path"),
        ({"path": "a", "transformation": [{"raw": 5}]}, TypeError, "raw must be text"),
        ({"path": "a", "transformation_position": "x"}, ValueError, "must be 'path' or 'query'"),
        ({"path": "a", "query_parameters": ["v"]}, TypeError, "query_parameters must be a dict"),
        ({"src": "https://other.example/a", "signed": True}, ValueError, "only URLs under the endpoint"),
        ({"src": "https://ik.example.com/demonstration/a", "signed": True}, ValueError, "only URLs under the endpoint"),
    ],
)
def test_invalid_input_is_refused_with_a_hint(options: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        builder().url(options)


@pytest.mark.parametrize("seconds", [0, -1, 0.5, timedelta(0), timedelta(milliseconds=999), float("nan")])
def test_an_expiry_below_a_second_is_refused(seconds: Any) -> None:
    with pytest.raises(ValueError, match="expire_seconds must be at least 1"):
        url(path="a.jpg", signed=True, expire_seconds=seconds)


def test_a_unix_time_passed_as_expire_seconds_is_refused_with_a_hint() -> None:
    for seconds in (NOW + 300, NOW * 1000, 10 * 366 * 86400 + 1, timedelta(days=3700), float("inf")):
        with pytest.raises(ValueError, match=r"at most 10 years .*; for a Unix time, pass expires_at="):
            url(path="a.jpg", signed=True, expire_seconds=seconds)
    assert "ik-t=" in url(path="a.jpg", signed=True, expire_seconds=timedelta(days=3650))


@pytest.mark.parametrize(
    "moment", [NOW + 60, NOW + 60.9, datetime.fromtimestamp(NOW + 60, timezone(timedelta(hours=5)))]
)
def test_an_expiry_can_be_a_point_in_time(moment: Any) -> None:
    expected = url(path="a.jpg", signed=True, expire_seconds=60)
    assert url(path="a.jpg", signed=True, expires_at=moment) == expected
    assert builder().url_template(signed=True, expires_at=moment)("a.jpg") == expected


def test_a_time_in_the_past_gives_an_expired_url() -> None:
    with pytest.raises(SignatureError, match="expired 5 s ago"):
        builder().verify_url(url(path="a.jpg", signed=True, expires_at=NOW - 5))


@pytest.mark.parametrize(
    ("moment", "error", "message"),
    [
        (300, ValueError, "expires_at must be a Unix time in seconds; for a span, pass expire_seconds=300"),
        (NOW * 1000, ValueError, "expires_at must be a Unix time in seconds, not in milliseconds"),
        (datetime(2030, 1, 1), ValueError, "expires_at must have a time zone"),  # deliberately naive
        (date(2030, 1, 1), TypeError, "expires_at must be a Unix time in seconds or an aware datetime .got date."),
        ("2030-01-01", TypeError, "expires_at must be a Unix time"),
        (timedelta(1), TypeError, "expires_at must be a Unix time"),
        (float("nan"), ValueError, "expires_at must be a Unix time"),
        (True, TypeError, "expires_at must be a Unix time"),
    ],
)
def test_an_invalid_expiry_time_is_refused(moment: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        url(path="a.jpg", signed=True, expires_at=moment)


def test_expire_seconds_and_expires_at_conflict() -> None:
    with pytest.raises(ValueError, match="expire_seconds and expires_at conflict"):
        url(path="a.jpg", signed=True, expire_seconds=60, expires_at=NOW + 60)


@pytest.mark.parametrize("expiry", [{"expire_seconds": 300}, {"expires_at": NOW + 300}, {"expireSeconds": 300}])
def test_an_expiry_needs_a_signature_unless_signed_is_explicitly_false(expiry: dict[str, Any]) -> None:
    for call in (
        lambda: url(path="a.jpg", **expiry),
        lambda: builder().url_template(**expiry),
        lambda: builder().get_responsive_image_attributes(path="a.jpg", **expiry),
    ):
        with pytest.raises(ValueError, match="needs signed=True"):
            call()
    for signed in (False, None):
        assert url(path="a.jpg", signed=signed, **expiry) == f"{ENDPOINT}/a.jpg"


def test_a_default_expiry_applies_only_to_signed_urls() -> None:
    urls = builder(defaults={"expire_seconds": 60})
    signed = url(path="a.jpg", signed=True, expire_seconds=60)
    assert urls.url(path="a.jpg") == f"{ENDPOINT}/a.jpg"
    assert urls.url(path="a.jpg", signed=True) == urls.url_template(signed=True)("a.jpg") == signed
    assert urls.url(path="a.jpg", signed=True, expires_at=NOW + 60) == signed
    assert "ik-t" not in urls.url(path="a.jpg", signed=True, expire_seconds=None)
    with pytest.raises(ValueError, match="needs signed=True"):
        urls.url(path="a.jpg", expire_seconds=5)


@pytest.mark.parametrize("seconds", ["300", True, [300]])
def test_an_expiry_that_is_not_a_time_span_is_refused(seconds: Any) -> None:
    with pytest.raises(TypeError, match="expire_seconds must be a number of seconds or a timedelta"):
        url(path="a.jpg", signed=True, expire_seconds=seconds)


def test_an_expiry_can_be_given_in_seconds_or_as_a_timedelta() -> None:
    assert url(path="a.jpg", signed=True, expire_seconds=300) == url(
        path="a.jpg", signed=True, expire_seconds=timedelta(minutes=5)
    )
    assert "ik-t" not in url(path="a.jpg", signed=True, expire_seconds=None)


def test_an_old_signature_is_not_included_in_the_new_one() -> None:
    signed = url(path="a.jpg?v=1&ik-t=5&ik-s=0000", signed=True)
    assert signed.startswith(f"{ENDPOINT}/a.jpg?v=1&ik-s=")
    assert url(path="a.jpg?ik-s=0000", signed=True) == url(path="a.jpg", signed=True)


def test_members_of_enums_and_lists_are_written_by_value() -> None:
    class Crop(str, Enum):
        FORCE = "force"

    class Width(IntEnum):
        SMALL = 100

    step = {"crop": Crop.FORCE, "width": Width.SMALL, "radius": (10, "max", 0, -5)}
    assert url(path="a.jpg", transformation=[step]) == f"{ENDPOINT}/tr:c-force,w-100,r-10_max_0_N5/a.jpg"


def test_layer_text_is_encoded_once_in_either_position() -> None:
    overlay = {"overlay": {"type": "text", "text": "50% off, é", "transformation": [{"font_size": 20}]}}
    in_path = url(path="a.jpg", transformation=[overlay])
    in_query = url(path="a.jpg", transformation=[overlay], transformation_position="query")
    assert in_path == f"{ENDPOINT}/tr:l-text,ie-NTAlIG9mZiwgw6k%3D,fs-20,l-end/a.jpg"
    assert in_query == f"{ENDPOINT}/a.jpg?tr=l-text%2Cie-NTAlIG9mZiwgw6k%3D%2Cfs-20%2Cl-end"


@pytest.mark.parametrize(
    ("overlay", "message"),
    [
        ({"type": "txt", "text": "a"}, "unknown overlay type 'txt'; did you mean 'text'"),
        ({"type": "text", "text": "a", "encoding": "rot13"}, "encoding of an overlay must be"),
        ({"type": "text", "text": "a", "txt": "b"}, "unknown key 'txt' in overlay; did you mean 'text'"),
        ({"type": "text", "text": "a", "position": {"z": 1}}, "unknown key 'z' in position"),
    ],
)
def test_a_mistake_in_an_overlay_is_named(overlay: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        url(path="a.jpg", transformation=[{"overlay": overlay}])


def test_freezing_time_affects_builders_made_before(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = UrlBuilder(KEY, ENDPOINT)
    template = shared.url_template(signed=True, expire_seconds=60)
    monkeypatch.setattr("time.time", lambda: NOW + 0.9)
    signed = shared.url(path="a.jpg", signed=True, expire_seconds=60)
    assert signed == template("a.jpg")
    assert f"ik-t={NOW + 60}&" in signed
    assert shared.verify_url(signed).expires_at == NOW + 60
    assert shared.get_authentication_parameters("token")["expire"] == NOW + 1800
    monkeypatch.setattr("time.time", lambda: NOW + 61)
    with pytest.raises(SignatureError, match="expired 1 s ago"):
        shared.verify_url(signed)


def test_a_builder_survives_pickle_and_keeps_its_secrets_out_of_the_caches() -> None:
    original = UrlBuilder(KEY, ENDPOINT, "query", strict_transformations=True)
    again = pickle.loads(pickle.dumps(original))
    options = {"path": "a.jpg", "transformation": [{"width": 3}], "signed": True}
    assert again.url(options) == original.url(options)


def test_threads_can_share_a_builder() -> None:
    shared = builder()

    def build(width: int) -> str:
        return shared.url({"path": "a.jpg", "transformation": [{"width": width % 50}], "signed": True})

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(build, range(2000)))
    assert results == [build(width) for width in range(2000)]


def test_building_a_signed_url_loads_nothing_slow() -> None:
    code = (
        "import hmac, sys, typing; before = set(sys.modules); from imagekitio.urls.builder import UrlBuilder;"
        "print(UrlBuilder('private_key_test', 'https://ik.example.com/demo')"
        ".url(path='/é.jpg', transformation=[{'width': 1}], signed=True, expire_seconds=60));"
        "slow = {'dataclasses', 'datetime', 'difflib', 'inspect', 'json', 'logging', 're', 'requests', 'urllib.parse'};"
        "print(*slow & (set(sys.modules) - before))"
    )
    printed = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    built, loaded = printed.stdout.splitlines()
    assert built.startswith(f"{ENDPOINT}/tr:w-1/%C3%A9.jpg?ik-t=")
    assert loaded == ""


def test_the_names_and_types_of_the_options_agree() -> None:
    assert UrlOptions.__annotations__.keys() == OPTIONS
    assert set(CAMEL_CASE.values()) < OPTIONS
