"""Pages of a Django project in Debian's Chromium. Run by ``tox -e demo``, not with the other tests."""

from __future__ import annotations

import json
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from tests.chromium import Locator, Screen, run_chromium
from tests.contrib.django.pictures import make_png

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from django.contrib.auth.models import User
    from pytest_django.live_server_helper import LiveServer
    from selenium import webdriver
    from selenium.webdriver.remote.webelement import WebElement

    from imagekitio.local import LocalImageKit


LARGE_PNG = make_png(320, 200) + bytes(1_000_000)  # a connection can hold it up


class Page(Screen):
    """A page as a person sees it."""

    def __init__(self, driver: webdriver.Chrome, base: str, folder: Path) -> None:
        super().__init__(driver)
        self.base, self.folder = base, folder

    def open(self, path: str) -> Page:
        self.driver.get(self.base + path)
        return self

    def make_file(self, name: str, content: bytes | None = None) -> str:
        path = self.folder / name
        path.write_bytes(make_png(320, 200) if content is None else content)
        return str(path)

    def choose(self, *paths: str, within: str = "") -> None:
        """Choose files as in the dialogue of the file input."""
        self.one(f"{within} imagekit-upload.imagekit-ready input[type=file]").send_keys("\n".join(paths))

    def wait_for_rows(self, count: int, state: str = "uploaded", *, within: str = "") -> list[Locator]:
        """Return the rows of the files in this state, as soon as there are so many."""
        selector = f'{within} imagekit-upload li[data-state="{state}"]'
        self.wait(lambda: len(self.all(selector)) == count, f"{count} rows {state}")
        return [self.locate(partial(self._get_row, selector, number), selector) for number in range(count)]

    def _get_row(self, selector: str, number: int) -> WebElement | None:
        return next(islice(self.all(selector), number, None), None)

    def read_answer(self) -> dict[str, Any]:
        """Return what the server made of the form, as soon as it has it."""
        self.wait(lambda: not self.all("form"))
        answer: dict[str, Any] = json.loads(self.one("body").text)
        return answer

    def console(self) -> list[str]:
        return [message for message in super().console() if "favicon" not in message]  # the project has none

    def log_in(self, user: User) -> None:
        from django.test import Client

        client = Client()
        client.force_login(user)
        self.open("/admin/login/")
        self.driver.add_cookie({"name": "sessionid", "value": client.cookies["sessionid"].value, "path": "/"})


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with run_chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def page(driver: webdriver.Chrome, live_server: LiveServer, tmp_path: Path, account: LocalImageKit) -> Iterator[Page]:
    driver.set_window_size(1200, 900)
    driver.delete_all_cookies()
    page = Page(driver, str(live_server), tmp_path)
    page.console()
    yield page
    page.look_as_usual()
    driver.get("about:blank")


@pytest.fixture
def superuser(transactional_db: None) -> User:
    from django.contrib.auth.models import User

    user: User = User.objects.create_superuser("anna", "anna@example.com", "secret")
    return user
