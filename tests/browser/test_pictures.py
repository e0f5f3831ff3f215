"""Image tags in Chromium: the candidate it loads, the space it reserves, and what it shows meanwhile."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
import pyvips
import requests

from imagekitio import ImageKit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.conftest import Page

IMG = "document.querySelector('img')"
LOADED = f"return {IMG}.complete && {IMG}.naturalWidth > 0"
RESPONSIVE = "<style>html {scrollbar-width: none} body {margin: 0} img {max-width: 100%; height: auto}</style>"


class Site:
    """A page with one picture, and a proxy for local ImageKit that can hold back responses.

    Attributes:
        ik: A client whose URLs lead to this site.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.gate = threading.Event()  # while it is closed, only placeholders are delivered
        self.gate.set()
        self._html = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._make_handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.ik = ImageKit("public_test", "private_test", f"{self.url}/{page.server.settings.imagekit_id}")

    def _make_handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/":
                    self._send(200, "text/html; charset=utf-8", site._html.encode())
                    return
                if ",bl-2" not in self.path:
                    site.gate.wait()
                answer = requests.get(site.page.server.url + self.path, timeout=60)
                self._send(answer.status_code, answer.headers["Content-Type"], answer.content)

            def _send(self, status: int, media_type: str, content: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(content)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        return Handler

    def close(self) -> None:
        self.gate.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def show(self, html: str, *, width: int = 800, density: float = 1) -> None:
        """Open a page on a screen with this width in CSS pixels and this many device pixels per CSS pixel."""
        self._html = f"<!doctype html><title>Pictures</title>{RESPONSIVE}{html}"
        self.resize(width, density)
        self.page.driver.get(f"{self.url}/")

    def resize(self, width: int, density: float = 1) -> None:
        self.page.emulate(
            "Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=density, mobile=False
        )

    def wait_for_img(self) -> None:
        self.page.wait(lambda: self.page.js(LOADED))

    def read_steps(self) -> str:
        """Return the steps of the candidate that the browser has chosen."""
        source = str(self.page.js(f"return {IMG}.currentSrc"))
        return source.partition("/tr:")[2].partition("/")[0]

    def measure_picture(self) -> tuple[float, float]:
        """Return the width and height of the picture on the page in CSS pixels."""
        found = self.page.js(f"const box = {IMG}.getBoundingClientRect(); return [box.width, box.height]")
        return found[0], found[1]

    def take_screenshot(self) -> Any:
        """Return a screenshot of the picture."""
        return pyvips.Image.new_from_buffer(self.page.driver.find_element("css selector", "img").screenshot_as_png, "")


@pytest.fixture
def site(page: Page) -> Iterator[Site]:
    opened = Site(page)
    yield opened
    page.driver.get("about:blank")
    opened.close()


def upload_halves(page: Page, name: str, width: int, height: int) -> None:
    """Store a picture whose left half is red and whose right half is blue."""
    half: Any = pyvips.Image.black(width // 2, height, bands=3)
    left, right = half.linear([1], [220, 30, 30]), half.linear([1], [30, 30, 220])
    image = left.join(right, "horizontal").cast("uchar").copy(interpretation="srgb")
    page.upload(name, bytes(image.pngsave_buffer()))


def read_details(page: Page, name: str) -> Any:
    (file,) = page.client.list_files(name=name)
    return file


@pytest.mark.parametrize(
    ("options", "width", "density", "expected"),
    [
        ({}, 400, 1, 640),
        ({}, 800, 1, 828),
        ({}, 1280, 1, 1920),
        ({}, 400, 2, 828),
        ({}, 400, 3, 1200),
        ({}, 1600, 2, 2400),  # the full width of the picture
        ({"sizes": "50vw"}, 400, 1, 384),
        ({"sizes": "(min-width: 700px) 300px, 100vw"}, 800, 1, 640),
        ({"sizes": "(min-width: 700px) 300px, 100vw"}, 500, 1, 640),
        ({"width": 300}, 800, 1, 384),
        ({"width": 300}, 800, 2, 640),
        ({"width": 300}, 1600, 1, 384),
    ],
)
def test_chromium_chooses_the_candidate_that_fits_the_screen(
    page: Page, site: Site, options: Any, width: int, density: float, expected: int
) -> None:
    page.upload_picture("photo.png", 2400, 1600)
    site.show(
        site.ik.img_tag(file=read_details(page, "photo.png"), alt="A photo", **options), width=width, density=density
    )
    site.wait_for_img()
    assert site.read_steps() == f"w-{expected},c-at_max"


def test_chromium_chooses_avif_if_it_is_offered_and_the_best_other_format_otherwise(page: Page, site: Site) -> None:
    page.upload_picture("photo.png", 600, 400)
    for formats, chosen in ((["avif", "webp"], ":f-avif"), (["webp"], ":f-webp"), ([], "")):
        site.show(site.ik.picture_tag(path="/photo.png", alt="A photo", width=300, formats=formats))
        site.wait_for_img()
        assert site.read_steps() == f"w-384,c-at_max{chosen}"
        served = requests.get(page.js(f"return {IMG}.currentSrc"), timeout=60).headers["Content-Type"]
        assert served == {":f-avif": "image/avif", ":f-webp": "image/webp", "": "image/png"}[chosen]


def test_a_narrow_screen_gets_its_own_crop_with_its_own_shape(page: Page, site: Site) -> None:
    page.upload_picture("photo.png", 1200, 600)
    square = {"media": "(max-width: 600px)", "transformation": [{"width": 600, "height": 600}]}
    tag = site.ik.picture_tag(file=read_details(page, "photo.png"), alt="A photo", sizes="100vw", sources=[square])
    site.show(tag, width=500)
    site.wait_for_img()
    assert site.read_steps() == "w-600,h-600:w-600,c-at_max:f-avif"
    assert site.measure_picture() == (500, 500)
    site.resize(1000)
    page.wait(lambda: site.read_steps() == "w-1080,c-at_max:f-avif")
    page.wait(lambda: page.js(LOADED))
    assert site.measure_picture() == (1000, 500)


@pytest.mark.parametrize("width", [400, None])
@pytest.mark.parametrize("transformation", [None, [{"width": 500, "height": 500}]])
@pytest.mark.parametrize("screen", [300, 800])
def test_a_picture_takes_the_same_space_before_and_after_it_is_loaded(
    page: Page, site: Site, width: int | None, transformation: Any, screen: int
) -> None:
    page.upload_picture("photo.png", 750, 500)
    tag = site.ik.img_tag(
        file=read_details(page, "photo.png"), alt="A photo", width=width, transformation=transformation
    )
    # Far below the screen, it is not loaded until the page is scrolled near it.
    site.show(f'<div style="height: 30000px"></div>{tag}', width=screen)
    assert not page.js(LOADED)
    before = site.measure_picture()
    page.js(f"{IMG}.scrollIntoView()")
    site.wait_for_img()
    shown = min(screen, width or (500 if transformation else 750))
    assert site.measure_picture() == pytest.approx(before, abs=0.5)
    assert before == pytest.approx((shown, shown if transformation else shown / 1.5), abs=0.5)


def test_a_blurred_version_is_shown_until_the_picture_is_loaded(page: Page, site: Site) -> None:
    upload_halves(page, "halves.png", 800, 400)
    site.gate.clear()
    site.show(site.ik.img_tag(file=read_details(page, "halves.png"), alt="", width=400, placeholder="blur"))
    page.wait(lambda: is_blurred(site))
    site.gate.set()
    page.wait(lambda: is_sharp(site))


def read_middle_row(site: Site) -> list[list[float]]:
    seen = site.take_screenshot()
    return [seen.getpoint(x, seen.height // 2)[:3] for x in range(0, seen.width, 10)]


def is_near(pixel: list[float], colour: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 25 for a, b in zip(pixel, colour, strict=True))


def describe_colours(site: Site) -> str:
    """Return the colours from left to right: red (r), blue (b), in between (+) or another (-)."""
    found = ""
    for pixel in read_middle_row(site):
        between = 25 < pixel[0] < 225 and 25 < pixel[2] < 225 and pixel[1] < 60
        found += "r" if is_near(pixel, (220, 30, 30)) else "b" if is_near(pixel, (30, 30, 220)) else "-+"[between]
    return found


def is_blurred(site: Site) -> bool:
    found = describe_colours(site)
    return found.startswith("r") and found.endswith("b") and found.count("+") >= 4 and "-" not in found


def is_sharp(site: Site) -> bool:
    return describe_colours(site) == "r" * 20 + "b" * 20


def test_a_placeholder_that_cannot_be_loaded_does_no_harm(page: Page, site: Site) -> None:
    upload_halves(page, "halves.png", 800, 400)
    fault = page.server.faults.add(status=503, path="*,bl-2*", times=None)
    site.show(site.ik.img_tag(path="/halves.png", alt="Two halves", width=400, height=200, placeholder="blur"))
    page.wait(lambda: is_sharp(site))
    assert fault.hits > 0


def test_a_picture_that_cannot_be_loaded_shows_its_alt_text(page: Page, site: Site) -> None:
    site.show(site.ik.img_tag(path="/missing.png", alt='Two "halves"', width=400, placeholder="blur"))
    page.wait(lambda: page.js(f"return {IMG}.complete"))
    assert page.driver.find_element("css selector", "img").accessible_name == 'Two "halves"'


@pytest.mark.parametrize("path", ["/a,", "/a b, c,", "/a,b.jpg", "/ä'\"<&.jpg"])
def test_chromium_reads_whole_urls_from_a_srcset(site: Site, path: str) -> None:
    for density, width in ((1, 384), (2, 640)):
        tag = site.ik.img_tag(path=path, alt="", width=300, placeholder="blur")
        site.show(tag, density=density)
        expected = site.ik.url(path=path, transformation=[{"width": width, "crop": "at_max"}])
        chosen = site.page.wait(lambda: site.page.js(f"return {IMG}.currentSrc"))
        assert chosen.replace("%2C", ",") == expected
        style = str(site.page.js(f"return getComputedStyle({IMG}).backgroundImage"))
        placeholder = site.ik.url(path=path, transformation=[{"width": 32, "crop": "at_max", "blur": 2}])
        assert style == f'url("{placeholder}")'
