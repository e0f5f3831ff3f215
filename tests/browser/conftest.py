"""The page in Debian's Chromium, and short words for using it. Run by ``tox -e browser``, not with the other tests."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import pyvips
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from imagekitio.local import LocalImageKit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from selenium.webdriver.remote.webelement import WebElement

    from imagekitio import ImageKit

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --force-device-scale-factor=1"
)
WAIT_SECONDS = 10
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


class Page:
    """The page as a person sees it."""

    def __init__(self, driver: webdriver.Chrome, server: LocalImageKit, client: ImageKit) -> None:
        self.driver, self.server, self.client = driver, server, client

    def open(self, hash_: str = "", base: str | None = None) -> Page:
        self.driver.get("about:blank")  # a change of the hash alone would not load it again
        self.driver.get((base or self.server.url) + "/" + hash_)
        return self

    def upload(self, name: str, content: bytes = b"hello", **options: Any) -> str:
        """Store a file by the API; return its id."""
        stored = self.client.upload_file(
            file=content, file_name=name, options={"use_unique_file_name": False, **options}
        )
        return str(stored.file_id)

    def upload_picture(self, name: str, width: int = 600, height: int = 300, **options: Any) -> str:
        image: Any = pyvips.Image.black(width, height, bands=3).linear([1], [200, 60, 30]).cast("uchar")
        return self.upload(name, bytes(image.copy(interpretation="srgb").pngsave_buffer()), **options)

    def drop(self, name: str, content: str) -> str:
        """Drag a file over the page and drop it; return what the page says while it is over it."""
        return str(self.js(_DROP, name, content))

    def console(self) -> list[str]:
        """What the browser has complained of since it was last asked."""
        log: list[dict[str, str]] = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in log]

    def wait(self, condition: Callable[[], Any]) -> Any:
        """What `condition` gives, as soon as it is true; what is drawn again meanwhile is looked for again."""
        stale = [StaleElementReferenceException]
        waiting = WebDriverWait(self.driver, WAIT_SECONDS, poll_frequency=0.03, ignored_exceptions=stale)
        return waiting.until(lambda _: condition())

    def all(self, selector: str) -> list[WebElement]:
        return list(self._visible(selector))

    def _visible(self, selector: str) -> Iterator[WebElement]:
        # One after the other: it takes a question to the browser for each.
        for element in self.driver.find_elements(By.CSS_SELECTOR, selector):
            if element.is_displayed():
                yield element

    def one(self, selector: str) -> WebElement:
        """The element that matches, as soon as it is visible."""
        found: WebElement = self.wait(lambda: next(self._visible(selector), None))
        return found

    def button(self, label: str) -> WebElement:
        """The button or link with these words."""
        found: WebElement = self.wait(lambda: next((it for it in self._visible("button, a") if it.text == label), None))
        return found

    def tile(self, name: str) -> WebElement:
        return self.one(f'.grid [title="{name}"]')

    def names(self) -> list[str]:
        texts: list[str] = self.js("return [...document.querySelectorAll('.grid .name')].map((it) => it.textContent)")
        return texts

    def js(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def press(self, *keys: str) -> None:
        """Press keys, wherever the focus is."""
        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def focused(self) -> str:
        """The accessible name, or else the text, of what has the focus."""
        element = self.driver.switch_to.active_element
        return element.accessible_name or element.text

    def clipboard(self) -> str:
        return str(self.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0], arguments[0])"))

    def look(self, *, width: int = 1280, scheme: str = "light", is_touched: bool = False) -> None:
        """Give the window another width, the system another colour scheme, and the device fingers for a pointer."""
        self.emulate(
            "Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=is_touched
        )
        self.emulate("Emulation.setTouchEmulationEnabled", enabled=is_touched)
        self.emulate("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def look_as_usual(self) -> None:
        self.emulate("Emulation.clearDeviceMetricsOverride")
        self.emulate("Emulation.setTouchEmulationEnabled", enabled=False)
        self.emulate("Emulation.setEmulatedMedia", features=[])

    def emulate(self, command: str, **options: Any) -> None:
        self.driver.execute_cdp_cmd(command, options)


@pytest.fixture(scope="session")
def server() -> Iterator[LocalImageKit]:
    with LocalImageKit() as running:
        yield running


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory, server: LocalImageKit) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    assert chromium, "these tests need Debian's packages chromium and chromium-driver"
    assert chromedriver, "these tests need Debian's package chromium-driver"
    options.binary_location = chromium
    profile: Path = tmp_path_factory.mktemp("chromium")
    for flag in (*FLAGS.split(), f"--user-data-dir={profile}", "--window-size=1280,900"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(chromedriver))
    browser.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"origin": server.url, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]},
    )
    yield browser
    browser.quit()


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
    """The page of an empty local ImageKit. It must not complain in the console while it is used."""
    server.reset()
    with server.client() as client:
        opened = Page(driver, server, client)
        opened.console()  # what belongs to the test before
        yield opened
        opened.look_as_usual()
    # A refusal that a test provokes is listed too, as a resource that failed to load.
    assert [message for message in opened.console() if "Failed to load resource" not in message] == []
