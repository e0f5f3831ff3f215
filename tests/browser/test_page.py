"""Using the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import pyvips
import requests
from selenium.webdriver.common.keys import Keys

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import Page


def read_size(content: bytes) -> tuple[int, int]:
    image: Any = pyvips.Image.new_from_buffer(content, "")
    return image.width, image.height


# Browsing.


def test_folders_are_browsed_by_clicks_and_by_the_breadcrumb(page: Page) -> None:
    page.upload_picture("deep.png", 40, 30, folder="/shop/shoes")
    page.upload("notes.txt")
    page.open()
    page.tile("shop").click()
    assert page.wait(page.list_names) == ["shop", "notes.txt"]  # a click only selects
    page.press(Keys.ENTER)
    page.wait(lambda: page.list_names() == ["shoes"])
    page.js("arguments[0].dispatchEvent(new MouseEvent('dblclick', {bubbles: true}))", page.tile("shoes"))
    page.wait(lambda: page.list_names() == ["deep.png"])
    assert page.one(".breadcrumb").text.replace("\n", " ") == "All files shop shoes"
    page.js("arguments[0].click()", page.all(".breadcrumb a")[1])
    page.wait(lambda: page.list_names() == ["shoes"])
    page.driver.back()
    page.wait(lambda: page.list_names() == ["deep.png"])


def test_public_and_private_pictures_have_thumbnails_but_drafts_do_not(page: Page) -> None:
    page.upload_picture("open.png")
    page.upload_picture("private.png", is_private_file=True)
    page.upload_picture("draft.png", is_published=False)
    page.open()

    def read_widths() -> dict[str, int]:
        found: dict[str, int] = page.js(
            "return Object.fromEntries([...document.querySelectorAll('.grid [title]')].map("
            "(tile) => [tile.title, tile.querySelector('img')?.naturalWidth ?? 0]))"
        )
        return found

    page.wait(lambda: read_widths() == {"draft.png": 0, "open.png": 400, "private.png": 400})
    assert "draft" in page.tile("draft.png").text


def test_more_than_a_page_of_files_can_be_loaded(page: Page, tmp_path: Path) -> None:
    for number in range(205):
        (tmp_path / f"{number:03}.txt").write_bytes(b"x")
    page.server.seed(tmp_path)
    page.open()
    page.wait(lambda: len(page.list_names()) == 200)
    page.button("Load more").click()
    page.wait(lambda: page.list_names() == [f"{number:03}.txt" for number in range(205)])
    assert "Load more" not in page.texts("button")


def test_details_show_every_field_and_the_url_can_be_copied(page: Page) -> None:
    page.client.create_custom_metadata_fields(name="price", label="Price", schema={"type": "Number"})
    page.upload_picture(
        "a.png",
        folder="/f",
        tags=["sale", "red"],
        custom_metadata={"price": 5},
        description="A shoe",
        is_private_file=True,
    )
    page.open("#/files/f")
    page.tile("a.png").click()
    text = page.one(".details dl").text
    for line in ("/f/a.png", "image/png", "600", "300", "sale", "red", "price\n5", "A shoe", "Is private file\nyes"):
        assert line in text
    assert "Custom coordinates\n—" in text
    page.wait(lambda: page.js("return document.querySelector('.details .stage img')?.naturalWidth") == 600)
    page.button("Copy URL").click()
    page.wait(lambda: "Copied" in page.one("#status").text)
    url = page.read_clipboard()
    assert "ik-s=" in url
    assert read_size(requests.get(url, timeout=30).content) == (600, 300)


def test_folders_can_be_created_and_files_deleted_after_confirmation(page: Page) -> None:
    page.upload("a.txt")
    page.open()
    page.tile("a.txt")
    page.button("New folder").click()
    page.one("#ask input").send_keys("New stuff", Keys.ENTER)
    page.wait(lambda: page.list_names() == ["New_stuff", "a.txt"])
    page.tile("a.txt").click()
    page.button("Delete").click()
    assert page.one("#ask h2").text == "Delete /a.txt?"
    page.button("Cancel").click()
    assert page.list_names() == ["New_stuff", "a.txt"]
    page.button("Delete").click()
    page.one("#ask .danger").click()
    page.wait(lambda: page.list_names() == ["New_stuff"])
    assert list(page.client.list_files()) == []


# Searching.


def test_plain_words_search_names_and_queries_search_everything(page: Page) -> None:
    page.upload_picture("red_shoe.png", folder="/f")
    page.upload_picture("blue-hat.png", 60, 30, tags=["sale"])
    page.open()
    search = page.one("#search input")
    search.send_keys("shoe", Keys.ENTER)
    page.wait(lambda: page.list_names() == ["red_shoe.png"])
    search.clear()
    search.send_keys('width < 100 AND tags IN ["sale"]', Keys.ENTER)
    page.wait(lambda: page.list_names() == ["blue-hat.png"])
    search.clear()
    search.send_keys("nothing", Keys.ENTER)
    assert page.one(".empty").text == "Nothing found."


def test_an_error_in_a_query_is_shown_at_its_position(page: Page) -> None:
    page.open()
    page.one("#search input").send_keys('name = "ä𝒳" AND size > "big"', Keys.ENTER)
    assert re.search(r"expected .* \(got 'big'\) \(at character 23\)", page.one("[role=alert]").text)
    assert page.js("return document.querySelector('mark').previousSibling.textContent") == 'name = "ä𝒳" AND size > '
    assert page.one("#search input").get_attribute("aria-invalid") == "true"


# Uploading.


def test_chosen_files_are_uploaded_with_progress(page: Page, tmp_path: Path) -> None:
    (tmp_path / "big.bin").write_bytes(b"x" * 700_000)
    (tmp_path / "small.txt").write_bytes(b"small")
    page.open("#/files/inbox")
    page.one(".empty")
    page.watch_progress()
    with page.limit_connection(uploadThroughput=100_000):
        page.driver.find_element("id", "pick").send_keys(f"{tmp_path / 'big.bin'}\n{tmp_path / 'small.txt'}")
        page.wait_for_progress()
    page.wait(lambda: page.list_names() == ["big.bin", "small.txt"])
    assert max(page.progress()) == 1
    assert [text.splitlines() for text in page.texts("#uploads li")] == [["big.bin", "done"], ["small.txt", "done"]]
    stored = {file.name: (file.file_path, file.size) for file in page.client.list_files()}
    assert stored["big.bin"] == ("/inbox/big.bin", 700_000)


def test_a_dropped_file_is_uploaded_into_the_folder_and_replaces_an_older_one(page: Page) -> None:
    page.upload("a.txt", b"old", folder="/f")
    page.open("#/files/f")
    page.tile("a.txt").click()
    assert page.drop("a.txt", "newer") == "Drop to upload into /f"
    page.wait(lambda: "done" in page.one("#uploads").text)
    page.wait(lambda: "Version 2" in page.one(".details").text)
    (file,) = page.client.list_files()
    assert (file.file_path, file.size) == ("/f/a.txt", 5)
    assert not page.all("#drop")


def test_a_refused_upload_shows_the_reason(page: Page) -> None:
    page.open()
    page.one(".empty")
    page.drop("empty.txt", "")
    page.wait(lambda: "missing file parameter" in page.one("#uploads").text)
    assert "1 failed" in page.one("#uploads h2").text
    page.one("[aria-label='Close uploads']").click()
    assert not page.all("#uploads")


# Transforming.


def transform(page: Page, steps: str) -> None:
    box = page.one("textarea")
    page.wait(lambda: box.get_attribute("value") == "w-400,h-300")
    box.clear()
    box.send_keys(steps)


def read_caption(page: Page) -> str:
    return "".join(page.texts("figcaption")[1:])


def test_a_transformation_is_previewed_and_its_url_and_python_code_can_be_copied(page: Page) -> None:
    page.upload_picture("a b.png", folder="/f")
    page.open("#/files/f")
    page.tile("a_b.png").click()
    page.button("Transform").click()
    transform(page, "w-100,h-80,f-png:rt-90")
    page.wait(lambda: "80 × 100 · PNG" in read_caption(page))
    assert page.texts("figcaption")[0].startswith("Original 600 × 300 · PNG · ")
    assert re.search(r"B \(−\d+ %\)$", read_caption(page))
    page.button("Copy URL").click()
    page.wait(lambda: "Copied the URL" in page.one("#status").text)
    url = page.read_clipboard()
    assert url == f"{page.server.url_endpoint}/tr:w-100,h-80,f-png:rt-90/f/a_b.png"
    assert read_size(requests.get(url, timeout=30).content) == (80, 100)
    page.button("Copy Python").click()
    page.wait(lambda: "Copied the Python" in page.one("#status").text)
    assert eval(page.read_clipboard(), {"imagekit": page.client}) == url


def test_the_form_and_the_text_stay_in_sync(page: Page) -> None:
    page.upload_picture("a.png")
    page.open("#/transform/a.png")
    transform(page, "bl-3:w-100,e-sharpen-10,fo-auto,lo-true")

    def read_value(label: str) -> str:
        return str(
            page.js(
                "return [...document.querySelectorAll('.controls label')].find("
                "(each) => each.firstChild.textContent === arguments[0]).querySelector('input, select').value",
                label,
            )
        )

    assert (read_value("Width"), read_value("Height"), read_value("Focus"), read_value("Blur")) == (
        "100",
        "",
        "fo-auto",
        "",
    )
    fields = {each.accessible_name: each for each in page.all(".controls :is(input, select)")}
    fields["Height"].send_keys("50")
    fields["Format"].send_keys("PNG")
    fields["Grayscale"].click()
    fields["Width"].send_keys(Keys.BACKSPACE * 3)
    assert page.one("textarea").get_attribute("value") == "bl-3:e-sharpen-10,fo-auto,lo-true,h-50,f-png,e-grayscale"
    page.wait(lambda: "100 × 50 · PNG" in read_caption(page))
    page.button("Add step").click()
    assert read_value("Height") == ""
    fields["Width"].send_keys("10")
    assert str(page.one("textarea").get_attribute("value")).endswith(",e-grayscale:w-10")
    box = page.one("textarea")
    box.clear()
    box.send_keys("l-text,i-Hi,l-end")
    assert not fields["Width"].is_enabled()
    page.js("scrollTo(0, 0)")  # so that the header does not cover it
    page.button("Avatar").click()
    assert fields["Width"].is_enabled()
    page.wait(lambda: "240 × 240 · PNG" in read_caption(page))


def test_an_error_in_a_transformation_is_explained(page: Page) -> None:
    page.upload_picture("a.png")
    page.open("#/transform/a.png")
    transform(page, "w-abc")
    page.wait(lambda: re.match(r"400: Code 'w' must be .*got 'abc'", page.one(".result [role=alert]").text))
    transform_again = page.one("textarea")
    transform_again.send_keys(Keys.BACKSPACE * 3, "50")
    page.wait(lambda: "50 × 25" in read_caption(page))
    assert not page.all("[role=alert]")


def test_a_url_is_signed_by_the_server_and_expires(page: Page) -> None:
    page.upload_picture("a.png", is_private_file=True)
    page.open("#/transform/a.png")
    page.wait(lambda: "400 × 300" in read_caption(page))
    signed, expires, position = page.all(".url-options :is(input, select)")
    assert signed.is_selected()  # required for a private file
    expires.send_keys("60")
    position.send_keys("in the query")
    url = page.wait(lambda: next((text for text in page.texts(".output code") if "ik-t=" in text), None))
    assert "tr=w-400" in url
    assert requests.get(url, timeout=30).status_code == 200
    page.server.clock.advance(61)
    assert requests.get(url, timeout=30).status_code == 401
    signed.click()
    page.wait(lambda: "401: " in page.one(".result [role=alert]").text)


# Requests.


def test_requests_appear_live_and_errors_are_highlighted(page: Page) -> None:
    page.open("#/requests")
    page.one("thead")
    requests.get(f"{page.server.url_endpoint}/none%20here.jpg?tr=w-5", timeout=30)
    page.upload("a.txt")
    page.wait(lambda: "/api/v1/files/upload" in page.one("tbody tr").text)
    missing = page.wait(lambda: next((text for text in page.texts("tbody tr.refused") if "none here" in text), None))
    assert "404" in missing
    assert "?tr=w-5" in missing
    assert "there is no file at /none here.jpg" in missing
    assert re.search(r"[\d.]+ ms", missing)
    filters = {each.accessible_name: each for each in page.all(".requests input")}
    filters["Errors only"].click()
    page.wait(lambda: not page.all("tbody tr:not(.refused)"))
    filters["Filter requests"].send_keys("nobody asked this")
    page.wait(lambda: not page.all("tbody tr"))


def test_the_pages_own_requests_are_not_listed(page: Page) -> None:
    page.upload_picture("of-the-page.png")
    page.open()
    page.wait(lambda: page.js("return document.querySelector('.grid img')?.complete"))
    page.js("location.hash = '#/requests'")
    page.one("tbody tr")
    assert "/local/of-the-page.png" not in page.one("table").text


# The keyboard.


def test_everything_can_be_done_with_the_keyboard_alone(page: Page) -> None:
    for number in range(12):
        page.upload_picture(f"{number:02}.png", folder="/f")
    page.open()
    page.tile("f")
    page.press(Keys.ARROW_DOWN, Keys.ENTER)
    page.wait(lambda: len(page.list_names()) == 12)
    page.wait(lambda: page.focused().startswith("00.png"))
    assert page.js("return getComputedStyle(document.activeElement).outline").endswith("solid 2px")
    columns = page.js(
        "const tiles = [...document.querySelectorAll('.grid > *')];"
        "return tiles.filter((each) => each.offsetTop === tiles[0].offsetTop).length"
    )
    page.press(Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
    assert page.focused().startswith(f"{1 + columns:02}.png")
    page.press(Keys.ARROW_UP, Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    assert page.focused().startswith("00.png")
    page.press(Keys.END)
    assert page.focused().startswith("11.png")
    page.press(Keys.ENTER)
    page.wait(lambda: page.focused() == "Close details")
    page.press(Keys.ESCAPE)
    assert page.focused().startswith("11.png")
    assert not page.all(".details")
    page.press("c")
    page.wait(lambda: page.read_clipboard() == f"{page.server.url_endpoint}/f/11.png")
    page.press("t")
    page.wait(lambda: page.focused() == "Transformation")
    page.press(*"w-120")
    page.wait(lambda: "120 × 60" in read_caption(page))
    page.press(Keys.ESCAPE)
    page.wait(lambda: page.focused().startswith("11.png"))
    page.press(Keys.DELETE)
    page.wait(lambda: page.focused() == "Delete")
    page.press(Keys.ENTER)
    page.wait(lambda: len(page.list_names()) == 11 and page.focused().startswith("10.png"))
    page.press(Keys.BACKSPACE)
    page.wait(lambda: page.focused().startswith("f\n") or page.focused().startswith("f "))
    page.press("n", *"drawer", Keys.ENTER)
    page.wait(lambda: page.list_names() == ["drawer", "f"])
    page.press("/", *"05", Keys.ENTER)
    page.wait(lambda: page.list_names() == ["05.png"])
    page.wait(lambda: page.focused().startswith("05.png"))
    page.press("?")
    assert page.one("#shortcuts h2").text == "Keyboard shortcuts"
    page.press(Keys.ESCAPE, "r")
    assert page.one("h1").text == "Requests"
    page.press("f")
    page.wait(lambda: page.list_names() == ["drawer", "f"])


def test_every_control_has_a_name(page: Page) -> None:
    page.upload_picture("a.png", 60, 30)
    for hash_, ready in (("", ".grid img"), ("#/transform/a.png", "figcaption strong"), ("#/requests", "thead")):
        page.open(hash_)
        page.one(ready)
        if not hash_:
            page.tile("a.png").click()
            page.one(".details dl")
        controls = page.all("a, button, input, select, textarea, summary, [tabindex='0']:not(code)")
        assert len(controls) > 5
        assert [each.get_attribute("outerHTML") for each in controls if not each.accessible_name] == []


# Appearance.


def compute_luminance(colour: str) -> float:
    """Compute the relative luminance of ``rgb(r, g, b)`` (WCAG 2.2)."""
    channels = [int(number) / 255 for number in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def compute_contrast(one: str, other: str) -> float:
    high, low = sorted((compute_luminance(one), compute_luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("scheme", "is_dark"), [("light", False), ("dark", True)])
def test_it_follows_the_colour_scheme_and_has_enough_contrast(page: Page, scheme: str, is_dark: bool) -> None:
    page.upload_picture("a.png", 60, 30)
    page.emulate("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    try:
        page.open()
        page.tile("a.png")
        colours = page.js(
            "const of = (selector) => { const style = getComputedStyle(document.querySelector(selector));"
            " return [style.color, style.backgroundColor]; };"
            "return {page: of('body'), meta: of('.grid .meta'), button: of('button.primary'), nav: of('header nav a')}"
        )
    finally:
        page.emulate("Emulation.setEmulatedMedia", features=[])
    text, background = colours["page"]
    assert (compute_luminance(background) < 0.05) is is_dark
    assert compute_contrast(text, background) > 7
    assert compute_contrast(colours["meta"][0], background) > 4.5
    assert compute_contrast(*colours["button"]) > 4.5


def test_it_fits_on_a_narrow_screen(page: Page) -> None:
    name = "a-rather-long-name-of-a-picture-that-somebody-took.png"
    page.upload_picture(name, tags=["x" * 80])
    requests.get(f"{page.server.url_endpoint}/{'long' * 60}.jpg", timeout=30)
    views = {"": ".grid img", f"#/transform/{name}": "figcaption", "#/requests": "tbody tr", "#/search/x%20%3D": "mark"}
    page.emulate("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=1, mobile=False)
    try:
        for hash_, ready in views.items():
            page.open(hash_)
            page.one(ready)
            if not hash_:
                page.one(".grid li").click()
                page.one(".details dl")
            assert page.js("return document.documentElement.scrollWidth") <= 360, hash_
    finally:
        page.emulate("Emulation.clearDeviceMetricsOverride")


# Under another host name.


def test_it_works_under_the_host_name_localhost(page: Page) -> None:
    page.upload_picture("a.png")
    page.open("#/transform/a.png", base=page.server.url.replace("127.0.0.1", "localhost"))
    page.wait(lambda: "400 × 300" in read_caption(page))
    endpoint = page.server.url_endpoint.replace("127.0.0.1", "localhost")  # the endpoint has the host of the request
    assert page.texts(".output code")[0] == f"{endpoint}/tr:w-400,h-300/a.png"
