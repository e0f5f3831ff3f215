"""Changing files on the page: details, names, folders and versions, and errors of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
from selenium.webdriver.common.keys import Keys

if TYPE_CHECKING:
    from selenium.webdriver.remote.webelement import WebElement

    from tests.browser.conftest import Page


def open_dialog(page: Page, file: str, label: str, folder: str = "/") -> None:
    page.open(f"#/files{folder}")
    page.tile(file).click()
    page.button(label).click()
    page.one("#ask h2")


def find_fields(page: Page) -> dict[str, WebElement]:
    """Return the controls of the dialog by their labels, without the hints below them."""
    controls = page.wait(lambda: page.all("#ask .fields :is(input, select, textarea)"))
    return {page.js("return arguments[0].labels[0].innerText.split('\\n')[0]", each): each for each in controls}


def fill(control: WebElement, text: str) -> None:
    control.clear()
    control.send_keys(text)


def submit(page: Page) -> None:
    page.one("#ask [type=submit]").click()


def is_closed(page: Page) -> bool:
    return not page.all("#ask")


def read_details(page: Page, file_id: str) -> dict[str, Any]:
    return dict(page.client.get_file_details(file_id).response_metadata.raw)


def test_tags_description_and_coordinates_can_be_edited(page: Page) -> None:
    file_id = page.upload_picture("a.png", description="Old", custom_coordinates="1,2,30,40")
    page.client.update_file_details(file_id, tags=["sale", "a, b"])
    open_dialog(page, "a.png", "Edit")
    shown = {label: control.get_attribute("value") for label, control in find_fields(page).items()}
    assert shown == {"Tags": "sale\na, b", "Description": "Old", "Custom coordinates": "1,2,30,40"}
    fill(find_fields(page)["Tags"], "  Ä red  \n\na, b\n")
    find_fields(page)["Description"].clear()
    submit(page)
    page.wait(lambda: is_closed(page))
    stored = read_details(page, file_id)
    assert (stored["tags"], stored["description"]) == (["Ä red", "a, b"], None)
    assert stored["customCoordinates"] == "1,2,30,40"
    page.wait(lambda: "Ä red" in page.one(".details dl").text)
    assert page.one("#status").text == "Saved"
    assert page.focused() == "Edit"


FIELDS: dict[str, tuple[dict[str, Any], Any, Any]] = {
    "Text": ({}, "blue", "x"),
    "Textarea": ({}, "two\nlines", "x"),
    "Number": ({}, 2.5, -3),
    "Date": ({}, "2030-01-31T12:00:00Z", "2031-01-31T12:00:00Z"),
    "Boolean": ({}, False, True),
    "SingleSelect": ({"selectOptions": ["S", 5, True]}, 5, True),
    "MultiSelect": ({"selectOptions": ["S", "M", 7]}, ["S", 7], ["M"]),
}
SHOWN = {False: "no", True: "yes", 5: "5"}


@pytest.mark.parametrize("kind", FIELDS)
def test_custom_metadata_is_edited_by_its_type(page: Page, kind: str) -> None:
    options, before, after = FIELDS[kind]
    page.client.create_custom_metadata_fields({"name": "it", "label": "It", "schema": {"type": kind, **options}})
    page.client.create_custom_metadata_fields(name="other", label="Other", schema={"type": "Text"})
    file_id = page.upload_picture("a.png", custom_metadata={"it": before, "other": "stays"})

    def edit(value: Any) -> Any:
        open_dialog(page, "a.png", "Edit")
        control = find_fields(page)
        if kind == "MultiSelect":
            for option in map(str, options["selectOptions"]):
                if control[option].is_selected() != (option in map(str, value)):
                    control[option].click()
        elif kind in ("Boolean", "SingleSelect"):
            page.js(
                "arguments[0].selectedIndex = [...arguments[0].options].findIndex((it) => it.text === arguments[1])",
                control["It"],
                "–" if value == "" else (str(value).lower() if kind == "SingleSelect" else SHOWN[value]),
            )
        else:
            fill(control["It"], str(value))
        submit(page)
        page.wait(lambda: is_closed(page))
        return read_details(page, file_id)["customMetadata"]

    assert edit(after) == {"it": after, "other": "stays"}
    assert edit("") == {"other": "stays"}
    assert edit(before) == {"it": before, "other": "stays"}


def test_saving_without_a_change_changes_nothing(page: Page) -> None:
    page.client.create_custom_metadata_fields(
        name="sizes", label="Sizes", schema={"type": "MultiSelect", "selectOptions": ["S"]}
    )
    page.client.create_custom_metadata_fields(name="note", label="Note", schema={"type": "Textarea"})
    file_id = page.upload_picture("a.png", tags=["sale"], custom_metadata={"note": "a\nb "})
    before = read_details(page, file_id)
    open_dialog(page, "a.png", "Edit")
    submit(page)
    page.wait(lambda: is_closed(page))
    assert read_details(page, file_id) == before


def test_a_refused_edit_shows_the_reason_and_keeps_the_input(page: Page) -> None:
    page.client.create_custom_metadata_fields(name="price", label="Price", schema={"type": "Number", "maxValue": 9})
    file_id = page.upload_picture("a.png")
    open_dialog(page, "a.png", "Edit")
    fill(find_fields(page)["Tags"], "sale")
    fill(find_fields(page)["Price"], "cheap")
    submit(page)
    page.wait(lambda: "price: " in page.one("#ask .error").text)
    assert [each.get_attribute("value") for each in (find_fields(page)["Tags"], find_fields(page)["Price"])] == [
        "sale",
        "cheap",
    ]
    assert read_details(page, file_id)["tags"] is None
    fill(find_fields(page)["Price"], "9")
    find_fields(page)["Price"].send_keys(Keys.ENTER)
    page.wait(lambda: is_closed(page))
    stored = read_details(page, file_id)
    assert (stored["tags"], stored["customMetadata"]) == (["sale"], {"price": 9})
    page.button("Edit").click()
    page.wait(lambda: find_fields(page)["Price"].get_attribute("value") == "9")
    assert not page.all("#ask .error")


def test_a_file_is_renamed_and_stays_selected(page: Page) -> None:
    file_id = page.upload("a.txt", folder="/f")
    page.upload("b.txt", folder="/f")
    open_dialog(page, "a.txt", "Rename", folder="/f")
    page.press(*"c d")  # the name without its extension is selected
    assert find_fields(page)["New name"].get_attribute("value") == "c d.txt"
    page.press(Keys.ENTER)
    page.wait(lambda: page.list_names() == ["b.txt", "c_d.txt"])
    assert page.one("[aria-selected=true]").get_attribute("title") == "c_d.txt"
    assert page.one(".details h2").text == "c_d.txt"
    assert read_details(page, file_id)["filePath"] == "/f/c_d.txt"


def test_an_existing_name_is_refused_and_kept_in_the_dialog(page: Page) -> None:
    page.upload("a.txt")
    page.upload("b.txt")
    open_dialog(page, "a.txt", "Rename")
    fill(find_fields(page)["New name"], "b.txt")
    submit(page)
    assert "already exists" in page.one("#ask .error").text
    assert find_fields(page)["New name"].get_attribute("value") == "b.txt"
    page.button("Cancel").click()
    assert is_closed(page)
    assert page.list_names() == ["a.txt", "b.txt"]


def test_the_dialog_waits_for_a_slow_response(page: Page) -> None:
    page.upload("a.txt")
    open_dialog(page, "a.txt", "Rename")
    fill(find_fields(page)["New name"], "b.txt")
    with page.limit_connection(latency=500):
        page.press(Keys.ENTER, Keys.ENTER, Keys.ESCAPE)  # the second request would find no a.txt
        page.wait(lambda: is_closed(page))
    page.wait(lambda: page.list_names() == ["b.txt"])
    assert page.one("#status").text == "Renamed a.txt"


def test_a_file_is_moved_and_its_neighbour_is_selected(page: Page) -> None:
    page.client.create_folder(folder_name="shoes", parent_folder_path="/shop")
    file_id = page.upload("a.txt", folder="/f")
    page.upload("b.txt", folder="/f")
    open_dialog(page, "a.txt", "Move", folder="/f")
    target = find_fields(page)["To folder"]
    assert target.get_attribute("value") == "/f"
    offered = page.js("return [...document.querySelectorAll('#ask option')].map((option) => option.value)")
    assert sorted(offered) == ["/", "/f", "/shop", "/shop/shoes"]
    submit(page)  # to its current folder
    page.one("#ask .error")
    fill(target, "/shop/new ones")
    submit(page)
    page.wait(lambda: page.list_names() == ["b.txt"])
    assert read_details(page, file_id)["filePath"] == "/shop/new_ones/a.txt"
    assert page.one("[aria-selected=true]").get_attribute("title") == "b.txt"


def test_a_refused_folder_name_is_kept_in_the_dialog(page: Page) -> None:
    page.open()
    page.button("New folder").click()
    page.one("#ask input").send_keys("a/b", Keys.ENTER)
    assert "slash" in page.one("#ask .error").text
    assert page.one("#ask input").get_attribute("value") == "a/b"
    page.one("#ask input").send_keys(Keys.BACKSPACE * 2, Keys.ENTER)
    page.wait(lambda: page.list_names() == ["a"])


def test_deleting_a_missing_file_shows_an_error_in_the_dialog(page: Page) -> None:
    file_id = page.upload("a.txt")
    open_dialog(page, "a.txt", "Delete")
    page.client.delete_file(file_id)
    submit(page)
    assert "does not exist" in page.one("#ask .error").text
    page.press(Keys.ESCAPE)
    assert is_closed(page)


def list_versions(page: Page) -> list[str]:
    return page.texts(".versions li strong")


def test_versions_can_be_listed_restored_and_deleted(page: Page) -> None:
    for content in (b"first", b"second", b"third"):
        file_id = page.upload("a.txt", content)
    page.open()
    page.tile("a.txt").click()
    page.wait(lambda: list_versions(page) == ["Version 3", "Version 2", "Version 1"])
    assert "current" in page.texts(".versions li")[0]
    actions = [f"{action} Version {number}" for number in (2, 1) for action in ("Restore", "Delete")]
    page.wait(lambda: [each.accessible_name for each in page.all(".versions button")] == actions)
    page.one("[aria-label='Restore Version 1']").click()
    page.wait(lambda: list_versions(page)[0] == "Version 1")
    assert requests.get(f"{page.server.url_endpoint}/a.txt", timeout=30).content == b"first"
    page.wait(lambda: page.focused() == "Versions")
    page.one("[aria-label='Delete Version 2']").click()
    assert page.one("#ask h2").text == "Delete Version 2?"
    submit(page)
    page.wait(lambda: list_versions(page) == ["Version 1", "Version 3"])
    assert len(page.client.get_file_versions(file_id)) == 2


@pytest.mark.parametrize("is_private_file", [False, True])
def test_an_old_version_can_be_opened(page: Page, is_private_file: bool) -> None:
    for content in (b"old", b"new"):
        page.upload("a.txt", content, is_private_file=is_private_file)
    page.open()
    page.tile("a.txt").click()
    link = page.one("[aria-label='Open Version 1']")
    url = page.wait(lambda: link.get_attribute("href"))
    assert requests.get(url, timeout=30).content == b"old"


def test_a_deleted_version_cannot_be_restored(page: Page) -> None:
    for content in (b"old", b"new"):
        file_id = page.upload("a.txt", content)
    page.open()
    page.tile("a.txt").click()
    button = page.one("[aria-label='Restore Version 1']")
    page.client.delete_file(file_id)
    button.click()
    page.wait(lambda: "does not exist" in page.one("#status").text)
    page.wait(lambda: page.list_names() == [])


def test_editing_works_with_the_keyboard_alone(page: Page) -> None:
    file_id = page.upload("a.txt")
    page.open()
    page.tile("a.txt")
    page.press(Keys.ARROW_DOWN, "e")
    page.wait(lambda: page.focused().startswith("Tags"))
    page.press(*"sale")
    page.press(Keys.TAB, Keys.TAB, Keys.ENTER)
    page.wait(lambda: is_closed(page))
    assert read_details(page, file_id)["tags"] == ["sale"]
    page.wait(lambda: page.focused().startswith("a.txt"))
    page.press(Keys.F2)
    page.wait(lambda: page.focused() == "New name")
    page.press("b", Keys.ENTER)
    page.wait(lambda: page.list_names() == ["b.txt"])
    page.wait(lambda: page.focused().startswith("b.txt"))
    page.press("m")
    page.wait(lambda: page.focused() == "To folder")
    page.press(*"/f", Keys.ENTER)
    page.wait(lambda: page.list_names() == ["f"])
