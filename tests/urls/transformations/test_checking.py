from __future__ import annotations

import json
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.rendering.language.expressions import parse_expression
from imagekitio.urls.builder import UrlBuilder
from imagekitio.urls.transformations.allowed import ALLOWED, OPERATORS, VARIABLES
from imagekitio.urls.transformations.steps import write_query_steps

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "data" / "url_vectors.json").read_text(encoding="utf-8")
)
# These vectors show that releases write whatever they are given.
MISTAKES_IN_VECTORS = {
    "n18-values": "format",
    "n19-flag-effects": "ai_retouch",
    "n21-dash": "height",
    "n27-unknown-and-camel": "foo_bar",
    "o24-values-g2": "format",
    "o24-values-g4": "format",
    "o25-dash-any-key-g2": "zz",
    "o25-dash-any-key-g4": "zz",
    "o32-unknown-keys-g2": "foo_bar",
    "o32-unknown-keys-g4": "foo_bar",
}


class Format(str, Enum):
    PNG = "png"
    BMP = "bmp"


def check(step: dict[str, Any]) -> str:
    return write_query_steps([step], strict=True)


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (
            {"crop": "at_mx"},
            r"crop must be 'maintain_ratio', 'maintain_ratio_no_enlarge', 'force', 'at_max', 'at_max_enlarge' or "
            r"'at_least' \(got 'at_mx'\); did you mean 'at_max'\?$",
        ),
        ({"crop": "bogus"}, r"crop must be .* or 'at_least' \(got 'bogus'\)$"),
        ({"crop": "Force"}, r"did you mean 'force'\?$"),
        ({"crop": True}, r"crop must be .* \(got True\)$"),
        ({"crop": 5}, r"crop must be .* \(got 5\)$"),
        ({"crop": ["force", "at_max"]}, r"crop must be .* \(got \['force', 'at_max'\]\)$"),
        ({"c": "bogus"}, "^c must be 'maintain_ratio'"),
        ({"format": Format.BMP}, "^format must be 'auto', 'jpg'"),
        (
            {"width": "300px"},
            r"^width must be 'auto', a number or an expression such as 'iw_div_2' \(got '300px'\)$",
        ),
        ({"width": True}, r"^width must be .* \(got True\)$"),
        ({"width": "iw_dvi_2"}, "^width must be"),
        ({"width": "iw_div"}, "^width must be"),
        ({"width": "٣"}, "^width must be"),
        ({"width": "9" * 10_000 + "x"}, "^width must be"),
        ({"quality": "high"}, r"^quality must be a number \(got 'high'\)$"),
        ({"rotation": "atuo"}, r"^rotation must be 'auto' or a number \(got 'atuo'\); did you mean 'auto'\?$"),
        (
            {"typography": "bold"},
            r"^typography must be 'b', 'i' or 'strikethrough', or several of them joined with _ \(got 'bold'\)$",
        ),
        ({"typography": ["b", "x"]}, r"\(got \['b', 'x'\]\)$"),
        ({"radius": "10_mx"}, "^radius must be 'max' or a number, or several"),
        ({"lossless": "yes"}, r"^lossless must be True or False \(got 'yes'\)$"),
        ({"grayscale": "on"}, r"^grayscale must be True, False or '-' \(got 'on'\)$"),
        ({"sharpen": "much"}, r"^sharpen must be True, False, '-' or a number \(got 'much'\)$"),
        ({"focus": False}, r"^focus must be text or a number, or several of them joined with _ \(got False\)$"),
        ({"widht": 3}, "^unknown transformation 'widht'; did you mean 'width'"),
        ({"overlay": {"type": "text", "text": "a", "transformation": [{"tg": "bold"}]}}, "^tg must be"),
        (
            {"overlay": {"type": "text", "text": "a", "layerMode": "multply"}},
            r"^layer_mode of an overlay must be 'multiply', .* \(got 'multply'\); did you mean 'multiply'\?$",
        ),
        (
            {"overlay": {"type": "text", "text": "a", "position": {"focus": "topleft"}}},
            r"^position.focus of an overlay must be .* did you mean 'top_left'\?$",
        ),
        (
            {"overlay": {"type": "text", "text": "a", "timing": {"start": "5s"}}},
            "^timing.start of an overlay must be a number or an expression",
        ),
    ],
)
def test_the_error_for_an_unsupported_value_lists_the_supported_ones(step: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check(step)
    write_query_steps([step])  # not refused without `strict`


@pytest.mark.parametrize(
    ("step", "written"),
    [
        ({"width": 300, "height": Decimal("0.5"), "x": numpy.int64(-7)}, "w-300%2Ch-0.5%2Cx-N7"),
        ({"width": "auto", "dpr": "auto", "rotation": "auto"}, "w-auto%2Cdpr-auto%2Crt-auto"),
        ({"rotation": "N40", "x": "-3", "y": "N0"}, "rt-N40%2Cx--3%2Cy-N0"),
        ({"crop": None, "format": "", "lossless": None}, ""),
        ({"flip": ["h", "v"], "typography": "i_b"}, "fl-h_v%2Ctg-i_b"),
        ({"radius": [10, "max", 0, 0], "padding": "5_10"}, "r-10_max_0_0%2Cpa-5_10"),
        ({"padding": "bw_mul_0.05"}, "pa-bw_mul_0.05"),
        ({"streaming_resolutions": [240, "720"], "sr": "360_480"}, "sr-240_720%2Csr-360_480"),
        ({"trim": "-", "sharpen": True, "lossless": "true"}, "t%2Ce-sharpen%2Clo-true"),
        ({"shadow": "bl-5", "gradient": "", "unsharp_mask": False}, "e-shadow-bl-5%2Ce-gradient"),
        ({"grayscale": False, "contrast_stretch": "-", "effect_gray": True}, "e-contrast%2Ce-grayscale-true"),
        ({"format": Format.PNG, "background": "FF0000", "focus": "cat_dog"}, "f-png%2Cbg-FF0000%2Cfo-cat_dog"),
        ({"raw": "anything"}, "anything"),
        (
            {"overlay": {"type": "image", "input": "a", "position": {"x": 0, "yCenter": "bh_div_2"}, "layer_mode": ""}},
            "l-image%2Ci-a%2Clx-0%2Clyc-bh_div_2%2Cl-end",
        ),
    ],
)
def test_a_supported_value_passes(step: dict[str, Any], written: str) -> None:
    assert check(step) == written == write_query_steps([step])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_values_documented_by_releases_pass(vector: dict[str, Any]) -> None:
    transformation = vector.get("options", {}).get("transformation")
    try:
        written = write_query_steps(transformation)
    except (TypeError, ValueError):
        return  # refused by every client
    mistake = MISTAKES_IN_VECTORS.get(vector["id"])
    if mistake is None:
        assert write_query_steps(transformation, strict=True) == written
    else:
        with pytest.raises(ValueError, match=mistake):
            write_query_steps(transformation, strict=True)


_OPERAND = st.sampled_from(sorted(VARIABLES)) | st.integers(0, 999).map(str) | st.sampled_from([".5", "0.05", "1."])
_EXPRESSION = st.tuples(_OPERAND, st.lists(st.tuples(st.sampled_from(sorted(OPERATORS)), _OPERAND), max_size=4)).map(
    lambda parts: "_".join([parts[0], *(word for pair in parts[1] for word in pair)])
)


_SIMILAR = st.from_regex(r"[N-]?[0-9.]{1,4}(_[a-z]{2,3}_N?[0-9]{1,4})?", fullmatch=True)


@given(_EXPRESSION | _SIMILAR | st.text(max_size=6))
def test_expressions_are_recognized_as_local_imagekit_does(text: str) -> None:
    try:
        parse_expression(text, VARIABLES)
    except ValueError:
        if text:
            with pytest.raises(ValueError, match="height must be"):
                check({"height": text})
    else:
        assert check({"height": text})


@given(st.sampled_from(sorted(ALLOWED)), st.none() | st.just(""))
def test_a_value_that_is_not_set_passes_everywhere(name: str, value: str | None) -> None:
    assert check({name: value}) == write_query_steps([{name: value}])


def test_a_strict_client_checks_all_steps_of_its_urls() -> None:
    builder = UrlBuilder("private_key", "https://ik.example.com/demo", strict_transformations=True)
    wrong: dict[str, Any] = {"transformation": [{"crop": "bogus"}]}
    for _ in range(2):  # a mistake is not cached
        with pytest.raises(ValueError, match="crop must be"):
            builder.url(path="/a.jpg", **wrong)
    with pytest.raises(ValueError, match="crop must be"):
        builder.url_template(**wrong)
    with pytest.raises(ValueError, match="crop must be"):
        builder.get_responsive_image_attributes({"path": "/a.jpg", **wrong})
    assert builder.get_responsive_image_attributes(path="/a.jpg", width=100).src.endswith("c-at_max/a.jpg")
