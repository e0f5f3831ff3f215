"""The page in Debian's Chromium, and shorthand for using it. Run by ``tox -e browser``, not with the other tests."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import pyvips
from selenium.webdriver.common.action_chains import ActionChains

from imagekitio.local import LocalImageKit

from ..chromium import Locator, Screen, run_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium import webdriver
    from selenium.webdriver.remote.webelement import WebElement

    from imagekitio import ImageKit

AXE_VERSION, INSTALL_SECONDS = "4.14.1", 600

_DROP = """
const transfer = new DataTransfer();
transfer.items.add(new File([arguments[1]], arguments[0]));
for (const type of ["dragover", "drop"]) {
  document.body.dispatchEvent(new DragEvent(type, {dataTransfer: transfer, bubbles: true, cancelable: true}));
  if (type === "dragover") window.invitation = document.querySelector("#drop").innerText;
}
return window.invitation;
"""


class Page(Screen):
    """The page as a person sees it: only visible elements are found."""

    def __init__(self, driver: webdriver.Chrome, server: LocalImageKit, client: ImageKit) -> None:
        super().__init__(driver)
        self.server, self.client = server, client

    def open(self, hash_: str = "", base: str | None = None) -> Page:
        self.driver.get("about:blank")  # a change of the hash alone would not reload the page
        self.driver.get((base or self.server.url) + "/" + hash_)
        return self

    def upload(self, name: str, content: bytes = b"hello", **options: Any) -> str:
        """Store a file through the API; return its id."""
        stored = self.client.upload_file(
            file=content, file_name=name, options={"use_unique_file_name": False, **options}
        )
        return str(stored.file_id)

    def upload_picture(self, name: str, width: int = 600, height: int = 300, **options: Any) -> str:
        image: Any = pyvips.Image.black(width, height, bands=3).linear([1], [200, 60, 30]).cast("uchar")
        return self.upload(name, bytes(image.copy(interpretation="srgb").pngsave_buffer()), **options)

    def drop(self, name: str, content: str) -> str:
        """Drag a file over the page and drop it; return the text that the page shows during the drag."""
        return str(self.js(_DROP, name, content))

    def all(self, selector: str) -> list[WebElement]:
        return list(self._visible(selector))

    def _visible(self, selector: str) -> Iterator[WebElement]:
        # A generator, since each element costs a request to the browser.
        return (element for element in super().all(selector) if element.is_displayed())

    def one(self, selector: str) -> Locator:
        return self.locate(lambda: next(self._visible(selector), None), selector)

    def button(self, label: str) -> Locator:
        """Find the button or link with this text."""
        return self.locate(
            lambda: next((it for it in self._visible("button, a") if it.text == label), None), f"button {label!r}"
        )

    def tile(self, name: str) -> Locator:
        return self.one(f'.grid [title="{name}"]')

    def list_names(self) -> list[str]:
        texts: list[str] = self.js("return [...document.querySelectorAll('.grid .name')].map((it) => it.textContent)")
        return texts

    def press(self, *keys: str) -> None:
        """Press keys in the focused element."""
        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def read_clipboard(self) -> str:
        return str(self.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0], arguments[0])"))


@pytest.fixture(scope="session")
def server() -> Iterator[LocalImageKit]:
    with LocalImageKit() as running:
        yield running


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory, server: LocalImageKit) -> Iterator[webdriver.Chrome]:
    with run_chromium(tmp_path_factory.mktemp("chromium")) as browser:
        granted = {"origin": server.url, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
        browser.execute_cdp_cmd("Browser.grantPermissions", granted)
        yield browser


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core, from npm."""
    npm = shutil.which("npm")
    assert npm, "these tests need npm"
    folder = tmp_path_factory.mktemp("axe")
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", f"axe-core@{AXE_VERSION}"]
    subprocess.run(command, cwd=folder, timeout=INSTALL_SECONDS, check=True, capture_output=True)
    return (folder / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def page(driver: webdriver.Chrome, server: LocalImageKit) -> Iterator[Page]:
    """The page of an empty local ImageKit; it must not log errors in the console."""
    server.reset()
    with server.client() as client:
        opened = Page(driver, server, client)
        opened.console()  # drops the messages of the previous test
        yield opened
        opened.look_as_usual()
    # An error response that a test provokes is also listed, as a resource that failed to load.
    assert [message for message in opened.console() if "Failed to load resource" not in message] == []
