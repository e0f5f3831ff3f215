"""Take the screenshots of the documentation: ``python -m scripts.take_screenshots``.

It takes the tour in `sample/`, and captures its contact sheet and the page of its local ImageKit. It needs Debian's
Chromium, as the tests of the page do (packages chromium and chromium-driver), selenium from the dependency group
`browser`, and the extra `local`.
"""

from __future__ import annotations

import base64
import math
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pyvips

from sample.screen import Screen as Terminal
from sample.tour import prepare, take
from tests.chromium import Screen, run_chromium

if TYPE_CHECKING:
    from sample.visit import Visit

PICTURES = Path(__file__).parents[1] / "docs/pictures"
WIDTH = 1200  # CSS pixels, and pixels of the file
PAGE_HEIGHT = 820
MOST_BYTES = 400_000
SHOWN, STEPS = "astronaut.jpg", "w-360,h-360,fo-custom,r-max"


def main() -> int:
    """Write the screenshots, and return the exit status."""
    PICTURES.mkdir(exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        visit = prepare(stack, Terminal(sys.stdout), folder / "output", [], in_account=False)
        visit.is_kept = True
        if not take(visit):
            return 1
        screen = Screen(stack.enter_context(run_chromium(folder / "profile")))
        screen.emulate("Emulation.setScrollbarsHidden", hidden=True)
        show_sheet(screen, visit)
        save(screen, PICTURES / "contact-sheet.png")
        show_page(screen, visit)
        save(screen, PICTURES / "local-page.png")
    return 0


def show_sheet(screen: Screen, visit: Visit) -> None:
    """Show the first six cards of the contact sheet, in two rows."""
    screen.look(width=WIDTH)
    screen.driver.get((visit.output / "contact-sheet.html").as_uri())
    end = screen.js("return document.querySelector('article:nth-child(6)').getBoundingClientRect().bottom")
    screen.look(width=WIDTH, height=math.ceil(end) + 20)
    for number in range(1, 7):
        screen.wait_for_image(f"article:nth-child({number}) img")


def show_page(screen: Screen, visit: Visit) -> None:
    """Show a transformation in the page: the picture before and after, its URL, and its Python code."""
    assert visit.server is not None
    screen.look(width=WIDTH, height=PAGE_HEIGHT)
    screen.driver.get(f"{visit.server.page_url}#/transform{visit.path(SHOWN)}")
    steps = screen.one(".controls textarea")
    screen.wait_for_image("figure:nth-child(2) img")  # with the steps that the page suggests
    steps.clear()
    steps.send_keys(STEPS)
    screen.wait(lambda: any("360 × 360" in text for text in screen.texts("figcaption")), "the transformed picture")
    screen.wait_for_image("figure:nth-child(2) img")
    screen.js("document.activeElement.blur()")


def save(screen: Screen, file: Path) -> None:
    """Write a screenshot of the window, with a palette of 256 colours if it would be too large otherwise."""
    shown = base64.b64decode(screen.driver.get_screenshot_as_base64())
    image: pyvips.Image = pyvips.Image.new_from_buffer(shown, "")
    content: bytes = image.pngsave_buffer(compression=9)
    if len(content) > MOST_BYTES:
        content = image.pngsave_buffer(palette=True, Q=90, dither=0.5, effort=10, compression=9)
    if len(content) > MOST_BYTES:
        raise SystemExit(f"{file.name} has {len(content)} bytes; at most {MOST_BYTES} are allowed")
    file.write_bytes(content)
    print(f"{file.name}: {image.width} × {image.height}, {len(content) / 1000:.0f} kB")


if __name__ == "__main__":
    sys.exit(main())
