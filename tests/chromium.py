"""Debian's Chromium for the tests, and helpers that wait for what it shows.

A page can change between two queries: it is replaced, redrawn, or covers the element to click. So an element is found
through a `Locator`, which looks it up each time, and a condition is checked again until it holds.
"""

from __future__ import annotations

import inspect
import shutil
import textwrap
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from selenium import webdriver
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from selenium.webdriver.remote.webelement import WebElement

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --force-device-scale-factor=1 --window-size=1280,900"
)
WAIT_SECONDS = 60  # generous, for a busy machine; nothing takes this long on an idle one
POLL_SECONDS = 0.03

# Nothing has happened: the element is gone, or cannot be used yet.
NOT_DONE = (
    NoSuchElementException,
    StaleElementReferenceException,
    ElementNotInteractableException,
    ElementClickInterceptedException,
)
# What Chromium's driver says, in an error without a class, if the document is replaced while it answers.
REPLACED = (
    "aborted by navigation",
    "does not belong to the document",
    "Execution context was destroyed",
    "Cannot find context",
    "No node with given id",
    "navigated or closed",
)
TEXT_SHOWN = 3000

T = TypeVar("T")


@contextmanager
def run_chromium(profile: Path) -> Generator[webdriver.Chrome]:
    """Start Chromium with an empty profile in this folder, and end it afterwards."""
    options = webdriver.ChromeOptions()
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    assert chromium, "these tests need Debian's packages chromium and chromium-driver"
    assert chromedriver, "these tests need Debian's package chromium-driver"
    options.binary_location = chromium
    for flag in (*FLAGS.split(), f"--user-data-dir={profile}"):
        options.add_argument(flag)
    # Real browsers have this cache of pages to go back to.
    options.add_experimental_option("excludeSwitches", ["disable-back-forward-cache"])
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, Service(chromedriver))
    try:
        yield driver
    finally:
        driver.quit()


def is_harmless(error: WebDriverException) -> bool:
    """Return whether reading can be retried after this error."""
    return isinstance(error, NOT_DONE) or any(words in str(error) for words in REPLACED)


