"""How an account affects delivery: presets, defaults, private images and quotas."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from imagekitio.local.rendering import Rendered, render
from tests.local.imgsrc.delivery.conftest import GREEN, RED, count_transformations, decode, get, read_error, read_size

if TYPE_CHECKING:
    from tests.local.imgsrc.conftest import Api


def make_preset(site: Api, name: str, **params: Any) -> None:
    site.json("POST", "/api/v1/settings/presets", 201, json={"name": name, "params": params})


def sign(site: Api, file_name: str, **options: Any) -> str:
    """Return the path and query of a signed URL of the image with this file name."""
    found = site.json("GET", "/api/v1/images/search", params={"q": file_name})["results"]
    answer = site.json("POST", f"/api/v1/images/{found[0]['id']}/signed-url", json=options)
    url = urlsplit(answer["signed_url"])
    return f"{url.path}?{url.query}"


# Presets


def test_parameters_of_the_url_override_those_of_a_preset(site: Api) -> None:
    make_preset(site, "thumb", w=20, h=40, fit="cover", crop="right", q=None, comment="kept")
    assert read_size(get(site, "trips/oslo.png?p:thumb")) == (20, 40)
    assert decode(get(site, "trips/oslo.png?p:thumb"))(0, 0) == pytest.approx(GREEN)
    assert read_size(get(site, "trips/oslo.webp?p%3Athumb&w=30&h=50")) == (30, 50)
    assert decode(get(site, "trips/oslo.png?p:thumb&crop=left"))(19, 0) == pytest.approx(RED)
    make_preset(site, "grey", grayscale=True, w=30)
    both = decode(get(site, "trips/oslo.png?p:thumb&p:grey"))
    assert (both.width, both.height) == (30, 40)
    assert both(0, 0)[0] == both(0, 0)[1]
    presets = {each["name"]: each["usage_count"] for each in site.json("GET", "/api/v1/settings/presets")["presets"]}
    assert presets == {"thumb": 5, "grey": 1}


def test_the_format_of_a_preset_applies_if_the_extension_is_the_uploaded_one(site: Api, quarters: bytes) -> None:
    make_preset(site, "modern", format="webp")
    assert get(site, "trips/oslo.png?p:modern").headers["content-type"] == "image/webp"
    assert get(site, "trips/oslo.jpg?p:modern").headers["content-type"] == "image/jpeg"
    make_preset(site, "same", format="png")
    assert get(site, "trips/oslo.png?p:same").content == quarters


def test_changing_or_deleting_a_preset_changes_what_is_delivered(site: Api) -> None:
    make_preset(site, "thumb", w=20)
    first = get(site, "trips/oslo.png?p:thumb")
    preset_id = site.json("GET", "/api/v1/settings/presets")["presets"][0]["id"]
    site.json("PUT", f"/api/v1/settings/presets/{preset_id}", json={"params": {"w": 40}})
    assert read_size(get(site, "trips/oslo.png?p:thumb", if_none_match=first.headers["etag"])) == (40, 27)
    site.json("DELETE", "/api/v1/settings/presets/thumb")
    assert read_error(get(site, "trips/oslo.png?p:thumb"))[:2] == (400, "VALIDATION_ERROR")


def test_a_percent_encoded_preset_key_with_an_equals_sign_is_refused(site: Api) -> None:
    make_preset(site, "thumb", w=20)
    assert "a preset is a key without '='" in read_error(get(site, "trips/oslo.png?p%3Athumb="))[2]


# Defaults of the account


def test_the_account_provides_defaults_for_missing_parameters(site: Api) -> None:
    site.json("PUT", "/api/v1/settings", json={"default_fit_mode": "cover", "default_max_width": 60})
    assert read_size(get(site, "trips/oslo.webp?w=30&h=30")) == (30, 30)
    assert read_size(get(site, "trips/oslo.webp?w=30&h=30&fit=contain")) == (30, 20)
    assert read_size(get(site, "trips/oslo.webp")) == (60, 40)
    assert read_size(get(site, "trips/oslo.webp?w=90")) == (90, 60)
    assert read_size(get(site, "trips/oslo.png")) == (120, 80)  # the uploaded bytes


# Private images and signed URLs


def test_a_signed_url_delivers_a_private_image_until_it_expires(site: Api) -> None:
    target = sign(site, "secret.png", expires_in_seconds=60)
    answer = get(site, target)
    assert read_size(answer) == (120, 80)
    assert answer.headers["cache-control"] == "private"
    assert get(site, target, if_none_match=answer.headers["etag"]).status_code == 304
    site.settings.clock.advance(59)
    assert get(site, target).status_code == 200
    site.settings.clock.advance(1)
    assert read_error(get(site, target)) == (403, "FORBIDDEN", "This signed URL has expired")


def test_the_signature_covers_the_transformation(site: Api) -> None:
    transformation = {"width": 60, "fit": "scale-down", "quality": 30, "format": "webp"}
    target = sign(site, "secret.png", transformation=transformation)
    answer = get(site, target)
    assert answer.headers["content-type"] == "image/webp"
    assert read_size(answer) == (60, 40)
    assert get(site, target.replace("/i/", "/")).status_code == 200
    for change in (("w=60", "w=61"), (".webp", ".png"), ("fit=scale-down&", ""), ("?", "?h=9&"), ("sig=", "sig=0")):
        assert read_error(get(site, target.replace(*change)))[0] == 403, change


def test_signed_urls_work_for_public_images_too(site: Api) -> None:
    target = sign(site, "oslo.png", expires_in_seconds=60)
    answer = get(site, target)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private")
    site.settings.clock.advance(60)
    assert read_error(get(site, target))[0] == 403
    assert get(site, "trips/oslo.png").status_code == 200


def test_an_image_that_becomes_private_is_no_longer_delivered(site: Api) -> None:
    etag = get(site, "trips/oslo.png").headers["etag"]
    found = site.json("GET", "/api/v1/images/search", params={"q": "oslo"})["results"][0]
    site.json("PATCH", f"/api/v1/images/{found['id']}/visibility", json={"visibility": "private"})
    assert get(site, "trips/oslo.png", if_none_match=etag).status_code == 403
    assert get(site, "trips/oslo.webp?w=60").status_code == 403


# Counting


def test_a_rendition_is_counted_once_a_month(site: Api) -> None:
    for target in ("trips/oslo.png", "trips/oslo.png?v=1"):
        get(site, target)
    assert count_transformations(site) == 0
    for target in ("trips/oslo.webp", "trips/oslo.png?w=60", "trips/oslo.png?w=60&v=1", "trips/oslo.webp"):
        get(site, target)
    get(site, "trips/oslo.png?w=60", "HEAD")
    get(site, "trips/oslo.png?w=60", range="bytes=0-1")
    assert count_transformations(site) == 2
    site.settings.clock.freeze(datetime(2025, 2, 1, tzinfo=timezone.utc))
    get(site, "trips/oslo.png?w=60")
    assert count_transformations(site) == 1


def test_a_conditional_request_is_not_counted(site: Api) -> None:
    etag = get(site, "trips/oslo.png?w=60").headers["etag"]
    site.settings.clock.freeze(datetime(2025, 2, 1, tzinfo=timezone.utc))
    assert get(site, "trips/oslo.png?w=60", if_none_match=etag).status_code == 304
    assert count_transformations(site) == 0


def test_simultaneous_requests_share_one_rendering(site: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    asked = threading.Barrier(2, timeout=60)

    def count_calls(*args: Any, **options: Any) -> Rendered:
        rendered.append(threading.current_thread().name)
        asked.wait()
        return render(*args, **options)

    monkeypatch.setattr("imagekitio.local.delivery.renditions.render", count_calls)
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(get, site, "trips/oslo.webp?w=77") for _ in range(8)]
        asked.wait()
        bodies = {answer.result(60).content for answer in answers}
    assert len(bodies) == 1
    assert len(rendered) == 1
    assert count_transformations(site) == 1
