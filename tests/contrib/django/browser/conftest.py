"""Pages of a Django project in Debian's Chromium. Run by ``tox -e demo``, not with the other tests."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.contrib.django.pictures import make_png

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from django.contrib.auth.models import User
    from pytest_django.live_server_helper import LiveServer
    from selenium.webdriver.remote.webelement import WebElement

    from imagekitio.local import LocalImageKit

FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
WAIT_SECONDS = 20


class Page:
    """A page as a person sees it."""

    def __init__(self, driver: webdriver.Chrome, base: str, folder: Path) -> None:
        self.driver, self.base, self.folder = driver, base, folder

    def open(self, path: str) -> Page:
        self.driver.get(self.base + path)
        return self

    def wait(self, condition: Callable[[], Any]) -> Any:
        return WebDriverWait(self.driver, WAIT_SECONDS, poll_frequency=0.05).until(lambda _: condition())

    def one(self, selector: str) -> WebElement:
        """The element that matches, as soon as there is one."""
        return self.wait(lambda: next(iter(self.all(selector)), None))  # type: ignore[no-any-return]

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def wait_for_text(self, text: str) -> None:
        self.wait(lambda: text in self.one("body").text)

    def make_file(self, name: str, content: bytes | None = None) -> str:
        path = self.folder / name
        path.write_bytes(make_png(320, 200) if content is None else content)
        return str(path)

    def choose(self, *paths: str) -> None:
        """Choose files as in the dialogue of the file input."""
        self.one("imagekit-upload.imagekit-ready input[type=file]").send_keys("\n".join(paths))

    def rows(self, state: str) -> list[WebElement]:
        return self.all(f'imagekit-upload li[data-state="{state}"]')

    def wait_for_rows(self, count: int, state: str = "uploaded") -> list[WebElement]:
        self.wait(lambda: len(self.rows(state)) == count)
        return self.rows(state)

    def js(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def console(self) -> list[str]:
        """What the browser has complained of since it was last asked."""
        log: list[dict[str, str]] = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in log if "favicon" not in entry["message"]]

    def log_in(self, user: User) -> None:
        from django.test import Client

        client = Client()
        client.force_login(user)
        self.open("/admin/login/")
        self.driver.add_cookie({"name": "sessionid", "value": client.cookies["sessionid"].value, "path": "/"})


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('chromium')}")
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    assert chromium, "install Debian's packages chromium and chromium-driver"
    assert chromedriver, "install Debian's packages chromium and chromium-driver"
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, Service(chromedriver))
    yield driver
    driver.quit()


@pytest.fixture
def page(driver: webdriver.Chrome, live_server: LiveServer, tmp_path: Path, account: LocalImageKit) -> Iterator[Page]:
    driver.set_window_size(1200, 900)
    driver.delete_all_cookies()
    page = Page(driver, str(live_server), tmp_path)
    page.console()
    yield page
    driver.get("about:blank")


@pytest.fixture
def superuser(transactional_db: None) -> User:
    from django.contrib.auth.models import User

    user: User = User.objects.create_superuser("anna", "anna@example.com", "secret")
    return user
