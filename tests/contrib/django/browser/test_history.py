"""A form that is reloaded, or that the visitor leaves and comes back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys

if TYPE_CHECKING:
    from imagekitio.local import LocalImageKit

    from .conftest import Page


IDS = "return new FormData(document.querySelector('form')).getAll('photos-id')"


def test_a_page_that_is_reloaded_starts_empty(page: Page) -> None:
    page.open("/photos/").choose(page.make_file("a.png"))
    page.wait_for_rows(1)
    page.driver.refresh()
    page.one("imagekit-upload.imagekit-ready")
    assert page.all("imagekit-upload li") == []
    assert page.one("input[type=file]").get_property("required")
    page.choose(page.make_file("b.png"))
    page.wait_for_rows(1)
    page.one("[name=title]").send_keys("red", Keys.ENTER)
    assert [photo["name"][0] for photo in page.read_answer()["photos"]] == ["b"]


@pytest.mark.parametrize("is_sent", [False, True], ids=["left", "sent"])
def test_a_form_that_the_visitor_comes_back_to_sends_no_file_twice(
    page: Page, account: LocalImageKit, is_sent: bool
) -> None:
    """The browser restores the whole page, or only the text; it decides, depending on its memory."""
    page.open("/photos/").choose(page.make_file("a.png"))
    page.wait_for_rows(1)
    uploaded = page.js(IDS)
    assert len(uploaded) == 1
    page.one("[name=title]").send_keys("red")
    if is_sent:
        page.one("[name=title]").send_keys(Keys.ENTER)
        page.read_answer()
    else:
        page.open("/admin/login/")
    page.driver.back()
    file_input = page.one("imagekit-upload.imagekit-ready input[type=file]")
    assert page.one("[name=title]").get_property("value") == "red"
    kept = page.js(IDS)
    assert kept in (uploaded, [])
    assert file_input.get_property("required") is not bool(kept)
    if not kept:
        page.choose(page.make_file("a.png"))
        page.wait_for_rows(1)
    page.one("[name=title]").send_keys(Keys.ENTER)
    assert len(page.read_answer()["photos"]) == 1
    assert len(account.client().list_files()) == (1 if kept else 2)
