"""Checks of every view of the page with axe-core, in light and dark, on a desktop and a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Page

_RUN = """
const done = arguments[0];
axe.run(document, {resultTypes: ["violations"]}).then(
  ({violations}) => done(violations.flatMap(
    ({id, nodes}) => nodes.map(({html, failureSummary}) => `${id}: ${html} ${failureSummary}`))),
  (error) => done([String(error)]));
"""
PICTURE, TEXT = "#/files/shop?/shop/a2.png", "#/files/shop?/shop/README.md"


def open_details(page: Page, name: str) -> None:
    page.tile(name).click()
    page.one(".versions li")


def press_in_details(page: Page, label: str) -> None:
    open_details(page, "a2.png")
    page.button(label).click()
    page.one("#ask h2")


def provoke_error(page: Page) -> None:
    press_in_details(page, "Move")
    page.one("#ask input").clear()
    page.one("#ask [type=submit]").click()
    page.one("#ask .error")


def drop_files(page: Page) -> None:
    page.drop("fine.txt", "content")
    page.drop("empty.txt", "")
    page.wait(lambda: page.all("#uploads [data-state=done]") and page.all("#uploads [data-state=failed]"))


def break_transformation(page: Page) -> None:
    page.wait(lambda: page.one("textarea").get_attribute("value") == "w-400,h-300")
    page.one("textarea").send_keys(",w-abc")
    page.one(".result [role=alert]")


def wait_for_code(page: Page) -> None:
    page.wait(lambda: page.one("pre code").text)


VIEWS: dict[str, tuple[str, Callable[[Page], Any]]] = {
    "list": ("#/files/shop", lambda page: page.one(".grid img")),
    "list of nothing but folders": ("", lambda page: page.tile("shop")),
    "empty folder": ("#/files/drawer", lambda page: page.one(".empty")),
    "missing folder": ("#/files/none", lambda page: page.one(".empty a")),
    "search": ("#/search/a", lambda page: page.one(".grid img")),
    "wrong search": ("#/search/x%20%3D", lambda page: page.one("mark")),
    "details of an image": (PICTURE, lambda page: open_details(page, "a2.png")),
    "details of a text": (TEXT, lambda page: open_details(page, "README.md")),
    "editing": (PICTURE, lambda page: press_in_details(page, "Edit")),
    "renaming": (PICTURE, lambda page: press_in_details(page, "Rename")),
    "moving, refused": (PICTURE, provoke_error),
    "deleting": (PICTURE, lambda page: press_in_details(page, "Delete")),
    "shortcuts": ("", lambda page: page.press("?")),
    "uploads": ("#/files/drawer", drop_files),
    "transform": ("#/transform/shop/a2.png", lambda page: page.one("figcaption strong")),
    "wrong transformation": ("#/transform/shop/a2.png", break_transformation),
    "transform of a text": ("#/transform/shop/README.md", wait_for_code),
    "transform of nothing": ("#/transform/none.png", lambda page: page.one(".empty")),
    "requests": ("#/requests", lambda page: page.one("tbody tr")),
    "connect": ("#/connect", wait_for_code),
}


def test_axe_finds_deliberate_errors(page: Page, axe: str) -> None:
    """Prove that the next test can fail."""
    page.open()
    page.one(".empty")
    page.js("document.querySelector('.empty strong').style.color = '#ccc'; document.documentElement.lang = ''")
    page.js(axe)
    found = page.driver.execute_async_script(_RUN)
    assert sorted(problem.partition(":")[0] for problem in found) == ["color-contrast", "html-has-lang"]


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_no_errors(page: Page, axe: str, view: str) -> None:
    types: list[dict[str, Any]] = [
        {"type": "Number"},
        {"type": "Boolean"},
        {"type": "MultiSelect", "selectOptions": ["S", "M"]},
    ]
    for schema in types:
        name = schema["type"].lower()
        page.client.create_custom_metadata_fields({"name": name, "label": name, "schema": schema})
    page.upload_picture("a2.png", folder="/shop", tags=["sale"], custom_metadata={"number": 5})
    page.upload_picture("a2.png", folder="/shop", tags=["sale"], is_private_file=True)
    page.upload("README.md", folder="/shop")
    page.upload_picture("draft.png", folder="/shop", is_published=False)
    page.client.create_folder(folder_name="drawer", parent_folder_path="/")
    requests.get(f"{page.server.url_endpoint}/none.jpg", timeout=30)
    hash_, ready = VIEWS[view]
    page.open(hash_)
    ready(page)
    page.js(axe)
    found: dict[str, list[str]] = {}
    for scheme in ("light", "dark"):
        for width in (1280, 360):
            page.look(width=width, scheme=scheme, is_touched=width < 500)
            found[f"{scheme}, {width}"] = page.driver.execute_async_script(_RUN)
    assert {look: problems for look, problems in found.items() if problems} == {}
