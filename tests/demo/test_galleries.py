"""The galleries in Debian's Chromium, on the servers of their frameworks. Run by ``tox -e demo``."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import pyvips
import requests
from selenium.webdriver.common.by import By

from ..chromium import Screen

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from selenium import webdriver

    from imagekitio.local import LocalImageKit

SCREENSHOTS = os.environ.get("SCREENSHOTS")  # a folder for screenshots


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of 3 MB."""
    path = tmp_path_factory.mktemp("pictures") / "red shoe.jpg"
    noise = pyvips.Image.gaussnoise(2200, 1650, mean=128, sigma=40).cast("uchar")
    path.write_bytes(noise.copy(interpretation="b-w").jpegsave_buffer(Q=95))
    assert 2_500_000 < path.stat().st_size < 5_000_000
    return path


class Visitor(Screen):
    """A person who uses a gallery under their own name."""

    def __init__(self, driver: webdriver.Chrome, url: str, gallery: str) -> None:
        super().__init__(driver)
        self.url, self.gallery = url, gallery
        driver.set_window_size(1000, 800)
        driver.get(url)
        driver.delete_all_cookies()
        driver.get(url)

    def log_in(self) -> None:
        self.one("[name=name]").send_keys(secrets.token_hex(4))
        self.press("Log in")
        self.one("[name=photo]")

    @contextmanager
    def without_javascript(self) -> Generator[None]:
        with super().without_javascript():
            self.driver.refresh()
            yield

    @contextmanager
    def on_a_dark_phone(self) -> Generator[None]:
        self.look(width=390, height=844, density=3, scheme="dark", is_touched=True)
        try:
            self.driver.refresh()
            yield
        finally:
            self.look_as_usual()

    def log_out_in_another_tab(self) -> None:
        tab = self.driver.current_window_handle
        self.driver.switch_to.new_window("tab")
        self.driver.get(self.url)
        self.press("Log out")
        self.one("[name=name]")
        self.driver.close()
        self.driver.switch_to.window(tab)

    def press(self, text: str) -> None:
        """Press the button whose text starts with `text`."""
        path = f"//button[starts-with(., '{text}')]"
        self.locate(lambda: self.driver.find_element(By.XPATH, path), f"button {text!r}").click()

    def choose(self, path: Path, state: str) -> str:
        """Choose a file; return its row when the upload has reached this state."""
        self.one("imagekit-upload.imagekit-ready [name=photo]").send_keys(str(path))
        return self.one(f".imagekit-files li[data-state={state}]").text

    def send(self, path: Path) -> None:
        """Choose a file and send the form."""
        self.one("[name=photo]").send_keys(str(path))
        self.press("Add to the gallery")

    def wait_for_picture(self) -> str:
        """Wait until the picture is shown; return the URL that the browser has chosen."""
        self.wait_for_image(".pictures img")
        return str(self.js("return document.querySelector('.pictures img').currentSrc"))

    def read_status(self) -> int:
        """Return the HTTP status of the page."""
        status: int = self.driver.execute_script("return performance.getEntriesByType('navigation')[0].responseStatus")
        return status

    def take_screenshot(self, name: str) -> None:
        if SCREENSHOTS:
            self.driver.save_screenshot(f"{SCREENSHOTS}/{self.gallery}-{name}.png")


@pytest.fixture
def visitor(chromium: webdriver.Chrome, url: str, gallery: str, server: LocalImageKit) -> Visitor:
    return Visitor(chromium, url, gallery)


def list_uploads(server: LocalImageKit) -> list[str]:
    return [seen.operation for seen in server.requests if seen.operation and seen.operation.startswith("upload_file")]


def test_a_picture_goes_from_the_browser_to_the_service_and_is_shown_at_two_widths(
    visitor: Visitor, picture: Path, server: LocalImageKit
) -> None:
    visitor.take_screenshot("logged-out")
    visitor.log_in()
    visitor.take_screenshot("empty")
    visitor.watch_progress()
    with visitor.limit_connection(uploadThroughput=300_000):
        visitor.choose(picture, "uploading")
        visitor.wait_for_progress()
        visitor.take_screenshot("uploading")
    visitor.one(".imagekit-files li[data-state=uploaded]")
    assert visitor.progress() == sorted(visitor.progress())
    visitor.take_screenshot("uploaded")
    visitor.press("Add to the gallery")
    wide = visitor.wait_for_picture()
    visitor.take_screenshot("wide")
    with visitor.on_a_dark_phone():
        narrow = visitor.wait_for_picture()
        visitor.take_screenshot("narrow-dark")
        assert visitor.driver.execute_script("return document.documentElement.scrollWidth") == 390
    assert wide.partition("?")[0] != narrow.partition("?")[0]  # other transformations in the path
    original = visitor.one(".pictures a").get_attribute("href") or ""
    assert requests.get(original, timeout=10).content == picture.read_bytes()
    assert requests.get(original.partition("?")[0], timeout=10).status_code in (401, 403, 404)  # private
    assert list_uploads(server) == ["upload_file_v2_client_side"]
    visitor.press("Delete")
    visitor.wait_for_text("There are no pictures yet.")
    assert len(server.client().list_files()) == 0