class Screen:
    """The page that Chromium shows, to read and to use."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    # Waiting.

    def wait(self, condition: Callable[[], T | None], what: str = "") -> T:
        """Return the result of `condition` as soon as it is true; if the page changes meanwhile, call it again.

        Args:
            condition: A function that only reads the page, so it can be called again.
            what: What to wait for, shown on failure; by default the source of `condition`.
        Raises:
            AssertionError: It did not become true in time. The message shows the page.
        """
        return self._repeat(condition, what or textwrap.dedent(inspect.getsource(condition)).strip(), is_harmless)

    def act(self, action: Callable[[], object], what: str) -> None:
        """Do something as soon as the page allows it; once it may have happened, do not try again.

        Raises:
            AssertionError: The action was not possible in time. The message shows the page.
        """

        def is_done() -> bool:
            action()
            return True

        self._repeat(is_done, what, lambda error: isinstance(error, NOT_DONE))

    def _repeat(self, ask: Callable[[], T | None], what: str, is_ignored: Callable[[WebDriverException], bool]) -> T:
        end = time.monotonic() + WAIT_SECONDS
        while True:
            reason: WebDriverException | None = None
            try:
                if answer := ask():
                    return answer
            except WebDriverException as error:
                if not is_ignored(error):
                    raise
                reason = error
            if time.monotonic() > end:
                message = f"waited {WAIT_SECONDS} s in vain for: {what}\n{self.describe()}"
                raise AssertionError(message) from reason
            time.sleep(POLL_SECONDS)

    def describe(self) -> str:
        """Return the URL and the text of the page, for the message of a failure."""
        script = "return [location.href, document.body?.innerText ?? '']"
        url, text = self.driver.execute_script(script)
        return f"The page: {url}\n{textwrap.indent(text[:TEXT_SHOWN], '    ')}"

    # Finding.

    def all(self, selector: str) -> list[WebElement]:
        """Return the elements that match now."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def locate(self, find: Callable[[], WebElement | None], what: str) -> Locator:
        """Return a locator for what `find` finds, once it finds something."""
        locator = Locator(self, find, what)
        locator.wait()
        return locator

    def one(self, selector: str) -> Locator:
        """Return the first element that matches, as soon as there is one."""
        return self.locate(lambda: next(iter(self.all(selector)), None), selector)

    def texts(self, selector: str) -> list[str]:
        """Return the texts of the elements that match now."""
        (found,) = self.wait(lambda: ([each.text for each in self.all(selector)],), selector)
        return found

    def wait_for_text(self, *texts: str) -> None:
        """Wait until the page shows one of the texts."""
        self.wait(lambda: any(text in self.one("body").text for text in texts), " or ".join(map(repr, texts)))

    def wait_for_image(self, selector: str = "img") -> int:
        """Return the width in pixels of the file of an image, as soon as it is loaded."""
        script = "const it = document.querySelector(arguments[0]); return it?.complete && it.naturalWidth"
        width: int = self.wait(lambda: self.js(script, selector), f"image {selector} to be loaded")
        return width

    def watch_progress(self) -> None:
        """Record the values of the progress bars of this page from now on."""
        self.js(
            "window.progressSeen = [];"
            "new MutationObserver((changes) => progressSeen.push(...changes.map((change) => change.target.value)))"
            ".observe(document, {subtree: true, attributeFilter: ['value']})"
        )

    def wait_for_progress(self) -> None:
        """Wait until the recorded values show that an upload is under way."""
        self.wait(lambda: sum(0 < value < 1 for value in self.progress()) >= 2, "progress between 0 and 1")

    def progress(self) -> list[float]:
        """Return the recorded values."""
        seen: list[float] = self.js("return progressSeen.filter((value) => typeof value === 'number')")
        return seen

    # Using.

    def js(self, script: str, *arguments: Any) -> Any:
        """Run a script once, and return what it returns."""

        def run() -> tuple[Any]:
            plain = [each.wait() if isinstance(each, Locator) else each for each in arguments]
            return (self.driver.execute_script(script, *plain),)

        (answer,) = self._repeat(run, script, lambda error: isinstance(error, NOT_DONE))
        return answer

    def emulate(self, command: str, **options: Any) -> None:
        """Send a command of the DevTools protocol."""
        self.driver.execute_cdp_cmd(command, options)

    @contextmanager
    def limit_connection(self, **conditions: Any) -> Generator[None]:
        """Limit the connection: `latency` in ms, `uploadThroughput` in bytes a second; or `offline`."""
        unlimited = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.emulate("Network.enable")
        self.emulate("Network.emulateNetworkConditions", **{**unlimited, **conditions})
        try:
            yield
        finally:
            self.emulate("Network.emulateNetworkConditions", **unlimited)

    @contextmanager
    def without_javascript(self) -> Generator[None]:
        """Disable scripts on pages that are opened while the block runs."""
        self.emulate("Emulation.setScriptExecutionDisabled", value=True)
        try:
            yield
        finally:
            self.emulate("Emulation.setScriptExecutionDisabled", value=False)

    def look(
        self,
        *,
        width: int = 1280,
        height: int = 800,
        density: float = 1,
        scheme: str = "light",
        is_touched: bool = False,
    ) -> None:
        """Set the size of the window, the colour scheme of the system, and whether the device has a touch screen."""
        self.emulate(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=density,
            mobile=is_touched,
        )
        self.emulate("Emulation.setTouchEmulationEnabled", enabled=is_touched)
        self.emulate("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def look_as_usual(self) -> None:
        self.emulate("Emulation.clearDeviceMetricsOverride")
        self.emulate("Emulation.setTouchEmulationEnabled", enabled=False)
        self.emulate("Emulation.setEmulatedMedia", features=[])

    def focused(self) -> str:
        """Return the accessible name, or else the text, of the focused element."""
        element = self.driver.switch_to.active_element
        return element.accessible_name or element.text

    def console(self) -> list[str]:
        """Return what the browser has logged since the last call."""
        log: list[dict[str, str]] = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in log]


class Locator:
    """An element of the page, looked up again each time it is read or used."""

    def __init__(self, screen: Screen, find: Callable[[], WebElement | None], what: str) -> None:
        self._screen, self._find, self._what = screen, find, what

    def wait(self) -> WebElement:
        """Return the element as soon as it is there."""
        return self._screen.wait(self._find, self._what)

    def _need(self) -> WebElement:
        found = self._find()
        if found is None:
            raise NoSuchElementException(self._what)
        return found

    def _read(self, read: Callable[[WebElement], T]) -> T:
        (answer,) = self._screen.wait(lambda: (read(self._need()),), self._what)  # which may be false
        return answer

    def one(self, selector: str) -> Locator:
        """Return the first element within this one that matches, as soon as there is one."""

        def find() -> WebElement | None:
            return next(iter(self._need().find_elements(By.CSS_SELECTOR, selector)), None)

        return self._screen.locate(find, f"{self._what} {selector}")

    @property
    def text(self) -> str:
        return self._read(lambda element: element.text)

    @property
    def accessible_name(self) -> str:
        return self._read(lambda element: element.accessible_name)

    def get_attribute(self, name: str) -> str | None:
        return self._read(lambda element: element.get_attribute(name))

    def get_property(self, name: str) -> Any:
        return self._read(lambda element: element.get_property(name))

    def is_enabled(self) -> bool:
        return self._read(lambda element: element.is_enabled())

    def is_selected(self) -> bool:
        return self._read(lambda element: element.is_selected())

    def click(self) -> None:
        self._screen.act(lambda: self._need().click(), f"a click on {self._what}")

    def clear(self) -> None:
        self._screen.act(lambda: self._need().clear(), f"clearing {self._what}")

    def send_keys(self, *keys: str) -> None:
        self._screen.act(lambda: self._need().send_keys(*keys), f"typing into {self._what}")
