from __future__ import annotations

import os
import re
import subprocess
import sys
from enum import Enum
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import imagekitio
from imagekitio.imgsrc.parameters import PARAMETERS, normalise, read_query, split_extension
from imagekitio.imgsrc.urls import build_url, get_responsive_image_attributes
from imagekitio.urls.responsive import DEVICE_BREAKPOINTS

from .strategies import values_of

OSLO = "https://img-src.io/i/ada/trips/oslo.png"


class Fit(str, Enum):
    COVER = "cover"


def url(options: Any = None, **keywords: Any) -> str:
    return build_url(options, keywords, username="ada")


@pytest.mark.parametrize(
    ("options", "query"),
    [
        ({}, ""),
        ({"w": 300}, "?w=300"),
        ({"width": 300, "height": 200.0}, "?w=300&h=200"),
        ({"h": 200, "w": 300}, "?h=200&w=300"),
        ({"fit": "scale-down"}, "?fit=scale-down"),
        ({"fit": Fit.COVER, "crop": "top-left"}, "?fit=cover&crop=top-left"),
        ({"aspect": "16:9"}, "?aspect=16:9"),
        ({"aspectRatio": "16:9"}, "?aspect=16:9"),
        ({"quality": "80"}, "?q=80"),
        ({"dpr": 1.5}, "?dpr=1.5"),
        ({"grayscale": True}, "?grayscale=true"),
        ({"grayscale": False}, "?grayscale=false"),
        ({"blur": 2.5, "sharpen": 20}, "?blur=2.5&sharpen=20"),
        ({"rotate": 90}, "?rotate=90"),
        ({"rotate": "auto", "flip": "both"}, "?rotate=auto&flip=both"),
        ({"w": None, "h": 200, "preset": None, "query_parameters": None, "transformation": None}, "?h=200"),
        ({"preset": "thumb"}, "?p:thumb"),
        ({"w": 300, "preset": "thumb"}, "?p:thumb&w=300"),
        ({"preset": ["thumb", "og_1200x630"], "q": 95}, "?p:thumb&p:og_1200x630&q=95"),
        ({"preset": []}, ""),
        ({"transformation": {"width": 300}}, "?w=300"),
        ({"transformation": {"width": 300}, "q": 80}, "?q=80&w=300"),
        (
            {"query_parameters": {"utm_source": "a b", "v": 3, "x": ["1", "2"], "n": None}},
            "?utm_source=a+b&v=3&x=1&x=2",
        ),
        ({"w": 1, "queryParameters": {"fit": "newest"}}, "?w=1&fit=newest"),
    ],
)
def test_options_become_the_query(options: dict[str, Any], query: str) -> None:
    assert url({"path": "trips/oslo.png", **options}) == OSLO + query
    assert url(path="trips/oslo.png", **options) == OSLO + query


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/trips/oslo.png", "trips/oslo.png"),
        ("//oslo.png", "oslo.png"),
        ("a b/ø.png", "a%20b/%C3%B8.png"),
        ("100%.png", "100%25.png"),
        ("a%20b.png", "a%2520b.png"),
        ("what?.png", "what%3F.png"),
        ("a#1.png", "a%231.png"),
        ("a,b&c.png", "a%2Cb%26c.png"),
        ("a\n\x00.png", "a%0A%00.png"),
        ("...png", "...png"),
        ("..a/b..", "..a/b.."),
        ("😀", "%F0%9F%98%80"),
        ("ada/a.png", "ada/a.png"),
    ],
)
def test_a_path_is_encoded_unchanged(path: str, written: str) -> None:
    assert url(path=path) == f"https://img-src.io/i/ada/{written}"


@pytest.mark.parametrize(
    ("path", "wanted", "written"),
    [
        ("a.png", "webp", "a.webp"),
        ("a.tar.png", "webp", "a.tar.webp"),
        ("a", "avif", "a.avif"),
        ("a.png", "jpeg", "a.jpg"),
        ("a.png", "jpg", "a.jpg"),
        ("a.jpeg", "jpg", "a.jpeg"),
        ("a.JPG", "jpeg", "a.JPG"),
        ("a.gif", "png", "a.png"),
        ("v1.0/a", "jxl", "v1.0/a.jxl"),
        ("shot.2024", "webp", "shot.2024.webp"),
        (".png", "webp", ".png.webp"),
        ("a.png", None, "a.png"),
    ],
)
def test_a_format_changes_only_the_last_extension(path: str, wanted: Any, written: str) -> None:
    assert url(path=path, format=wanted) == f"https://img-src.io/i/ada/{written}"
    assert url(path=path, transformation={"format": wanted}) == f"https://img-src.io/i/ada/{written}"


