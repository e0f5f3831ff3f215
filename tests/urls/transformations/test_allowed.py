from __future__ import annotations

import csv
from pathlib import Path

import pytest

from imagekitio.local.rendering.language.errors import TransformationError
from imagekitio.local.rendering.language.expressions import OPERATORS as RENDERED_OPERATORS
from imagekitio.local.rendering.language.expressions import VARIABLES as RENDERED_VARIABLES
from imagekitio.local.rendering.language.steps import parse_steps
from imagekitio.urls.transformations.allowed import (
    ALLOWED,
    ALLOWED_IN_OVERLAYS,
    NAMES_IN_LAYERS,
    OPERATORS,
    VARIABLES,
)
from imagekitio.urls.transformations.names import CODES, FLAGS, KEYWORDS, KNOWN_NAMES
from imagekitio.urls.transformations.overlays import LAYERS, POSITION, TIMING
from imagekitio.urls.transformations.values import write_item

with (Path(__file__).parents[2] / "data" / "transformation_names.csv").open(encoding="utf-8", newline="") as file:
    ROWS = {row["name"]: row for row in csv.DictReader(file)}

# Lists that the service documents in its table of names; local ImageKit ignores the values of these video codes.
ENUMS = ("audio_codec", "crop", "crop_mode", "format", "inner_alignment", "video_codec")


def read(name: str, value: str) -> None:
    """Parse a value with local ImageKit, in a layer or next to an old overlay if its code is valid only there."""
    code, item = CODES.get(name, name), write_item(name, value)
    if code in ("ff", "ia", "tg"):
        parse_steps(f"l-text,i-a,{item},l-end")
    elif code == "or" or code.startswith("ot"):
        parse_steps(f"ot-a,{item}")
    elif code.startswith("o") and code not in ("o", "orig"):
        parse_steps(f"oi-a.jpg,{item}")
    else:
        parse_steps(item)


def test_every_name_and_every_code_has_its_values() -> None:
    assert ALLOWED.keys() == KNOWN_NAMES - KEYWORDS
    positions, timings = {f"position.{key}" for key in POSITION}, {f"timing.{key}" for key in TIMING}
    assert ALLOWED_IN_OVERLAYS.keys() == {"layer_mode", *positions, *timings}
    assert {name for names in NAMES_IN_LAYERS.values() for name in names} <= CODES.keys()
    assert NAMES_IN_LAYERS.keys() < LAYERS.keys()


def test_a_code_accepts_the_same_values_as_its_name() -> None:
    assert ALLOWED["co"] == ALLOWED["color"] == ALLOWED["font_color"]
    assert ALLOWED["e-sharpen"] == ALLOWED["effect_sharpen"]
    assert ALLOWED["e-contrast"] == ALLOWED["effect_contrast"] != ALLOWED["contrast_stretch"]


@pytest.mark.parametrize("name", ENUMS)
def test_a_closed_list_matches_that_of_the_service(name: str) -> None:
    allowed = ALLOWED[name]
    assert allowed.others == "none"
    words = ROWS[name]["notes"].removesuffix("(video only)").replace("for videos", "").replace(";", " ").split()
    assert set(words) == set(allowed.listed)


def test_the_switches_match_those_of_the_service() -> None:
    booleans = {name for name, row in ROWS.items() if row["kind"].startswith(("boolean", "flag", "-/any"))}
    switches = {name for name, allowed in ALLOWED.items() if allowed.is_switch}
    assert booleans - switches == set()
    assert switches & CODES.keys() <= booleans
    for name in switches & CODES.keys():
        assert (ALLOWED[name].others == "none") == (name in FLAGS or ROWS[name]["kind"] == "boolean"), name


@pytest.mark.parametrize("name", [name for name, allowed in ALLOWED.items() if allowed.listed])
def test_local_imagekit_reads_every_listed_value(name: str) -> None:
    for word in ALLOWED[name].listed:
        read(name, word)


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, allowed in ALLOWED.items()
        if allowed.others == "none"
        and not {CODES.get(name, name)} & {"ac", "vc", "c2pa"}
        and not CODES.get(name, name).startswith("e-")  # effects are on regardless of their value
    ],
)
def test_local_imagekit_refuses_values_outside_a_closed_list(name: str) -> None:
    with pytest.raises(TransformationError, match="must be one of"):
        read(name, "bogus")


def test_local_imagekit_accepts_the_words_of_arithmetic() -> None:
    assert OPERATORS == RENDERED_OPERATORS
    assert VARIABLES >= RENDERED_VARIABLES
