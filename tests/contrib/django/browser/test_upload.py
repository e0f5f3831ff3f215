"""Uploads from the browser: progress, preview, several files, the keyboard, and what goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys

from tests.contrib.django.shop.models import Person, Shoe

from .conftest import LARGE_PNG

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


def names_of_uploads(account: LocalImageKit) -> list[str]:
    return [one.path for one in account.requests if one.method == "POST" and "/files/upload" in one.path]


def test_several_files_are_uploaded_and_the_form_sends_their_ids(page: Page, account: LocalImageKit) -> None:
    page.open("/photos/").choose(page.make_file("a.png"), page.make_file("b.png"))
    rows = page.wait_for_rows(2)
    assert [row.one(".imagekit-name").text for row in rows] == ["a.png", "b.png"]
    assert "Uploaded" in rows[0].text
    assert page.one("input[type=file]").get_property("value") == ""
    assert page.wait_for_image("imagekit-upload img") == 320
    page.one("[name=title]").send_keys("red")
    page.one("form button:not([type])").click()
    photos = page.read_answer()["photos"]
    assert [(photo["width"], photo["height"]) for photo in photos] == [(320, 200)] * 2
    assert names_of_uploads(account) == ["/api/v2/files/upload"] * 2
    assert page.console() == []


def test_the_form_waits_for_the_uploads_and_then_sends_itself(page: Page) -> None:
    page.open("/photos/")
    with page.limit_connection(uploadThroughput=1000):
        page.choose(page.make_file("a.png", LARGE_PNG))
        page.one("[name=title]").send_keys("red" + Keys.ENTER)
        page.wait_for_text("The form will be sent when the uploads are complete.")
        assert page.one("progress").accessible_name == "a.png"
    assert len(page.read_answer()["photos"]) == 1


def test_a_file_that_was_uploaded_survives_an_error_elsewhere(page: Page) -> None:
    page.open("/photos/").choose(page.make_file("a.png"))
    page.wait_for_rows(1)
    page.one("[name=title]").send_keys("x" * 20)
    page.js("document.querySelector('[name=title]').value = 'x'.repeat(21)")
    page.one("form button:not([type])").click()
    page.wait_for_text("at most 20 characters")
    assert page.wait_for_rows(1)[0].one("input").is_selected()
    assert page.wait_for_image("imagekit-upload img") == 96
    page.one("[name=title]").clear()
    page.one("[name=title]").send_keys("red" + Keys.ENTER)
    assert len(page.read_answer()["photos"]) == 1


def test_the_progress_of_an_upload_grows(page: Page) -> None:
    page.open("/photos/").watch_progress()
    with page.limit_connection(uploadThroughput=100_000):
        page.choose(page.make_file("a.png", LARGE_PNG))
        page.wait_for_progress()
    page.wait_for_rows(1)
    seen = page.progress()
    assert (seen[0], seen[-1]) == (0, 1)
    assert seen == sorted(seen)


def test_a_refusal_by_the_server_is_shown_in_its_words(page: Page, account: LocalImageKit) -> None:
    page.open("/photos/")
    page.js(DROP, [["a.txt", "text/plain"]])
    (row,) = page.wait_for_rows(1, "failed")
    assert "wrong type; allowed: image/*" in row.one("[role=alert]").text
    page.choose(page.make_file("big.png", b"\x89PNG\r\n\x1a\n" + bytes(4_000_001)))
    assert "the maximum is 4,000,000 bytes" in page.wait_for_rows(2, "failed")[1].text
    assert names_of_uploads(account) == []


def test_a_refusal_by_the_service_is_shown_in_our_words(page: Page) -> None:
    page.open("/photos/").choose(page.make_file("fake.png", b"%PDF-1.4 not a picture"))
    assert "The file was not accepted." in page.wait_for_rows(1, "failed")[0].text


def test_a_form_is_not_sent_without_a_file_that_failed(page: Page) -> None:
    page.open("/photos/").choose(page.make_file("fake.png", b"%PDF-1.4 not a picture"))
    page.wait_for_rows(1, "failed")
    page.one("[name=title]").send_keys("red" + Keys.ENTER)
    page.wait_for_text("Please remove the files that failed, or try again.")
    assert page.focused() == "Try again: fake.png"


def test_trying_again_asks_for_a_new_token(page: Page, account: LocalImageKit) -> None:
    account.faults.add(path="/api/v2/files/upload", status=503, times=1)
    page.open("/photos/").choose(page.make_file("a.png"))
    (row,) = page.wait_for_rows(1, "failed")
    assert "The upload failed. Please try again." in row.text
    row.one("button").send_keys(Keys.ENTER)
    page.wait_for_rows(1)
    assert page.all("[data-state=failed]") == []


def test_a_token_that_expired_is_replaced_on_the_next_try(page: Page, account: LocalImageKit) -> None:
    page.open("/photos/")
    account.clock.advance(3 * 3600)  # of the service: to it, the application's tokens are old
    page.choose(page.make_file("a.png"))
    (row,) = page.wait_for_rows(1, "failed")
    account.clock.reset()
    row.one("button").click()
    page.wait_for_rows(1)


def test_files_can_be_removed_and_cancelled(page: Page) -> None:
    page.open("/photos/")
    with page.limit_connection(uploadThroughput=1000):
        page.choose(page.make_file("slow.png", LARGE_PNG))
        button = page.wait_for_rows(1, "uploading")[0].one("button:not([hidden])")
        assert button.accessible_name == "Cancel: slow.png"
        button.send_keys(Keys.SPACE)
        page.wait(lambda: not page.all("imagekit-upload li"))
    assert page.driver.switch_to.active_element.get_attribute("name") == "photos"
    assert page.one("input[type=file]").get_property("required")
    page.choose(page.make_file("a.png"))
    (row,) = page.wait_for_rows(1)
    assert not page.one("input[type=file]").get_property("required")
    row.one("button:not([hidden])").click()
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
    with page.without_javascript():
        page.open("/photos/")
        page.one("[name=photos]").send_keys(page.make_file("a.png") + "\n" + page.make_file("b.png"))
        page.one("[name=title]").send_keys("red")
        page.one("form button").click()
        answer = page.read_answer()
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
    page.look(width=390, height=844, scheme=scheme, is_touched=True)
    page.open("/photos/").choose(page.make_file("a" * 100 + ".png"), page.make_file("fake.png", b"%PDF-1.4 x"))
    page.wait_for_rows(1)
    page.wait_for_rows(1, "failed")
    assert page.js("return document.documentElement.scrollWidth") <= 390
    colour = page.js("return getComputedStyle(document.querySelector('.imagekit-message[role=alert]')).color")
    assert colour == {"light": "rgb(179, 38, 30)", "dark": "rgb(255, 180, 171)"}[scheme]
