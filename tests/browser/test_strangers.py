"""Hostile input cannot act as the page: names, metadata, addresses, HTML and SVG."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import requests

from imagekitio.local import LocalImageKit

if TYPE_CHECKING:
    from tests.browser.conftest import Page

HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>\'"&lt;'
RUN = "document.title = 'hacked'; fetch('/').then((r) => r.text()).then((t) => document.title = 'hacked ' + t.length)"
SVG, XHTML = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml"
DOCUMENTS = {
    "evil.html": f'<!doctype html><title>quiet</title><body onload="{RUN}"><script>{RUN}</script>',
    "evil.svg": f'<svg xmlns="{SVG}" onload="{RUN}"><title>quiet</title><script>{RUN}</script></svg>',
    "evil.xml": f'<html xmlns="{XHTML}"><head><title>quiet</title><script>{RUN}</script></head></html>',
}
MIME = {"evil.html": "text/html", "evil.svg": "image/svg+xml", "evil.xml": "application/xhtml+xml"}


def is_unharmed(page: Page) -> bool:
    return bool(page.js("return window.hacked === undefined && !document.querySelector('[src=x], main script')"))


def test_hostile_metadata_is_shown_as_text(page: Page) -> None:
    page.upload_picture("a.png", tags=[HOSTILE], description=HOSTILE)
    page.open()
    page.tile("a.png").click()
    page.wait(lambda: page.one(".details dl").text.count('<img src=x onerror="window.hacked=1">') >= 2)
    assert is_unharmed(page)


def test_a_hostile_file_name_is_shown_as_text_while_it_is_uploaded(page: Page) -> None:
    page.open()
    page.one(".empty")
    page.drop(HOSTILE + ".txt", "content")
    page.wait(lambda: page.list_names())
    assert HOSTILE in page.one("#uploads").text
    assert is_unharmed(page)


@pytest.mark.parametrize("hash_", ["#/files/", "#/search/", "#/transform/"])
def test_a_hostile_address_is_shown_as_text(page: Page, hash_: str) -> None:
    page.open(hash_ + quote(HOSTILE, safe=""))
    page.one(".empty, [role=alert]")
    assert is_unharmed(page)


def test_hostile_requests_are_shown_as_text(page: Page) -> None:
    requests.get(f"{page.server.url_endpoint}/{HOSTILE}", params={"tr": HOSTILE}, timeout=30)
    page.open("#/requests")
    page.wait(lambda: '<img src=x onerror="window.hacked=1">' in page.one("table").text)
    assert is_unharmed(page)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_script_in_a_document_would_run_elsewhere(page: Page, name: str) -> None:
    """Prove that the next test can fail."""
    content = base64.b64encode(DOCUMENTS[name].encode()).decode()
    page.driver.get(f"data:{MIME[name]};base64,{content}")
    page.wait(lambda: page.driver.title.startswith("hacked"))
    page.console()  # drops the message about its refused request


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_script_in_a_delivered_document_does_not_run(page: Page, name: str) -> None:
    page.upload(name, DOCUMENTS[name].encode())
    page.driver.get(f"{page.server.url_endpoint}/{name}")
    page.wait(lambda: "svg" in page.driver.page_source or "html" in page.driver.page_source)
    page.wait(lambda: any("sandboxed" in message for message in page.console()), "the browser to say what it blocked")
    assert page.driver.title == "quiet"


def test_a_hostile_svg_does_not_run_in_the_page(page: Page) -> None:
    page.upload("evil.svg", DOCUMENTS["evil.svg"].encode())
    page.open()
    page.tile("evil.svg").click()
    page.wait(lambda: page.js("return document.querySelector('.details .stage img')?.complete"))
    page.press("t")
    page.wait(lambda: page.all("figure img"))
    assert page.driver.title == "Local ImageKit"
    assert page.js("return [...document.images].every((image) => !image.src.startsWith('blob:'))")


def test_only_the_pages_own_scripts_and_styles_are_loaded(page: Page) -> None:
    page.upload("evil.js", b"window.hacked = 1")
    page.upload("evil.css", b"body { display: none }")
    page.open()
    page.tile("evil.js")
    page.js(
        "for (const [tag, attributes] of [['script', {src: '/local/evil.js'}], ['script', {textContent: 'hacked = 1'}],"
        " ['link', {rel: 'stylesheet', href: '/local/evil.css'}], ['iframe', {src: '/'}]]) {"
        "  try { document.head.append(Object.assign(document.createElement(tag), attributes)); } catch (e) {"
        "    if (!(e instanceof TypeError)) throw e; } }"
    )
    with pytest.raises(Exception, match="TrustedHTML"):
        page.js("document.body.innerHTML = 'x'")
    assert is_unharmed(page)
    assert page.js("return getComputedStyle(document.body).display") != "none"
    page.wait(lambda: any("Content Security Policy" in message for message in page.console()))


def test_another_origin_cannot_drive_the_page(page: Page) -> None:
    page.upload("a.txt")
    with LocalImageKit() as other:  # another port is another origin, just like another site
        page.driver.get(f"{other.url}/_local/health")
        answers = page.driver.execute_async_script(
            "const [base, done] = arguments;"
            "const ask = (path, options) => fetch(base + path, options).then((r) => r.text(), () => 'blocked');"
            "Promise.all([ask('/'), ask('/_local/page/requests'),"
            " ask('/_local/page/api/v1/files', {headers: {'X-Local-Page': 'guess'}}),"
            " ask('/_local/page/link', {method: 'POST', body: '{}'})]).then(done)",
            page.server.url,
        )
    assert answers == ["blocked"] * 4
    page.console()
    assert len(list(page.client.list_files())) == 1
