"""Uploads from the browser during an outage: the visitor is told what happened, and trying again works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.http import HttpResponse
from selenium.webdriver.common.keys import Keys

from imagekitio import APIConnectionError
from imagekitio.contrib.django.middleware import ImageKitErrorMiddleware
from tests.contrib.django.urls import PhotoTokenView

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from imagekitio.local import LocalImageKit

    from .conftest import Page

FAILED = "The upload failed. Please try again."


def try_again(page: Page) -> None:
    page.one("[data-state=failed] button:not([hidden])").click()
    page.wait_for_rows(1)


def send_form(page: Page) -> None:
    page.one("[name=title]").send_keys("red", Keys.ENTER)


@pytest.mark.parametrize(
    "fault",
    [{"reset": True}, {"truncate": True}, {"status": 200, "body": {"fileId": "a"}, "truncate": True}, {"status": 500}],
    ids=["reset", "half an answer", "half a false answer", "500"],
)
def test_a_service_that_breaks_down_is_tried_again(page: Page, account: LocalImageKit, fault: dict[str, Any]) -> None:
    # Chromium itself repeats what was lost on a connection that had been used before.
    account.faults.add(operation="upload_file_v2_client_side", times=None, **fault)
    page.open("/photos/").choose(page.make_file("a.png"))
    assert FAILED in page.wait_for_rows(1, "failed")[0].text
    account.faults.clear()
    try_again(page)
    send_form(page)
    assert len(page.read_answer()["photos"]) == 1


def test_a_browser_that_is_offline_tries_again(page: Page) -> None:
    page.open("/photos/")
    with page.limit_connection(offline=True):
        page.choose(page.make_file("a.png"))
        assert FAILED in page.wait_for_rows(1, "failed")[0].text
    try_again(page)


def answer_as_the_middleware(_: object, request: HttpRequest) -> HttpResponse | None:
    middleware = ImageKitErrorMiddleware(lambda _: HttpResponse())
    return middleware.process_exception(request, APIConnectionError("a secret"))


def answer_as_a_proxy(_: object, request: HttpRequest) -> HttpResponse:
    return HttpResponse("<h1>502 Bad Gateway: a secret</h1>", status=502)


@pytest.mark.parametrize(
    ("post", "message"),
    [(answer_as_the_middleware, "The image service is not available."), (answer_as_a_proxy, FAILED)],
    ids=["JSON", "HTML"],
)
def test_a_token_view_that_answers_502_is_tried_again(
    page: Page, monkeypatch: pytest.MonkeyPatch, post: Callable[..., Any], message: str
) -> None:
    page.open("/photos/")
    with monkeypatch.context() as broken:
        broken.setattr(PhotoTokenView, "post", post)
        page.choose(page.make_file("a.png"))
        text = page.wait_for_rows(1, "failed")[0].text
    assert message in text
    assert "secret" not in text
    try_again(page)


def test_a_file_that_fails_does_not_stop_the_other(page: Page, account: LocalImageKit) -> None:
    account.faults.add(operation="upload_file_v2_client_side", status=500)
    page.open("/photos/").choose(page.make_file("a.png"), page.make_file("b.png"))
    page.wait_for_rows(1)
    page.wait_for_rows(1, "failed")
    send_form(page)
    page.wait_for_text("Please remove the files that failed, or try again.")
    page.one("[data-state=failed] button[aria-label^=Remove]").click()
    send_form(page)
    assert len(page.read_answer()["photos"]) == 1
    assert len(account.client().list_files()) == 1