def test_keywords_take_precedence_over_the_dict_in_any_spelling() -> None:
    assert url({"path": "a.png", "width": 300}, w=400) == "https://img-src.io/i/ada/a.png?w=400"


def test_dicts_that_are_passed_in_are_unchanged() -> None:
    options = {"path": "a.png", "transformation": {"width": 300}, "query_parameters": {"x": "1"}}
    copy = {name: dict(value) if isinstance(value, dict) else value for name, value in options.items()}
    url(options, quality=3)
    assert options == copy


@pytest.mark.parametrize(
    ("delivery_url", "prefix"),
    [
        ("https://cdn.img-src.io", "https://cdn.img-src.io/ada/"),
        ("https://cdn.img-src.io/", "https://cdn.img-src.io/ada/"),
        ("http://127.0.0.1:8000/i", "http://127.0.0.1:8000/i/ada/"),
        ("HTTPS://Bilder.Example/ø", "https://bilder.example/%C3%B8/ada/"),
    ],
)
def test_a_delivery_url_replaces_that_of_the_service(delivery_url: str, prefix: str) -> None:
    assert build_url({"path": "a.png"}, delivery_url=delivery_url, username="ada") == f"{prefix}a.png"
    assert url(path="a.png", delivery_url=delivery_url) == f"{prefix}a.png"


def test_a_username_of_the_call_takes_precedence() -> None:
    assert url(path="a.png", username="bob") == "https://img-src.io/i/bob/a.png"
    assert url(path="a.png", username="bo b@x") == "https://img-src.io/i/bo%20b%40x/a.png"


