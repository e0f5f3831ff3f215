"""URLs and code to copy: invalid input, layers, and files that are not images."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import requests
from selenium.webdriver.common.keys import Keys

if TYPE_CHECKING:
    from tests.browser.conftest import Page


def read_outputs(page: Page) -> list[str]:
    return page.texts(".output code")


def open_transform(page: Page, **options: Any) -> None:
    page.upload_picture("a.png", **options)
    page.open("#/transform/a.png")
    page.wait(lambda: "w-400,h-300" in "".join(read_outputs(page)))


@pytest.mark.parametrize("expiry", ["0", "-5", "1.5", "-", "e", "1e300"])
def test_an_invalid_expiry_leaves_nothing_to_copy(page: Page, expiry: str) -> None:
    open_transform(page, is_private_file=True)
    box = page.one(".url-options [type=number]")
    box.send_keys("60")
    page.wait(lambda: "ik-t=" in read_outputs(page)[0])
    box.send_keys(Keys.BACKSPACE * 2, expiry)
    page.one(".result [role=alert]")
    assert read_outputs(page) == ["", ""]
    assert not any(page.button(label).is_enabled() for label in ("Copy URL", "Copy Python"))
    box.send_keys(Keys.BACKSPACE * len(expiry), "30")
    page.wait(lambda: "ik-t=" in read_outputs(page)[0] and "expire_seconds=30" in read_outputs(page)[1])
    page.wait(lambda: not page.all("[role=alert]"))
    assert page.button("Copy URL").is_enabled()


def test_a_url_with_an_empty_expiry_never_expires(page: Page) -> None:
    open_transform(page, is_private_file=True)
    box = page.one(".url-options [type=number]")
    box.send_keys("60")
    page.wait(lambda: "ik-t=" in read_outputs(page)[0])
    box.send_keys(Keys.BACKSPACE * 2)
    page.wait(lambda: "ik-t=" not in read_outputs(page)[0])
    assert "ik-s=" in read_outputs(page)[0]


def test_a_layer_is_an_overlay_in_the_python_code(page: Page) -> None:
    open_transform(page)
    box = page.one("textarea")
    box.clear()
    box.send_keys("w-300,l-text,i-Summer Sale,fs-30,lx-10,l-end")
    page.wait(lambda: '"overlay": ' in read_outputs(page)[1])
    url, python = read_outputs(page)
    assert re.search(r'"overlay": {\s*"type": "text",\s*"text": "Summer Sale",\s*"position": {"x": 10}', python)
    assert "raw" not in python
    assert eval(python, {"imagekit": page.client}) == url
    assert requests.get(url, timeout=30).status_code == 200
    page.wait(lambda: any("300 × 150" in text for text in page.texts("figcaption")))


def test_a_file_that_is_not_an_image_has_no_form_for_transformations(page: Page) -> None:
    page.upload("README.md", b"# Hello", is_private_file=True)
    page.open()
    page.tile("README.md").click()
    page.one(".versions li")
    assert "Transform" not in page.texts(".details button")
    page.press("t")
    assert page.js("return location.hash") in ("", "#/files/")
    page.open("#/transform/README.md")
    page.wait(lambda: "ik-s=" in "".join(read_outputs(page)))
    assert not page.all("textarea, fieldset, figure, .chips")
    assert "not an image" in page.one(".controls").text
    url, python = read_outputs(page)
    assert requests.get(url, timeout=30).content == b"# Hello"
    assert eval(python, {"imagekit": page.client}) == url


def test_the_connection_code_can_be_copied_and_works(page: Page) -> None:
    page.upload("a.txt")
    page.open()
    page.button("Connect").click()
    page.wait(lambda: read_outputs(page)[0])
    assert page.one("h1").text == "Connect your application"
    page.one("[aria-label='Copy Environment variables']").click()
    page.wait(lambda: "Copied the variables" in page.one("#status").text)
    lines = [line.removeprefix("export ").split("=", 1) for line in page.read_clipboard().splitlines()]
    assert dict(lines) == page.server.environment
    page.one("[aria-label='Copy Python']").click()
    page.wait(lambda: page.read_clipboard().startswith("from imagekitio import ImageKit"))
    names: dict[str, Any] = {}
    exec(page.read_clipboard(), names)
    with names["imagekit"] as client:
        assert [file.name for file in client.list_files()] == ["a.txt"]
    page.one("[aria-label='Copy LocalImageKit']").click()
    page.wait(lambda: "LocalImageKit() as server" in page.read_clipboard())
    exec(page.read_clipboard(), names)
    page.one("[aria-label='Copy pytest']").click()
    page.wait(lambda: "(imagekit)" in page.read_clipboard())
    exec(page.read_clipboard(), names)
    page.server.reset()
    names["test_an_upload_is_stored"](page.client)


def test_a_phone_shows_no_keyboard_hints(page: Page) -> None:
    page.open()
    hints = "kbd, #help, .keys"
    page.wait(lambda: len(page.all(hints)) > 2)
    for width, is_touched in ((360, True), (360, False), (1024, True)):
        page.look(width=width, is_touched=is_touched)
        page.open()
        page.one(".empty")
        assert page.all(hints) == []
        assert page.one(".empty").text == "This folder is empty."


def test_a_tap_opens_a_folder(page: Page) -> None:
    page.upload("a.txt", folder="/f")
    page.look(width=360, is_touched=True)
    page.open()
    page.tile("f").click()
    page.wait(lambda: page.list_names() == ["a.txt"])
