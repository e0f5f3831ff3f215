"""Delivery as a part of the server: routes, errors and counting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.local.imgsrc.conftest import make_picture, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local.imgsrc.conftest import Api


def test_the_urls_in_responses_deliver_the_image(api: Api) -> None:
    uploaded = api.upload(make_picture(), "été 1.png")
    urls = [uploaded["url"], uploaded["url"].replace("/i/local/", "/local/"), uploaded["available_formats"]["png"]]
    for url in urls:
        response = api.session.get(url, timeout=60)
        assert (response.status_code, response.content) == (200, make_picture())
    response = api.session.get(uploaded["available_formats"]["webp"], timeout=60)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/webp")
    assert api.json("GET", "/api/v1/usage")["current_period"]["transformations"] == 1


def test_a_private_image_needs_its_signed_url_until_that_expires(api: Api) -> None:
    uploaded = api.upload(make_picture(), "a.png", visibility="private")
    error = api.json("GET", "/i/local/a.png", 403, key=None)["error"]
    assert (error["code"], error["path"]) == ("FORBIDDEN", "/i/local/a.png")
    body = {"expires_in_seconds": 60, "transformation": {"width": 2, "format": "jpeg"}}
    url = api.json("POST", f"/api/v1/images/{uploaded['id']}/signed-url", json=body)["signed_url"]
    response = api.session.get(url, timeout=60)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/jpeg")
    assert api.session.get(url.replace("w=2", "w=3"), timeout=60).status_code == 403
    api.settings.clock.advance(60)
    assert api.session.get(url, timeout=60).status_code == 403


def test_a_signed_url_does_not_deliver_another_image_at_its_path(api: Api) -> None:
    uploaded = api.upload(make_picture(1), "a.png", visibility="private")
    api.upload(make_picture(1), "b.png")
    url = api.json("POST", f"/api/v1/images/{uploaded['id']}/signed-url")["signed_url"]
    assert api.session.get(url, timeout=60).content == make_picture(1)
    api.upload(make_picture(2), "a.png", visibility="private")
    assert api.session.get(url, timeout=60).status_code == 403


@pytest.mark.parametrize("path", ["/i/local/missing.png", "/local/missing.png", "/i/other/a.png", "/i/local/"])
def test_missing_images_get_the_error_format_of_the_service(api: Api, path: str) -> None:
    response = api("GET", path, key=None)
    assert (response.status_code, response.json()["error"]["code"]) == (404, "NOT_FOUND")
    assert "X-RateLimit-Limit" not in response.headers
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_delivery_accepts_only_get_and_head(api: Api) -> None:
    response = api("POST", "/i/local/a.png")
    assert (response.status_code, response.json()["error"]["code"]) == (405, "METHOD_NOT_ALLOWED")


def test_delivered_bytes_are_counted_and_can_be_limited(tmp_path: Path) -> None:
    with run(tmp_path, max_bandwidth_per_month=150) as api:
        api.upload(make_picture(), "a.png")
        for _ in range(2):  # both requests begin below the limit
            assert api("GET", "/i/local/a.png", key=None).status_code == 200
        assert api.json("GET", "/api/v1/usage")["current_period"]["bandwidth_bytes"] == 2 * len(make_picture())
        response = api("GET", "/i/local/a.png", key=None)
        assert (response.status_code, response.json()["error"]["code"]) == (429, "RATE_LIMITED")
        assert "150 bytes delivered a month" in response.json()["error"]["message"]
