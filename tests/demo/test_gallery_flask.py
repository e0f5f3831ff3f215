"""The gallery in Flask, in Debian's Chromium, on Werkzeug's server. Run by its name, not with the other tests."""

from __future__ import annotations

import os
import shutil
import threading
from typing import TYPE_CHECKING

import pytest
import pyvips
import requests
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from werkzeug.serving import make_server

from sample.gallery_flask.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver.remote.webelement import WebElement

    from imagekitio.local import LocalImageKit

FLAGS = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync"
WAIT_SECONDS = 60
SCREENSHOTS = os.environ.get("SCREENSHOTS")  # a folder to look at


@pytest.fixture
def url(server: LocalImageKit, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    running = make_server("127.0.0.1", 0, create_app(), threaded=True)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{running.port}"
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for flag in FLAGS.split():
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of 3 MB."""
    path = tmp_path_factory.mktemp("pictures") / "red shoe.jpg"
    noise = pyvips.Image.gaussnoise(2200, 1650, mean=128, sigma=40).cast("uchar")
    path.write_bytes(noise.copy(interpretation="b-w").jpegsave_buffer(Q=95))
    assert 2_500_000 < path.stat().st_size < 5_000_000
    return path


class Visitor:
    def __init__(self, driver: webdriver.Chrome, url: str) -> None:
        self.driver, self.url = driver, url
        driver.set_window_size(1000, 800)
        driver.get(url)
        driver.delete_all_cookies()
        driver.get(url)

    def log_in(self, name: str) -> None:
        self.find("[name=name]").send_keys(name)
        self.press("Log in")
        self.find("imagekit-upload.imagekit-ready")

    def find(self, selector: str) -> WebElement:
        found: WebElement = WebDriverWait(self.driver, WAIT_SECONDS).until(
            lambda driver: driver.find_element(By.CSS_SELECTOR, selector) if self.count(selector) else False
        )
        return found

    def count(self, selector: str) -> int:
        return len(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def press(self, text: str) -> None:
        self.driver.find_element(By.XPATH, f"//button[starts-with(., '{text}')]").click()

    def choose(self, path: Path, state: str) -> str:
        """Choose a file; return its row when the upload is done."""
        self.find("#photo").send_keys(str(path))
        return self.find(f".imagekit-files li[data-state={state}]").text

    def wait_for_picture(self) -> str:
        """Wait until the picture is there; return the URL that the browser has chosen."""
        self.find(".pictures img")
        shown = WebDriverWait(self.driver, WAIT_SECONDS).until(
            lambda driver: driver.execute_script(
                "const i = document.querySelector('.pictures img');"
                "return i.complete && i.naturalWidth > 0 && i.currentSrc"
            )
        )
        return str(shown)

    def take_screenshot(self, name: str) -> None:
        if SCREENSHOTS:
            self.driver.save_screenshot(f"{SCREENSHOTS}/{name}.png")


@pytest.fixture
def visitor(chromium: webdriver.Chrome, url: str) -> Visitor:
    return Visitor(chromium, url)


def test_a_picture_goes_from_the_browser_to_the_service_and_is_shown_at_two_widths(
    visitor: Visitor, picture: Path, server: LocalImageKit
) -> None:
    visitor.log_in("Anna")
    visitor.take_screenshot("empty")
    visitor.choose(picture, "uploaded")
    visitor.take_screenshot("uploaded")
    visitor.press("Add to the gallery")
    wide = visitor.wait_for_picture()
    visitor.take_screenshot("wide")
    visitor.driver.set_window_size(500, 844)
    visitor.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 3, "mobile": True}
    )
    visitor.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    )
    visitor.driver.refresh()
    narrow = visitor.wait_for_picture()
    visitor.take_screenshot("narrow-dark")
    assert visitor.driver.execute_script("return document.documentElement.scrollWidth") == 390
    visitor.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    visitor.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert wide.partition("?")[0] != narrow.partition("?")[0]  # other transformations in the path
    original = visitor.find(".pictures a").get_attribute("href") or ""
    assert requests.get(original, timeout=10).content == picture.read_bytes()
    assert requests.get(original.partition("?")[0], timeout=10).status_code in (401, 403, 404)  # private
    uploads = [seen.operation for seen in server.requests if (seen.operation or "").startswith("upload_file")]
    assert uploads == ["upload_file_v2_client_side"]
    visitor.press("Delete")
    visitor.find(".pictures li:only-child:not(:has(img))")
    assert len(server.client().list_files()) == 0


def test_without_javascript_the_form_uploads_through_the_application(url: str, picture: Path) -> None:
    with requests.Session() as visitor:
        visitor.post(f"{url}/log-in", data={"name": "Anna"}, timeout=10)
        with picture.open("rb") as file:
            page = visitor.post(
                f"{url}/pictures", files={"photo": ("red shoe.jpg", file, "image/jpeg")}, timeout=60
            ).text
        assert page.count("<img ") == 1
        assert 'alt="red_shoe_' in page
        none = visitor.post(f"{url}/pictures", files={"photo": ("", b"")}, timeout=10)
        assert none.status_code == 400
        assert "No file was chosen." in none.text


def test_what_is_refused_says_why(visitor: Visitor, tmp_path: Path) -> None:
    large, wrong = tmp_path / "large.jpg", tmp_path / "text.txt"
    large.write_bytes(bytes(5_000_001))
    wrong.write_text("text")
    visitor.log_in("Anna")
    assert "too large" in visitor.choose(large, "failed")
    visitor.take_screenshot("too-large")
    visitor.driver.refresh()
    visitor.find("imagekit-upload.imagekit-ready")
    assert "wrong type" in visitor.choose(wrong, "failed")


def test_a_visitor_who_has_logged_out_meanwhile_is_told_so(visitor: Visitor, picture: Path) -> None:
    visitor.log_in("Anna")
    visitor.driver.delete_all_cookies()
    assert "Please log in." in visitor.choose(picture, "failed")


def test_a_token_that_has_expired_can_be_asked_for_again(
    visitor: Visitor, picture: Path, server: LocalImageKit
) -> None:
    visitor.log_in("Anna")
    server.clock.advance(7200)
    visitor.choose(picture, "failed")
    server.clock.advance(-7200)
    visitor.press("Try again")
    visitor.find(".imagekit-files li[data-state=uploaded]")


def test_a_service_that_is_down_is_a_page_without_secrets(url: str, picture: Path, server: LocalImageKit) -> None:
    server.faults.add(status=500, times=None, body={"message": "secret"})
    with requests.Session() as visitor:
        visitor.post(f"{url}/log-in", data={"name": "Anna"}, timeout=10)
        answer = visitor.post(
            f"{url}/pictures",
            files={"photo": ("a.jpg", picture.read_bytes(), "image/jpeg")},
            headers={"Accept": "text/html"},
            timeout=60,
        )
    assert answer.status_code == 502
    assert "The image service is not available." in answer.text
    assert "secret" not in answer.text
    assert server.private_key not in answer.text
