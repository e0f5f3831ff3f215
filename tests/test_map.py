"""The map of the package: the drawing and the tables of CONTRIBUTING.md agree with the code."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from .layers import CLIENT, LOCAL

ROOT = Path(__file__).parents[1]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("scripts.draw_map")


def test_the_drawing_is_what_the_script_draws(script: Any) -> None:
    drawn = script.draw(script.read_houses())
    assert script.DRAWING.read_text(encoding="utf-8") == drawn, "run: python -m scripts.draw_map"


def test_the_tables_are_what_the_script_writes(script: Any) -> None:
    guide = script.GUIDE.read_text(encoding="utf-8")
    assert guide == script.write_tables(guide, script.read_houses()), "run: python -m scripts.draw_map"
    assert "(docs/pictures/architecture.svg)" in guide


def test_the_drawing_names_every_room_and_describes_itself(script: Any) -> None:
    picture = ElementTree.fromstring(script.DRAWING.read_text(encoding="utf-8"))
    names = [text.text for text in picture.iter(f"{SVG}text") if text.get("class") == "name"]
    assert names == [room for layer in [*CLIENT, *LOCAL] for room in layer.rooms]
    described = {element.get("id") for element in picture if element.tag in {f"{SVG}title", f"{SVG}desc"}}
    assert described == set(str(picture.get("aria-labelledby")).split())


def test_no_text_is_drawn_beyond_its_box(script: Any) -> None:
    """Check with a font whose characters are at most as wide as the script expects."""
    picture = ElementTree.fromstring(script.DRAWING.read_text(encoding="utf-8"))
    boxes = [
        [float(box.get(key, "")) for key in ("x", "y", "width", "height")]
        for box in picture.iter(f"{SVG}rect")
        if box.get("class") == "room"
    ]
    for text in picture.iter(f"{SVG}text"):
        if text.get("class"):
            continue
        x, y = float(text.get("x", "")), float(text.get("y", ""))
        right = x + len(str(text.text)) * 6.7
        assert any(
            left < x and right < left + width and top < y < top + height for left, top, width, height in boxes
        ), text.text


def test_a_guide_without_markers_for_the_tables_is_refused(script: Any) -> None:
    with pytest.raises(ValueError, match=re.escape("rooms of client")):
        script.write_tables("# Contributing\n", script.read_houses())
