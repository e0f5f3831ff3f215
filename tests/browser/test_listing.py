"""The files view: its items, their order, and messages about missing items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selenium.webdriver.support.select import Select

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import Page


def sort_by(page: Page, label: str) -> None:
    Select(page.one(".toolbar select").wait()).select_by_visible_text(label)


def test_names_are_sorted_naturally(page: Page) -> None:
    names = ["a1.txt", "A2.txt", "á3.txt", "a10.txt", "B.txt", "é.txt", "f.txt", "z.txt", "Äpfel.txt"]
    for name in names:
        page.upload(name)
    for folder in ("f10", "F2"):
        page.client.create_folder(folder_name=folder, parent_folder_path="/")
    page.open()
    wanted = ["F2", "f10", "a1.txt", "A2.txt", "á3.txt", "a10.txt", "Äpfel.txt", "B.txt", "é.txt", "f.txt", "z.txt"]
    assert page.wait(page.list_names) == wanted
    page.open("#/search/txt")
    assert page.wait(page.list_names) == wanted[2:]
    assert page.one(".note").text == "9 found"


def test_names_are_sorted_across_all_pages_of_a_large_folder(page: Page, tmp_path: Path) -> None:
    for number in range(1205):
        (tmp_path / f"{number}.txt").write_bytes(b"x")
    page.server.seed(tmp_path)
    page.open()
    page.wait(lambda: page.list_names() == [f"{number}.txt" for number in range(200)])
    for _ in range(6):
        page.button("Load more").click()
    page.wait(lambda: page.list_names() == [f"{number}.txt" for number in range(1205)])
    assert "Load more" not in page.texts("button")


def test_folders_come_first_in_every_order(page: Page, tmp_path: Path) -> None:
    for number in range(205):
        (tmp_path / f"{number}.txt").write_bytes(b"x" * (number + 1))
    page.client.create_folder(folder_name="old", parent_folder_path="/")
    page.server.seed(tmp_path)
    page.open()
    sort_by(page, "Largest")
    page.wait(lambda: page.list_names()[:3] == ["old", "204.txt", "203.txt"])
    sort_by(page, "Newest")
    page.wait(lambda: page.list_names()[0] == "old" and page.list_names()[1] != "204.txt")
    sort_by(page, "Name")


def test_a_missing_folder_is_reported(page: Page) -> None:
    page.client.create_folder(folder_name="empty", parent_folder_path="/f")
    page.open("#/files/f/none here")
    assert "There is no folder /f/none here." in page.one(".empty").text
    page.button("All files").click()
    page.wait(lambda: page.list_names() == ["f"])
    page.open("#/files/f/empty")
    assert page.one(".empty").text.startswith("This folder is empty.")
    page.open("#/files/F")  # names are case-sensitive
    assert "There is no folder /F." in page.one(".empty").text


def test_an_upload_creates_a_missing_folder(page: Page) -> None:
    page.open("#/files/new")
    assert "Upload files here to create it." in page.one(".empty").text
    page.drop("a.txt", "content")
    page.wait(lambda: page.list_names() == ["a.txt"])
    assert not page.all(".empty")


def test_a_folder_deleted_while_it_is_open_is_reported(page: Page) -> None:
    page.upload("a.txt", folder="/f")
    page.open("#/files/f")
    page.tile("a.txt")
    page.client.delete_folder(folder_path="/f")
    sort_by(page, "Newest")
    assert "There is no folder /f." in page.one(".empty").text
    sort_by(page, "Name")


def test_a_missing_file_cannot_be_transformed_and_is_reported(page: Page) -> None:
    page.open("#/transform/f/none.png")
    assert page.one(".empty").text == "There is no file /f/none.png."
    assert not page.all("textarea, .output")


def test_an_unknown_address_shows_the_files(page: Page) -> None:
    page.upload("a.txt")
    page.open("#/nonsense/a")
    page.wait(lambda: page.list_names() == ["a.txt"])