@pytest.mark.parametrize("path", ["", None])
def test_a_template_may_pass_the_path_of_an_image_that_does_not_exist(path: Any) -> None:
    assert url(path=path, w=300) == ""
    assert build_url({"path": path}) == ""


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({}, ValueError, 'url() needs a path, such as path="trips/oslo.png"'),
        ({"path": 3}, TypeError, "path must be text (got int)"),
        ({"path": b"a.png"}, TypeError, "path must be text (got bytes)"),
        ({"path": "/"}, ValueError, "path must name an image, not a folder (got '/')"),
        ({"path": "trips/"}, ValueError, "path must name an image, not a folder (got 'trips/')"),
        ({"path": "../bob/a.png"}, ValueError, "path must not have . or .. between its slashes"),
        ({"path": "q//b.png"}, ValueError, "path must not have empty segments (got 'q//b.png')"),
        ({"path": "a/./b.png"}, ValueError, "path must not have . or .. between its slashes"),
        ({"path": ".."}, ValueError, "path must not have . or .. between its slashes"),
        ({"path": OSLO}, ValueError, "path must be the path of an image, such as 'trips/oslo.png', not a URL"),
        ({"path": "\ud800.png"}, ValueError, "'\\ud800.png' contains half of a surrogate pair"),
        ({"path": "a", "width": 0}, ValueError, "width must be a whole number from 1 to 10000 (got 0)"),
        ({"path": "", "w": 0}, ValueError, "w must be a whole number from 1 to 10000 (got 0)"),
        ({"path": "a", "w": 1, "width": 1}, TypeError, "w is given in two spellings: pass one of them"),
        ({"path": "a", "expires": 300}, TypeError, "unknown option 'expires' of url(); only the API signs"),
        (
            {"path": "a", "expireSeconds": 1},
            TypeError,
            "unknown option 'expireSeconds' of url(); only the API signs links: call",
        ),
        (
            {"path": "a", "signature": "a"},
            TypeError,
            "unknown option 'signature' of url(); only the API signs links: call",
        ),
        ({"path": "a", "wdth": 1}, TypeError, "unknown option 'wdth' of url(); did you mean 'width'?"),
        ({"path": "a", "signed": True}, TypeError, "unknown option 'signed' of url(); only the API signs"),
        (
            {"path": "a", "expire_seconds": 60},
            TypeError,
            "unknown option 'expire_seconds' of url(); only the API signs",
        ),
        ({"path": "a", "format": "gif"}, ValueError, "format must be webp, avif, jpeg, png or jxl (got 'gif')"),
        ({"path": "a", "format": 1}, TypeError, "format must be webp, avif, jpeg, png or jxl (got 1)"),
        ({"path": "a", "preset": "my preset"}, ValueError, "the name of a preset must have from 1 to 50"),
        ({"path": "a", "preset": ""}, ValueError, "the name of a preset must have from 1 to 50"),
        ({"path": "a", "preset": [None]}, TypeError, "the name of a preset must be text (got NoneType)"),
        ({"path": "a", "preset": 1}, TypeError, "preset must be the name of a preset or a list of names (got int)"),
        ({"path": "a", "preset": {"a": 1}}, TypeError, "preset must be the name of a preset or a list of names"),
        (
            {"path": "a", "transformation": [{"w": 1}]},
            TypeError,
            "transformation must be a dict such as {'width': 300}",
        ),
        ({"path": "a", "transformation": {"w": 1}, "w": 1}, TypeError, "w is given twice: in transformation and"),
        ({"path": "a", "transformation": {"preset": "x"}}, TypeError, "unknown option 'preset' of url(); pass preset"),
        ({"path": "a", "query_parameters": [1]}, TypeError, "query_parameters must be a dict (got list)"),
        ({"path": "a", "query_parameters": {1: 2}}, TypeError, "a name in query_parameters must be text (got int)"),
        (
            {"path": "a", "w": 1, "query_parameters": {"w": 2}},
            ValueError,
            "query_parameters must not repeat the option",
        ),
        (
            {"path": "a", "query_parameters": {"width": 2}},
            ValueError,
            "query_parameters must not contain 'width', which",
        ),
        (
            {"path": "a", "query_parameters": {"p:x": ""}},
            ValueError,
            "a preset cannot be in query_parameters: pass pres",
        ),
        (
            {"path": "a", "query_parameters": {"p": "x"}},
            ValueError,
            "a preset cannot be in query_parameters: pass pres",
        ),
        ({"path": "a", "username": ""}, ValueError, "missing: username"),
        ({"path": "a", "username": 1}, TypeError, "username must be text (got int)"),
        ({"path": "a", "username": ".."}, ValueError, "username must be a name such as 'johndoe' (got '..')"),
        ({"path": "a", "username": "a/b"}, ValueError, "username must be a name such as 'johndoe' (got 'a/b')"),
        (
            {"path": "a", "delivery_url": "cdn.img-src.io"},
            ValueError,
            "delivery_url must start with https:// and a host",
        ),
        ({"path": "a", "delivery_url": ""}, ValueError, "delivery_url must start with https:// and a host"),
        ({"path": "a", "delivery_url": "https://x/?a"}, ValueError, "delivery_url must have neither a query nor a"),
        (
            {"path": "a", "delivery_url": "https://img-src.io/"},
            ValueError,
            "delivery_url must be https://img-src.io/i or",
        ),
        ({"path": "a", "delivery_url": 1}, TypeError, "delivery_url must be text (got int)"),
        ("a.png", TypeError, "the options of url() must be a dict or keywords, such as url(path='a.png') (got a str)"),
        ([1], TypeError, "the options of url() must be a dict or keywords (got list)"),
    ],
)
def test_options_that_are_not_valid_are_refused_with_advice(options: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        url(options)


def test_a_missing_username_is_an_error_that_explains_how_to_pass_it() -> None:
    with pytest.raises(ValueError, match=r"^missing: username.* pass it to the client or to url\(\), or set IMGSRC_"):
        build_url({"path": "a.png"})


TRANSFORMATIONS = st.fixed_dictionaries(
    {}, optional={parameter.name: st.none() | values_of(parameter) for parameter in PARAMETERS}
)
PATHS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda path: (
        path.strip("/") == path
        and not {".", ".."} & {*path.split("/")}
        and not path.lower().startswith(("http://", "https://"))
    )
)
NAMES = st.text("abcXYZ019_-", min_size=1, max_size=50)
OTHERS = st.dictionaries(st.text("xyz +&=%ø", min_size=1), st.text(st.characters(exclude_categories=["Cs"])))


@given(PATHS, TRANSFORMATIONS, st.lists(NAMES, unique=True), OTHERS)
@example("trips/oslo.png", {"aspect": "16:9"}, ["a", "b"], {"+": "&"})
def test_a_url_parses_back_to_the_options_it_was_built_from(
    path: str, transformation: dict[str, Any], presets: list[str], others: dict[str, str]
) -> None:
    built = url(path=path, preset=presets, transformation=transformation, query_parameters=others)
    assert built.isascii()
    assert built.isprintable()
    assert escape(built) == built.replace("&", "&amp;")
    parts = urlsplit(built)
    assert unquote(parts.path, errors="strict") == f"/i/ada/{path}"
    assert not parts.fragment
    found, values = read_query(parts.query)
    assert found == tuple(presets)
    assert normalise(values) == normalise(transformation)


