"""Uploads from the browser: progress, preview, several files, the keyboard, and what goes wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver.common.keys import Keys

from tests.contrib.django.shop.models import Person, Shoe

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from imagekitio.local import LocalImageKit

    from .conftest import Page

DROP = """
const transfer = new DataTransfer();
for (const [name, type] of arguments[0]) transfer.items.add(new File(["x".repeat(100)], name, {type}));
const target = document.querySelector("imagekit-upload");
for (const kind of ["dragover", "drop"]) {
  target.dispatchEvent(new DragEvent(kind, {dataTransfer: transfer, bubbles: true, cancelable: true}));
}
"""


def read_answer(page: Page) -> dict[str, Any]:
    """What the server made of the form, as soon as it has it."""
    page.wait(lambda: not page.all("form"))
    answer: dict[str, Any] = json.loads(page.one("body").text)
    return answer


def names_of_uploads(account: LocalImageKit) -> list[str]:
    return [one.path for one in account.requests if one.method == "POST" and "/files/upload" in one.path]


def test_several_files_are_uploaded_and_the_form_sends_their_ids(page: Page, account: LocalImageKit) -> None:
    page.open("/photos/").choose(page.make_file("a.png"), page.make_file("b.png"))
    rows = page.wait_for_rows(2)
    assert [row.find_element("css selector", ".imagekit-name").text for row in rows] == ["a.png", "b.png"]
    assert "Uploaded" in rows[0].text
    assert page.one("input[type=file]").get_property("value") == ""
    assert page.js("return document.querySelector('imagekit-upload img').naturalWidth") == 320
    page.one("[name=title]").send_keys("red")
    page.one("form button:not([type])").click()
    photos = read_answer(page)["photos"]
    assert [(photo["width"], photo["height"]) for photo in photos] == [(320, 200)] * 2
    assert names_of_uploads(account) == ["/api/v2/files/upload"] * 2
    assert page.console() == []


def test_the_form_waits_for_the_uploads_and_then_sends_itself(page: Page, account: LocalImageKit) -> None:
    account.faults.add(path="/api/v2/files/upload", delay=1, times=1)
    page.open("/photos/").choose(page.make_file("a.png"))
    page.one("[name=title]").send_keys("red" + Keys.ENTER)
    page.wait_for_text("The form will be sent when the uploads are complete.")
    assert page.one("progress").accessible_name == "a.png"
    assert len(read_answer(page)["photos"]) == 1


def test_a_file_that_was_uploaded_survives_an_error_elsewhere(page: Page) -> None:
    page.open("/photos/").choose(page.make_file("a.png"))
    page.wait_for_rows(1)
    page.one("[name=title]").send_keys("x" * 20)
    page.js("document.querySelector('[name=title]').value = 'x'.repeat(21)")
    page.one("form button:not([type])").click()
    page.wait_for_text("at most 20 characters")
    (kept,) = page.wait_for_rows(1)
    assert kept.find_element("css selector", "input").is_selected()
    page.wait(lambda: page.js("return document.querySelector('imagekit-upload img').naturalWidth") == 96)
    page.one("[name=title]").clear()
    page.one("[name=title]").send_keys("red" + Keys.ENTER)
    assert len(read_answer(page)["photos"]) == 1


def test_what_the_server_refuses_is_said_in_its_words(page: Page, account: LocalImageKit) -> None:
    page.open("/photos/")
    page.js(DROP, [["a.txt", "text/plain"]])
    (row,) = page.wait_for_rows(1, "failed")
    assert "wrong type; allowed: image/*" in row.find_element("css selector", "[role=alert]").text
    page.choose(page.make_file("big.png", b"\x89PNG\r\n\x1a\n" + bytes(4_000_001)))
    assert "4 MB are allowed" in page.wait_for_rows(2, "failed")[1].text
    assert names_of_uploads(account) == []


def test_what_the_service_refuses_is_said_in_our_words(page: Page) -> None:
    page.open("/photos/").choose(page.make_file("fake.png", b"%PDF-1.4 not a picture"))
    assert "The file was not accepted." in page.wait_for_rows(1, "failed")[0].text


def test_a_form_is_not_sent_without_a_file_that_failed(page: Page) -> None:
    page.open("/photos/").choose(page.make_file("fake.png", b"%PDF-1.4 not a picture"))
    page.wait_for_rows(1, "failed")
    page.one("[name=title]").send_keys("red" + Keys.ENTER)
    page.wait_for_text("Please remove the files that failed, or try again.")
    assert page.driver.switch_to.active_element.accessible_name == "Try again: fake.png"


def test_trying_again_asks_for_a_new_token(page: Page, account: LocalImageKit) -> None:
    account.faults.add(path="/api/v2/files/upload", status=503, times=1)
    page.open("/photos/").choose(page.make_file("a.png"))
    (row,) = page.wait_for_rows(1, "failed")
    assert "The upload failed. Please try again." in row.text
    row.find_element("css selector", "button").send_keys(Keys.ENTER)
    page.wait_for_rows(1)
    assert page.rows("failed") == []


def test_a_token_that_expired_is_replaced_on_the_next_try(page: Page, account: LocalImageKit) -> None:
    page.open("/photos/")
    account.clock.advance(3 * 3600)  # of the service: to it, the application's tokens are old
    page.choose(page.make_file("a.png"))
    (row,) = page.wait_for_rows(1, "failed")
    account.clock.reset()
    row.find_element("css selector", "button").click()
    page.wait_for_rows(1)


def test_files_can_be_dropped_removed_and_cancelled(page: Page, account: LocalImageKit) -> None:
    account.faults.add(path="/api/v2/files/upload", delay=30, times=1)
    page.open("/photos/").choose(page.make_file("slow.png"))
    (row,) = page.wait_for_rows(1, "uploading")
    button = row.find_element("css selector", "button:not([hidden])")
    assert button.accessible_name == "Cancel: slow.png"
    button.send_keys(Keys.SPACE)
    page.wait(lambda: not page.all("imagekit-upload li"))
    assert page.driver.switch_to.active_element.get_attribute("name") == "photos"
    assert page.one("input[type=file]").get_property("required")
    page.choose(page.make_file("a.png"))
    (row,) = page.wait_for_rows(1)
    assert not page.one("input[type=file]").get_property("required")
    row.find_element("css selector", "button:not([hidden])").click()
    page.wait(lambda: not page.all("imagekit-upload li"))
    assert page.one("[role=status]").get_property("textContent") == "a.png: Removed"


def test_no_more_files_than_allowed_are_taken(page: Page) -> None:
    page.open("/photos/").choose(*(page.make_file(f"{number}.png") for number in range(5)))
    page.wait_for_rows(3)
    assert page.one(".imagekit-alert").text == "Too many files; allowed: 3"


def test_without_the_token_view_the_visitor_reads_that_it_failed(page: Page) -> None:
    page.open("/photos/")
    page.js("document.querySelector('imagekit-upload').setAttribute('token-url', '/nowhere/')")
    page.choose(page.make_file("a.png"))
    assert "The upload failed." in page.wait_for_rows(1, "failed")[0].text


def test_without_javascript_the_form_sends_the_files(page: Page, account: LocalImageKit) -> None:
    page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.open("/photos/")
        page.one("[name=photos]").send_keys(page.make_file("a.png") + "\n" + page.make_file("b.png"))
        page.one("[name=title]").send_keys("red")
        page.one("form button").click()
        answer = read_answer(page)
    finally:
        page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert [photo["width"] for photo in answer["photos"]] == [320, 320]
    assert names_of_uploads(account) == ["/api/v1/files/upload"] * 2


def test_a_portrait_is_uploaded_and_replaced_in_the_admin(page: Page, superuser: User, account: LocalImageKit) -> None:
    page.log_in(superuser)
    page.open("/admin/shop/person/add/").choose(page.make_file("anna.png"))
    page.wait_for_rows(1)
    page.one("[name=name]").send_keys("Anna")
    page.one("[name=_continue]").click()
    page.wait_for_text("was added successfully")
    person = Person.objects.get()
    assert str(person.portrait).startswith("portraits/anna")
    page.choose(page.make_file("new.png"))
    page.wait_for_rows(1)
    page.choose(page.make_file("newer.png"))
    assert "newer.png" in page.wait_for_rows(1)[0].text
    page.one("[name=_save]").click()
    page.wait_for_text("was changed successfully")
    assert str(Person.objects.get().portrait).startswith("portraits/newer")
    assert page.console() == []


def test_a_picture_without_rules_is_uploaded_by_the_admin(page: Page, superuser: User) -> None:
    page.log_in(superuser)
    page.open("/admin/shop/shoe/add/").one("[name=photo]").send_keys(page.make_file("red.png"))
    page.one("[name=name]").send_keys("red")
    page.one("[name=_save]").click()
    page.wait_for_text("was added successfully")
    assert Shoe.objects.get().photo_width == 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_small_screen(page: Page, scheme: str) -> None:
    page.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    page.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    )
    try:
        page.open("/photos/").choose(page.make_file("a" * 100 + ".png"), page.make_file("fake.png", b"%PDF-1.4 x"))
        page.wait_for_rows(1)
        page.wait_for_rows(1, "failed")
        assert page.js("return document.documentElement.scrollWidth") <= 390
        colour = page.js("return getComputedStyle(document.querySelector('.imagekit-message[role=alert]')).color")
        assert colour == {"light": "rgb(179, 38, 30)", "dark": "rgb(255, 180, 171)"}[scheme]
    finally:
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
