"""The page and the API in a browser under other addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imagekitio.local import LocalImageKit

from .conftest import Page

if TYPE_CHECKING:
    from selenium import webdriver

_READ_HEADERS = """
const [url, done] = arguments;
fetch(url).then((answer) => done([answer.status, [...answer.headers.keys()]]), (error) => done([0, [`${error}`]]));
"""


def test_the_page_shows_pictures_whose_urls_start_with_another_endpoint(driver: webdriver.Chrome) -> None:
    addresses: dict[str, Any] = {
        "public_url": "https://images.example.test/ik",
        "url_endpoint": "https://cdn.example.test",
    }
    with LocalImageKit(**addresses) as server, server.client() as client:
        page = Page(driver, server, client)
        page.upload_picture("a.png")
        page.upload_picture("b.png", is_private_file=True)
        page.open()
        loaded = "return [...document.querySelectorAll('.grid img')].filter((it) => it.naturalWidth > 0).length"
        page.wait(lambda: page.js(loaded) == 2)


def test_a_page_of_another_origin_can_read_the_headers_of_responses(page: Page) -> None:
    page.upload_picture("a.png")
    page.driver.get(
        page.server.url.replace("127.0.0.1", "localhost") + "/openapi.json"
    )  # has no content security policy
    base, endpoint = page.server.url, page.server.url_endpoint
    answers: dict[str, Any] = {
        url: page.driver.execute_async_script(_READ_HEADERS, url)
        for url in (f"{base}/v1/files", f"{endpoint}/a.png?tr=w-9", f"{endpoint}/none.png")
    }
    assert [status for status, _ in answers.values()] == [401, 200, 404]
    assert all("x-ik-requestid" in names for _, names in answers.values())
    assert "etag" in answers[f"{endpoint}/a.png?tr=w-9"][1]
    assert "ik-error" in answers[f"{endpoint}/none.png"][1]