@given(PATHS, st.sampled_from(["webp", "avif", "jpeg", "png", "jxl"]))
def test_a_format_is_idempotent_and_keeps_the_stem(path: str, wanted: Any) -> None:
    once = unquote(urlsplit(url(path=path, format=wanted)).path).removeprefix("/i/ada/")
    assert url(path=once, format=wanted) == url(path=path, format=wanted)
    assert split_extension(once)[0] == split_extension(path)[0]


@given(st.text())
def test_any_text_gives_a_url_or_value_error(path: str) -> None:
    try:
        built = url(path=path)
    except ValueError:
        return
    assert built.isascii()
    assert not path or built.startswith("https://img-src.io/i/ada/")


def test_a_responsive_image_has_a_candidate_for_each_device() -> None:
    found = get_responsive_image_attributes({"path": "a,b.png", "quality": 80}, {"format": "webp"}, username="ada")
    candidates = [f"https://img-src.io/i/ada/a%2Cb.webp?q=80&fit=scale-down&w={width}" for width in DEVICE_BREAKPOINTS]
    assert found.srcset == ", ".join(
        f"{one} {width}w" for one, width in zip(candidates, DEVICE_BREAKPOINTS, strict=True)
    )
    assert (found.src, found.sizes, found.width) == (candidates[-1], "100vw", None)


def test_a_responsive_image_of_one_width_has_a_candidate_for_each_density() -> None:
    found = get_responsive_image_attributes(path_and("aspect", "1:1"), username="ada", width=300)
    assert found.srcset == f"{OSLO}?aspect=1:1&w=384 1x, {OSLO}?aspect=1:1&w=640 2x"
    found = get_responsive_image_attributes(
        path_and("fit", "cover"), username="ada", sizes="50vw", device_breakpoints=[9]
    )
    assert found.srcset == ", ".join(
        f"{OSLO}?fit=cover&w={width} {width}w" for width in (9, 16, 32, 48, 64, 96, 128, 256, 384)
    )


def test_a_preset_says_how_the_candidates_fit() -> None:
    found = get_responsive_image_attributes(path_and("preset", "card"), username="ada", width=300)
    assert found.srcset == f"{OSLO}?p:card&w=384 1x, {OSLO}?p:card&w=640 2x"


def path_and(name: str, value: object) -> dict[str, object]:
    return {"path": "trips/oslo.png", name: value}


@pytest.mark.parametrize(
    ("options", "arguments", "message"),
    [
        (path_and("width", 3), {}, "a responsive image must not have w, because each candidate sets its own width"),
        (path_and("h", 3), {}, "a responsive image must not have h"),
        (path_and("dpr", 2), {}, "a responsive image must not have dpr"),
        ({"path": ""}, {}, "a responsive image needs a path"),
        (path_and("q", 3), {"device_breakpoints": [10.5]}, "w must be a whole number from 1 to 10000"),
        (path_and("q", 3), {"device_breakpoints": [20000]}, "w must be a whole number from 1 to 10000"),
        (path_and("q", 3), {"width": 0}, "width must be above 0"),
    ],
)
def test_a_responsive_image_that_is_not_valid_is_refused(options: Any, arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        get_responsive_image_attributes(options, username="ada", **arguments)


def test_building_a_url_loads_no_http_library_and_nothing_slow() -> None:
    code = "import typing, sys; before = {*sys.modules}\n"
    code += "from imagekitio.imgsrc.urls import build_url; build_url({'path': 'a', 'w': 3}, username='ada')\n"
    code += "print(*{*sys.modules} - before)"
    environment = {**os.environ, "PYTHONPATH": str(Path(imagekitio.__file__).parents[1])}
    run = subprocess.run(
        [sys.executable, "-S", "-c", code], check=True, capture_output=True, text=True, env=environment
    )
    loaded = {*run.stdout.split()}
    assert "imagekitio.imgsrc.parameters" in loaded
    assert not loaded & {"requests", "urllib3", "aiohttp", "imagekitio.transports", "dataclasses", "json", "inspect"}
