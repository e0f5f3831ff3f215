"""Delivery over a socket: one local img-src for all tests, emptied for each."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import pyvips

from imagekitio.local.rendering import Rendered, render

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

Site = Any  # what the fixture `api` gives, see the conftest above
RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)


@pytest.fixture(scope="module")
def quarters(picture: Callable[[int, int], pyvips.Image]) -> bytes:
    return picture(120, 80).pngsave_buffer()


@pytest.fixture
def site(api: Site, quarters: bytes) -> Site:
    """The local img-src with two images, one of them private."""
    api.upload(quarters, "oslo.png", target_path="trips/oslo.png")
    api.upload(quarters[:-12] + b"\0" * 60 + quarters[-12:], "secret.png", visibility="private")
    return api


def get(site: Site, target: str, method: str = "GET", **headers: str) -> requests.Response:
    """Ask for what follows the user name in a delivery URL; nobody needs a key for that."""
    url = target if target.startswith("/") else f"/i/local/{target}"
    names = {name.replace("_", "-"): text for name, text in headers.items()}
    response: requests.Response = site(method, url, key=None, headers=names)
    return response


def image(response: requests.Response) -> pyvips.Image:
    assert response.status_code == 200, response.text
    return pyvips.Image.new_from_buffer(response.content, "")


def size(response: requests.Response) -> tuple[int, int]:
    decoded = image(response)
    return decoded.width, decoded.height


def error(response: requests.Response) -> tuple[int, str, str]:
    """Status, code and message; the rest of the body of an error is checked here."""
    body = response.json()["error"]
    assert body.keys() == {"code", "message", "status", "path"}
    assert body["status"] == response.status_code
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["access-control-allow-origin"] == "*"
    return body["status"], body["code"], body["message"]


def usage(site: Site) -> int:
    """Transformations of this month."""
    return int(site.json("GET", "/api/v1/usage")["current_period"]["transformations"])


def make_preset(site: Site, name: str, **params: Any) -> None:
    site.json("POST", "/api/v1/settings/presets", 201, json={"name": name, "params": params})


def sign(site: Site, file_name: str, **options: Any) -> str:
    """A signed URL of the image with this file name, as path and query."""
    found = site.json("GET", "/api/v1/images/search", params={"q": file_name})["results"]
    answer = site.json("POST", f"/api/v1/images/{found[0]['id']}/signed-url", json=options)
    url = urlsplit(answer["signed_url"])
    return f"{url.path}?{url.query}"


@pytest.mark.parametrize("prefix", ["/i/local/", "/local/"])
def test_the_uploaded_extension_gives_the_uploaded_bytes(site: Site, quarters: bytes, prefix: str) -> None:
    answer = get(site, f"{prefix}trips/oslo.png", accept="image/webp")
    assert (answer.status_code, answer.content) == (200, quarters)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "public, max-age=2592000"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "vary" not in answer.headers
    assert usage(site) == 0


@pytest.mark.parametrize(
    ("extension", "media_type", "loader"),
    [
        ("webp", "image/webp", "webpload_buffer"),
        ("avif", "image/avif", "heifload_buffer"),
        ("jpg", "image/jpeg", "jpegload_buffer"),
        ("jpeg", "image/jpeg", "jpegload_buffer"),
        ("WEBP", "image/webp", "webpload_buffer"),
    ],
)
def test_another_extension_converts(site: Site, extension: str, media_type: str, loader: str) -> None:
    for query, expected in (("", (120, 80)), ("?w=60", (60, 40))):
        answer = get(site, f"trips/oslo.{extension}{query}")
        assert answer.headers["content-type"] == media_type
        assert size(answer) == expected
        assert image(answer).get("vips-loader") == loader


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("w=60", (60, 40)),
        ("h=40&fit=cover&w=20&crop=left", (20, 40)),
        ("w=60&aspect=16%3A9", (60, 34)),
        ("w=60&aspect=16:9", (60, 34)),
        ("w=60&dpr=1.5", (90, 60)),
        ("rotate=90", (80, 120)),
        ("w=600&fit=scale-down", (120, 80)),
        ("w=60&unknown=1&width=3", (60, 40)),
        ("q=20", (120, 80)),
    ],
)
def test_parameters_change_the_picture(site: Site, query: str, expected: tuple[int, int]) -> None:
    answer = get(site, f"trips/oslo.png?{query}")
    assert answer.headers["content-type"] == "image/png"
    assert size(answer) == expected


def test_unknown_parameters_alone_leave_the_original_as_it_is(site: Site, quarters: bytes) -> None:
    assert get(site, "trips/oslo.png?v=2&width=60&W=60").content == quarters


def test_the_extension_need_not_be_that_of_the_bytes(site: Site, quarters: bytes) -> None:
    jpeg = pyvips.Image.new_from_buffer(quarters, "").jpegsave_buffer()
    site.upload(jpeg, "wrong.webp")
    site.upload(jpeg + b"\0", "archive.tar.jpg")
    site.upload(jpeg + b"\0\0", "none", target_path="bare/none.jpg")
    assert get(site, "wrong.webp").content == jpeg
    assert get(site, "wrong.webp").headers["content-type"] == "image/jpeg"
    assert get(site, "wrong.webp?w=60").headers["content-type"] == "image/jpeg"
    assert get(site, "wrong.jpeg").content == jpeg
    assert get(site, "wrong.png").headers["content-type"] == "image/png"
    assert get(site, "archive.tar.webp").headers["content-type"] == "image/webp"
    assert get(site, "archive.webp").status_code == 404


def test_paths_are_decoded_once(site: Site, quarters: bytes) -> None:
    site.upload(quarters + b"\0", "x.png", target_path="é à/100%25+1?.png")
    assert get(site, "%C3%A9%20%C3%A0/100%2525+1%3F.png").status_code == 200
    assert get(site, "%C3%A9%20%C3%A0/100%25+1%3F.png").status_code == 404
    assert get(site, "%C3%A9%20%C3%A0/100%2525+1%3F.webp?w=9").headers["content-type"] == "image/webp"


@pytest.mark.parametrize(
    ("target", "status", "code", "message"),
    [
        ("none.png", 404, "NOT_FOUND", "Image not found"),
        ("", 404, "NOT_FOUND", "Image not found"),
        ("trips/", 404, "NOT_FOUND", "Image not found"),
        ("trips%2F..%2Ftrips%2Foslo.png", 404, "NOT_FOUND", "Image not found"),
        ("%00", 404, "NOT_FOUND", "Image not found"),
        ("trips/oslo.gif", 404, "NOT_FOUND", "Image not found: there is none at trips/oslo.gif"),
        ("/i/bob/trips/oslo.png", 404, "NOT_FOUND", "User not found"),
        ("%FF.png", 400, "VALIDATION_ERROR", "path and query must be percent-encoded UTF-8"),
        ("trips/oslo.png?w=0", 400, "VALIDATION_ERROR", "w must be a whole number from 1 to 10000 (got '0')"),
        ("trips/oslo.png?w=10001", 400, "VALIDATION_ERROR", "w must be a whole number"),
        ("trips/oslo.png?w=", 400, "VALIDATION_ERROR", "w must be a whole number"),
        ("trips/oslo.png?fit=squeeze", 400, "VALIDATION_ERROR", "fit must be cover, contain, fill or scale-down"),
        ("trips/oslo.png?dpr=4", 400, "VALIDATION_ERROR", "dpr must be 1, 1.5, 2 or 3"),
        ("trips/oslo.png?rotate=45", 400, "VALIDATION_ERROR", "rotate must be 0, 90, 180, 270 or auto"),
        ("trips/oslo.png?blur=nan", 400, "VALIDATION_ERROR", "blur must be a number from 0 to 100"),
        ("trips/oslo.png?p:none", 400, "VALIDATION_ERROR", "There is no preset named none"),
        ("trips/oslo.png?p:no%20ne", 400, "VALIDATION_ERROR", "the name of a preset must have"),
        ("trips/oslo.png?w=10000&h=10000&fit=fill&dpr=3", 400, "VALIDATION_ERROR", "pictures must have at most"),
        ("trips/oslo.jxl", 501, "NOT_IMPLEMENTED", "JPEG XL (jxl) needs an encoder"),
        ("trips/oslo.jxl?w=60", 501, "NOT_IMPLEMENTED", "JPEG XL (jxl) needs an encoder"),
        ("secret.png", 403, "FORBIDDEN", "This image is private"),
        ("secret.png?w=0", 403, "FORBIDDEN", "This image is private"),
        ("secret.png?exp=99999999999&sig=00", 403, "FORBIDDEN", "The signature of this URL is not valid"),
        ("trips/oslo.png?exp=99999999999&sig=00", 403, "FORBIDDEN", "The signature of this URL is not valid"),
    ],
)
def test_errors_say_what_is_wrong(site: Site, target: str, status: int, code: str, message: str) -> None:
    found_status, found_code, found_message = error(get(site, target))
    assert (found_status, found_code) == (status, code)
    assert found_message.startswith(message)
    assert usage(site) == 0


def test_bytes_that_are_no_picture_cannot_be_transformed(site: Site, quarters: bytes) -> None:
    broken = quarters[:300] + bytes(100) + quarters[400:] if len(quarters) > 500 else quarters[:80] + bytes(100)
    site.upload(broken, "broken.png")
    assert get(site, "broken.png").content == broken
    assert error(get(site, "broken.png?w=5"))[0] == 415
    assert usage(site) == 0


def test_other_methods_are_refused(site: Site) -> None:
    answer = get(site, "trips/oslo.png", "DELETE")
    assert error(answer)[:2] == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    preflight = get(site, "trips/oslo.png", "OPTIONS", origin="https://example.test")
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


def test_head_gives_the_headers_alone(site: Site) -> None:
    for target in ("trips/oslo.png", "trips/oslo.webp?w=60"):
        head, whole = get(site, target, "HEAD"), get(site, target)
        assert head.content == b""
        for name in ("content-length", "content-type", "etag", "cache-control"):
            assert head.headers[name] == whole.headers[name]


def test_an_etag_names_the_bytes(site: Site) -> None:
    targets = ["trips/oslo.png", "trips/oslo.png?w=60", "trips/oslo.webp?w=60", "trips/oslo.webp?w=60&q=20"]
    etags = [get(site, target).headers["etag"] for target in targets]
    assert len({*etags}) == len(etags)
    for target, etag in zip(targets, etags, strict=True):
        again = get(site, target, if_none_match=f'"x", W/{etag}')
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
        assert get(site, target, if_none_match='"x"').status_code == 200
    assert get(site, "trips/oslo.png?w=60&v=1").headers["etag"] == etags[1]
    site.json("PUT", "/api/v1/settings", json={"default_quality": 20})
    assert get(site, "trips/oslo.webp?w=60").headers["etag"] == etags[3]
    assert get(site, "trips/oslo.webp?w=60", if_none_match=etags[2]).status_code == 200


def test_ranges_of_originals_and_of_renditions(site: Site, quarters: bytes) -> None:
    part = get(site, "trips/oslo.png", range="bytes=10-19")
    assert (part.status_code, part.content) == (206, quarters[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(quarters)}"
    whole = get(site, "trips/oslo.webp?w=60").content
    assert get(site, "trips/oslo.webp?w=60", range="bytes=-5").content == whole[-5:]
    beyond = get(site, "trips/oslo.png", range="bytes=99999-")
    assert error(beyond)[:2] == (416, "RANGE_NOT_SATISFIABLE")
    assert beyond.headers["content-range"] == f"bytes */{len(quarters)}"


def test_a_format_that_nobody_writes_becomes_png_or_jpeg(site: Site, quarters: bytes) -> None:
    site.upload(b"P6 9 6 255 " + bytes([200, 30, 30] * 54), "plain.ppm")
    original = get(site, "plain.ppm")
    assert original.headers["content-type"] == "image/x-portable-anymap"
    assert get(site, "plain.ppm?w=3").headers["content-type"] == "image/jpeg"
    assert size(get(site, "plain.webp?w=3")) == (3, 2)
    site.upload(pyvips.Image.new_from_buffer(quarters, "").tiffsave_buffer(), "scan.tif")
    assert get(site, "scan.tif?w=60").headers["content-type"] == "image/tiff"


def test_an_svg_is_drawn_when_it_is_transformed(site: Site) -> None:
    red = b'<rect width="40" height="20" fill="red"/>'
    shape = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">' + red + b"</svg>"
    site.upload(shape, "logo.svg")
    original = get(site, "logo.svg")
    assert (original.content, original.headers["content-type"]) == (shape, "image/svg+xml")
    assert original.headers["content-security-policy"] == "sandbox"
    for target, media_type in (("logo.svg?w=80", "image/png"), ("logo.webp?w=80", "image/webp")):
        drawn = get(site, target)
        assert drawn.headers["content-type"] == media_type
        assert size(drawn) == (80, 40)
        assert "content-security-policy" not in drawn.headers


def test_what_is_transparent_becomes_white_in_a_jpeg(site: Site) -> None:
    site.upload(pyvips.Image.black(60, 60, bands=4).copy(interpretation="srgb").pngsave_buffer(), "clear.png")
    assert image(get(site, "clear.jpg"))(5, 5) == pytest.approx([255, 255, 255], abs=2)


def test_an_animation_says_when_it_stands_still(site: Site, quarters: bytes) -> None:
    frames = [pyvips.Image.new_from_buffer(quarters, "") + shade for shade in (0, 40)]
    strip = pyvips.Image.arrayjoin(frames, across=1).cast("uchar").copy(interpretation="srgb")
    strip.set_type(pyvips.GValue.gint_type, "page-height", 80)
    site.upload(strip.gifsave_buffer(), "moving.gif")
    assert image(get(site, "moving.gif?w=60")).get("n-pages") == 2
    assert image(get(site, "moving.webp?w=60")).get("n-pages") == 2
    still = get(site, "moving.avif?w=60")
    assert size(still) == (60, 40)
    assert "the first frame of the animation" in still.headers["x-warning"]


# Presets


def test_a_preset_stands_for_its_parameters_and_those_of_the_url_win(site: Site) -> None:
    make_preset(site, "thumb", w=20, h=40, fit="cover", crop="right", q=None, comment="kept")
    assert size(get(site, "trips/oslo.png?p:thumb")) == (20, 40)
    assert image(get(site, "trips/oslo.png?p:thumb"))(0, 0) == pytest.approx(GREEN)
    assert size(get(site, "trips/oslo.webp?p%3Athumb&w=30&h=50")) == (30, 50)
    assert image(get(site, "trips/oslo.png?p:thumb&crop=left"))(19, 0) == pytest.approx(RED)
    make_preset(site, "grey", grayscale=True, w=30)
    both = image(get(site, "trips/oslo.png?p:thumb&p:grey"))
    assert (both.width, both.height) == (30, 40)
    assert both(0, 0)[0] == both(0, 0)[1]
    presets = {each["name"]: each["usage_count"] for each in site.json("GET", "/api/v1/settings/presets")["presets"]}
    assert presets == {"thumb": 5, "grey": 1}


def test_the_format_of_a_preset_counts_where_the_extension_is_the_uploaded_one(site: Site, quarters: bytes) -> None:
    make_preset(site, "modern", format="webp")
    assert get(site, "trips/oslo.png?p:modern").headers["content-type"] == "image/webp"
    assert get(site, "trips/oslo.jpg?p:modern").headers["content-type"] == "image/jpeg"
    make_preset(site, "same", format="png")
    assert get(site, "trips/oslo.png?p:same").content == quarters


def test_a_preset_that_changes_or_goes_changes_what_is_delivered(site: Site) -> None:
    make_preset(site, "thumb", w=20)
    first = get(site, "trips/oslo.png?p:thumb")
    preset_id = site.json("GET", "/api/v1/settings/presets")["presets"][0]["id"]
    site.json("PUT", f"/api/v1/settings/presets/{preset_id}", json={"params": {"w": 40}})
    assert size(get(site, "trips/oslo.png?p:thumb", if_none_match=first.headers["etag"])) == (40, 27)
    site.json("DELETE", "/api/v1/settings/presets/thumb")
    assert error(get(site, "trips/oslo.png?p:thumb"))[:2] == (400, "VALIDATION_ERROR")


def test_a_preset_as_general_encoders_write_it_is_refused(site: Site) -> None:
    make_preset(site, "thumb", w=20)
    assert "a preset is a key without '='" in error(get(site, "trips/oslo.png?p%3Athumb="))[2]


# Defaults of the account


def test_the_account_fills_in_what_the_url_leaves_open(site: Site) -> None:
    site.json("PUT", "/api/v1/settings", json={"default_fit_mode": "cover", "default_max_width": 60})
    assert size(get(site, "trips/oslo.webp?w=30&h=30")) == (30, 30)
    assert size(get(site, "trips/oslo.webp?w=30&h=30&fit=contain")) == (30, 20)
    assert size(get(site, "trips/oslo.webp")) == (60, 40)
    assert size(get(site, "trips/oslo.webp?w=90")) == (90, 60)
    assert size(get(site, "trips/oslo.png")) == (120, 80)  # the uploaded bytes


# Private images and signed URLs


def test_a_signed_url_shows_a_private_image_until_it_expires(site: Site) -> None:
    target = sign(site, "secret.png", expires_in_seconds=60)
    answer = get(site, target)
    assert size(answer) == (120, 80)
    assert answer.headers["cache-control"] == "private"
    assert get(site, target, if_none_match=answer.headers["etag"]).status_code == 304
    site.settings.clock.advance(59)
    assert get(site, target).status_code == 200
    site.settings.clock.advance(1)
    assert error(get(site, target)) == (403, "FORBIDDEN", "This signed URL has expired")


def test_a_signed_transformation_is_signed_too(site: Site) -> None:
    transformation = {"width": 60, "fit": "scale-down", "quality": 30, "format": "webp"}
    target = sign(site, "secret.png", transformation=transformation)
    answer = get(site, target)
    assert answer.headers["content-type"] == "image/webp"
    assert size(answer) == (60, 40)
    assert get(site, target.replace("/i/", "/")).status_code == 200
    for change in (("w=60", "w=61"), (".webp", ".png"), ("fit=scale-down&", ""), ("?", "?h=9&"), ("sig=", "sig=0")):
        assert error(get(site, target.replace(*change)))[0] == 403, change


def test_signed_urls_work_for_public_images_too(site: Site) -> None:
    target = sign(site, "oslo.png", expires_in_seconds=60)
    answer = get(site, target)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private")
    site.settings.clock.advance(60)
    assert error(get(site, target))[0] == 403
    assert get(site, "trips/oslo.png").status_code == 200


def test_an_image_that_becomes_private_is_no_longer_shown(site: Site) -> None:
    etag = get(site, "trips/oslo.png").headers["etag"]
    found = site.json("GET", "/api/v1/images/search", params={"q": "oslo"})["results"][0]
    site.json("PATCH", f"/api/v1/images/{found['id']}/visibility", json={"visibility": "private"})
    assert get(site, "trips/oslo.png", if_none_match=etag).status_code == 403
    assert get(site, "trips/oslo.webp?w=60").status_code == 403


# What is counted


def test_a_rendition_counts_once_a_month(site: Site) -> None:
    for target in ("trips/oslo.png", "trips/oslo.png?v=1"):
        get(site, target)
    assert usage(site) == 0
    for target in ("trips/oslo.webp", "trips/oslo.png?w=60", "trips/oslo.png?w=60&v=1", "trips/oslo.webp"):
        get(site, target)
    get(site, "trips/oslo.png?w=60", "HEAD")
    get(site, "trips/oslo.png?w=60", range="bytes=0-1")
    assert usage(site) == 2
    site.settings.clock.freeze(datetime(2025, 2, 1, tzinfo=timezone.utc))
    get(site, "trips/oslo.png?w=60")
    assert usage(site) == 1


def test_a_client_that_has_the_rendition_already_counts_nothing(site: Site) -> None:
    etag = get(site, "trips/oslo.png?w=60").headers["etag"]
    site.settings.clock.freeze(datetime(2025, 2, 1, tzinfo=timezone.utc))
    assert get(site, "trips/oslo.png?w=60", if_none_match=etag).status_code == 304
    assert usage(site) == 0


def test_a_picture_is_rendered_once_however_many_ask(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    asked = threading.Barrier(2, timeout=60)

    def counting(*args: Any, **options: Any) -> Rendered:
        rendered.append(threading.current_thread().name)
        asked.wait()
        return render(*args, **options)

    monkeypatch.setattr("imagekitio.local.delivery.renditions.render", counting)
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(get, site, "trips/oslo.webp?w=77") for _ in range(8)]
        asked.wait()
        bodies = {answer.result(60).content for answer in answers}
    assert len(bodies) == 1
    assert len(rendered) == 1
    assert usage(site) == 1
