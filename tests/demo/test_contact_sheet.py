"""The contact sheet of the tour in Chromium: its line breaks and the text that can be copied from it."""

from __future__ import annotations

import importlib
import re
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import pytest

from ..chromium import Screen
from .conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium import webdriver

CODE = """\
imagekit.url(
    path="/a.jpg",
    transformation=[{
        "crop_mode": "pad_resize_no_enlarge",
    }],
)"""
LONG = "0123456789abcdef" * 5
SIGNED = f"http://127.0.0.1:35357/local/tr:w-300,fo-left/sample/private.jpg?ik-t=1795835769&ik-s={LONG}"
URLS = (
    "http://127.0.0.1:35357/local/tr:w-300,h-300,cm-pad_resize_no_enlarge,bg-dominant/sample/coffee.jpg",
    SIGNED,
    "http://127.0.0.1:35357/local/tr:w-320/a.jpg 320w, http://127.0.0.1:35357/local/tr:w-640,c-at_max/a.jpg 640w",
)
COPY = """
const range = document.createRange();
range.selectNodeContents(arguments[0]);
getSelection().removeAllRanges();
getSelection().addRange(range);
return getSelection().toString();
"""
LINES = """
const range = document.createRange();
const lines = [];
const walker = document.createTreeWalker(arguments[0], NodeFilter.SHOW_TEXT);
let top = null;
while (walker.nextNode()) {
  for (let at = 0; at < walker.currentNode.length; at += 1) {
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + 1);
    const box = range.getBoundingClientRect();
    if (box.width && box.top !== top) lines.push("");
    if (box.width) top = box.top;
    if (lines.length) lines[lines.length - 1] += walker.currentNode.data[at];
  }
}
return lines;
"""


@pytest.fixture
def sheet(chromium: webdriver.Chrome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    """The sheet on the screen of a phone."""
    monkeypatch.syspath_prepend(str(ROOT))
    module: Any = importlib.import_module("sample.contact_sheet")
    image = module.Image("a.jpg", 4, 3, 12, "image/jpeg")
    cards = [module.Card("A", "a", CODE, url, image, (8, 6), before=image) for url in URLS]
    (tmp_path / "sheet.html").write_text(module.make_contact_sheet(cards, "Made."), "utf-8")
    screen = Screen(chromium)
    screen.look(width=390, is_touched=True)
    chromium.get((tmp_path / "sheet.html").as_uri())
    yield screen
    screen.look_as_usual()


def find_broken_words(lines: list[str]) -> set[str]:
    """Return the words of a URL that are broken by the end of a line."""
    words = re.findall(r"[^/?&,:= ]+[/?&,:= ]*", "".join(lines))
    ends, spans = list(accumulate(map(len, lines))), list(pairwise([0, *accumulate(map(len, words))]))
    return {word for word, (start, stop) in zip(words, spans, strict=True) if any(start < end < stop for end in ends)}


def test_the_copied_text_is_the_url_and_the_code(sheet: Screen) -> None:
    assert [sheet.js(COPY, each) for each in sheet.all(".url code")] == list(URLS)
    assert {sheet.js(COPY, each).rstrip("\n") for each in sheet.all("pre code")} == {CODE}


def test_lines_break_between_words_unless_a_word_is_longer_than_a_line(sheet: Screen) -> None:
    shown = [sheet.js(LINES, each) for each in sheet.all(".url code")]
    assert min(map(len, shown)) > 1
    assert [find_broken_words(lines) for lines in shown] == [set(), {LONG}, set()]
    assert [len(sheet.js(LINES, each)) for each in sheet.all("pre code")] == [6, 6, 6]


@pytest.mark.parametrize("width", [320, 390, 800, 1300])
def test_nothing_is_wider_than_the_window(sheet: Screen, width: int) -> None:
    sheet.look(width=width)
    assert sheet.js("return document.documentElement.scrollWidth <= innerWidth")
    assert sheet.js(
        "return [...document.querySelectorAll('pre, .url')].every((it) => it.scrollWidth <= it.clientWidth)"
    )
