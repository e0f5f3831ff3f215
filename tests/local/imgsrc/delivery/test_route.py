"""Delivery over a socket: pictures, errors and HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pyvips

from tests.local.imgsrc.delivery.conftest import count_transformations, decode, get, read_error, read_size

if TYPE_CHECKING:
    from tests.local.imgsrc.conftest import Api


@pytest.mark.parametrize("prefix", ["/i/local/", "/local/"])
def test_the_uploaded_extension_delivers_the_uploaded_bytes(site: Api, quarters: bytes, prefix: str) -> None:
    answer = get(site, f"{prefix}trips/oslo.png", accept="image/webp")
    assert (answer.status_code, answer.content) == (200, quarters)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "public, max-age=2592000"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "vary" not in answer.headers
    assert count_transformations(site) == 0


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
def test_another_extension_converts_the_picture(site: Api, extension: str, media_type: str, loader: str) -> None:
    for query, expected in (("", (120, 80)), ("?w=60", (60, 40))):
        answer = get(site, f"trips/oslo.{extension}{query}")
        assert answer.headers["content-type"] == media_type
        assert read_size(answer) == expected
        assert decode(answer).get("vips-loader") == loader


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
def test_parameters_change_the_picture(site: Api, query: str, expected: tuple[int, int]) -> None:
    answer = get(site, f"trips/oslo.png?{query}")
    assert answer.headers["content-type"] == "image/png"
    assert read_size(answer) == expected


def test_unknown_parameters_alone_do_not_change_the_original(site: Api, quarters: bytes) -> None:
    assert get(site, "trips/oslo.png?v=2&width=60&W=60").content == quarters


def test_the_extension_may_differ_from_the_format_of_the_bytes(site: Api, quarters: bytes) -> None:
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


def test_paths_are_decoded_once(site: Api, quarters: bytes) -> None:
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
        ("trips/oslo.gif", 404, "NOT_FOUND", "Image not found: there is no image at trips/oslo.gif"),
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
def test_errors_say_what_is_wrong(site: Api, target: str, status: int, code: str, message: str) -> None:
    found_status, found_code, found_message = read_error(get(site, target))
    assert (found_status, found_code) == (status, code)
    assert found_message.startswith(message)
    assert count_transformations(site) == 0


def test_unreadable_bytes_cannot_be_transformed(site: Api, quarters: bytes) -> None:
    broken = quarters[:300] + bytes(100) + quarters[400:] if len(quarters) > 500 else quarters[:80] + bytes(100)
    site.upload(broken, "broken.png")
    assert get(site, "broken.png").content == broken
    assert read_error(get(site, "broken.png?w=5"))[0] == 415
    assert count_transformations(site) == 0


def test_other_methods_are_refused(site: Api) -> None:
    answer = get(site, "trips/oslo.png", "DELETE")
    assert read_error(answer)[:2] == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    preflight = get(site, "trips/oslo.png", "OPTIONS", origin="https://example.test")
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


def test_head_returns_only_the_headers(site: Api) -> None:
    for target in ("trips/oslo.png", "trips/oslo.webp?w=60"):
        head, whole = get(site, target, "HEAD"), get(site, target)
        assert head.content == b""
        for name in ("content-length", "content-type", "etag", "cache-control"):
            assert head.headers[name] == whole.headers[name]


def test_an_etag_identifies_the_bytes(site: Api) -> None:
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


def test_originals_and_renditions_can_be_fetched_in_ranges(site: Api, quarters: bytes) -> None:
    part = get(site, "trips/oslo.png", range="bytes=10-19")
    assert (part.status_code, part.content) == (206, quarters[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(quarters)}"
    whole = get(site, "trips/oslo.webp?w=60").content
    assert get(site, "trips/oslo.webp?w=60", range="bytes=-5").content == whole[-5:]
    beyond = get(site, "trips/oslo.png", range="bytes=99999-")
    assert read_error(beyond)[:2] == (416, "RANGE_NOT_SATISFIABLE")
    assert beyond.headers["content-range"] == f"bytes */{len(quarters)}"


def test_a_format_without_an_encoder_becomes_png_or_jpeg(site: Api, quarters: bytes) -> None:
    site.upload(b"P6 9 6 255 " + bytes([200, 30, 30] * 54), "plain.ppm")
    original = get(site, "plain.ppm")
    assert original.headers["content-type"] == "image/x-portable-anymap"
    assert get(site, "plain.ppm?w=3").headers["content-type"] == "image/jpeg"
    assert read_size(get(site, "plain.webp?w=3")) == (3, 2)
    site.upload(pyvips.Image.new_from_buffer(quarters, "").tiffsave_buffer(), "scan.tif")
    assert get(site, "scan.tif?w=60").headers["content-type"] == "image/tiff"


def test_an_svg_is_rasterised_when_it_is_transformed(site: Api) -> None:
    red = b'<rect width="40" height="20" fill="red"/>'
    shape = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">' + red + b"</svg>"
    site.upload(shape, "logo.svg")
    original = get(site, "logo.svg")
    assert (original.content, original.headers["content-type"]) == (shape, "image/svg+xml")
    assert original.headers["content-security-policy"] == "sandbox"
    for target, media_type in (("logo.svg?w=80", "image/png"), ("logo.webp?w=80", "image/webp")):
        drawn = get(site, target)
        assert drawn.headers["content-type"] == media_type
        assert read_size(drawn) == (80, 40)
        assert "content-security-policy" not in drawn.headers


def test_transparent_pixels_become_white_in_a_jpeg(site: Api) -> None:
    site.upload(pyvips.Image.black(60, 60, bands=4).copy(interpretation="srgb").pngsave_buffer(), "clear.png")
    assert decode(get(site, "clear.jpg"))(5, 5) == pytest.approx([255, 255, 255], abs=2)


def test_a_still_picture_of_an_animation_has_a_warning(site: Api, quarters: bytes) -> None:
    frames = [pyvips.Image.new_from_buffer(quarters, "") + shade for shade in (0, 40)]
    strip = pyvips.Image.arrayjoin(frames, across=1).cast("uchar").copy(interpretation="srgb")
    strip.set_type(pyvips.GValue.gint_type, "page-height", 80)
    site.upload(strip.gifsave_buffer(), "moving.gif")
    assert decode(get(site, "moving.gif?w=60")).get("n-pages") == 2
    assert decode(get(site, "moving.webp?w=60")).get("n-pages") == 2
    still = get(site, "moving.avif?w=60")
    assert read_size(still) == (60, 40)
    assert "the first frame of the animation" in still.headers["x-warning"]