def test_without_javascript_the_form_uploads_through_the_application(
    visitor: Visitor, picture: Path, server: LocalImageKit
) -> None:
    visitor.log_in()
    with visitor.without_javascript():
        visitor.send(picture)
        visitor.one(".pictures img")
    visitor.wait_for_picture()
    assert (visitor.one(".pictures img").get_attribute("alt") or "").startswith("red_shoe")
    original = visitor.one(".pictures a").get_attribute("href") or ""
    assert requests.get(original, timeout=10).content == picture.read_bytes()
    assert requests.get(original.partition("?")[0], timeout=10).status_code in (401, 403, 404)
    assert list_uploads(server) == ["upload_file"]


def test_a_refused_file_shows_the_reason(visitor: Visitor, tmp_path: Path, server: LocalImageKit) -> None:
    large, wrong = tmp_path / "large.jpg", tmp_path / "text.txt"
    large.write_bytes(b"\xff\xd8\xff\xe0" + bytes(6_000_000))
    wrong.write_text("text")
    visitor.log_in()
    assert "too large" in visitor.choose(large, "failed")
    visitor.take_screenshot("too-large")
    visitor.driver.refresh()
    assert "wrong type" in visitor.choose(wrong, "failed")
    with visitor.without_javascript():
        visitor.send(large)
        visitor.wait_for_text("too large")
        visitor.take_screenshot("too-large-without-javascript")
        visitor.driver.get(visitor.url)
        visitor.send(wrong)
        visitor.wait_for_text("wrong type", "not an image")
    assert list_uploads(server) == []


def test_a_visitor_who_has_logged_out_in_another_tab_is_asked_to_log_in(
    visitor: Visitor, picture: Path, server: LocalImageKit
) -> None:
    visitor.log_in()
    visitor.log_out_in_another_tab()
    assert "Please log in" in visitor.choose(picture, "failed")
    visitor.driver.refresh()
    visitor.log_in()
    visitor.choose(picture, "uploaded")
    visitor.log_out_in_another_tab()
    visitor.press("Add to the gallery")
    visitor.wait_for_text("Please log in", "Log in")
    assert [seen.operation for seen in server.requests if seen.operation] == ["upload_file_v2_client_side"]


def test_an_upload_with_an_expired_token_can_be_tried_again(
    visitor: Visitor, picture: Path, server: LocalImageKit
) -> None:
    visitor.log_in()
    server.clock.advance(7200)  # the clock of the service, for which the application's tokens have expired
    visitor.choose(picture, "failed")
    server.clock.reset()
    visitor.press("Try again")
    visitor.one(".imagekit-files li[data-state=uploaded]")


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_an_unavailable_service_results_in_a_page_without_secrets(
    visitor: Visitor, picture: Path, server: LocalImageKit, javascript: bool
) -> None:
    def break_service() -> None:
        server.faults.add(status=500, times=None, body={"message": "a secret"})

    visitor.log_in()
    if javascript:
        visitor.choose(picture, "uploaded")
        break_service()
        visitor.press("Add to the gallery")
        visitor.wait_for_text("The image service is not available.")
    else:
        break_service()
        with visitor.without_javascript():
            visitor.send(picture)
            visitor.wait_for_text("The image service is not available.")
    visitor.take_screenshot("service-down")
    assert visitor.read_status() == 502
    assert "a secret" not in visitor.driver.page_source
    assert server.private_key not in visitor.driver.page_source
    assert visitor.one("main a").text == "Back to the gallery"


def test_a_picture_that_could_not_be_deleted_is_still_shown(
    visitor: Visitor, picture: Path, server: LocalImageKit
) -> None:
    visitor.log_in()
    visitor.choose(picture, "uploaded")
    visitor.press("Add to the gallery")
    visitor.wait_for_picture()
    server.faults.add(status=500, times=None, operation="delete_file")
    visitor.press("Delete")
    visitor.wait_for_text("The image service is not available.")
    assert visitor.read_status() == 502
    server.faults.clear()
    visitor.driver.get(visitor.url)
    visitor.wait_for_picture()
    server.client().delete_file(server.client().list_files()[0].file_id)  # in the media library
    visitor.press("Delete")
    visitor.wait_for_text("There are no pictures yet.")
