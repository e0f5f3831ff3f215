from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.base.errors import ApiError
from imagekitio.local.imgsrc.delivery.target import find_requested_format, parse_target
from imagekitio.local.imgsrc.rows import ImageRow

IMAGE = ImageRow("0" * 16, "0" * 64, "a.png", 100, "png", "image/png", 3, 2, 0.0, "public")


@pytest.mark.parametrize(
    ("raw_target", "path", "query"),
    [
        ("/i/ada/a.png", "a.png", ""),
        ("/ada/a.png", "a.png", ""),
        ("/i/ada/trips/2024/a.png?w=400&p:thumb", "trips/2024/a.png", "w=400&p:thumb"),
        ("/ada/i/ada/a.png", "i/ada/a.png", ""),
        ("/i/ada/a%20b/%C3%A9+%3F.png?aspect=16%3A9", "a b/é+?.png", "aspect=16%3A9"),
        ("/i/ada/100%2525.png", "100%25.png", ""),  # decoded once
        ("/i/%61da/a.png??", "a.png", "?"),
        ("/i/ada/", "", ""),
        ("/i/ada", "", ""),
        ("/i/ada//a.png", "/a.png", ""),
    ],
)
def test_a_url_has_a_path_and_a_query(raw_target: str, path: str, query: str) -> None:
    assert parse_target(raw_target, "ada") == (path, query)


@pytest.mark.parametrize("raw_target", ["/i/bob/a.png", "/bob/a.png", "/i/", "/", "/i/i/ada/a.png", "/i/Ada/a.png"])
def test_other_users_are_not_found(raw_target: str) -> None:
    with pytest.raises(ApiError, match="User not found") as caught:
        parse_target(raw_target, "ada")
    assert caught.value.status == 404


@pytest.mark.parametrize("raw_target", ["/i/ada/%FF.png", "/i/%FF/a.png", "/i/ada/a\udcff.png", "/i/ada/a.png?\udcff"])
def test_a_target_that_is_not_utf_8_is_refused(raw_target: str) -> None:
    with pytest.raises(ApiError, match="must be percent-encoded UTF-8") as caught:
        parse_target(raw_target, "ada")
    assert caught.value.status == 400


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["/i/ada/", "/ada/"]))
def test_an_encoded_path_is_decoded_to_the_original(path: str, prefix: str) -> None:
    assert parse_target(f"{prefix}{quote(path)}?w=1", "ada") == (path, "w=1")


@pytest.mark.parametrize(
    ("path", "options", "expected"),
    [
        ("a.webp", {}, "webp"),
        ("a.AVIF", {}, "avif"),
        ("a.jpg", {}, "jpeg"),
        ("a.jpeg", {}, "jpeg"),
        ("a.jxl", {}, "jxl"),
        ("a.tar.webp", {}, "webp"),
        ("a.png", {}, None),
        ("a.PNG", {}, None),
        ("a", {}, None),
        ("a.2024", {}, None),
        ("a.jpg", {"format": "jpeg"}, None),
        ("a.jpeg", {"format": "jpeg"}, None),
        ("a.gif", {"format": "gif"}, None),
        ("a.png", {"format": "svg"}, "png"),
        ("a.webp", {"is_exact": True}, None),  # uploaded with an extension that does not match its bytes
        ("a.gif", {"is_exact": True}, None),
    ],
)
def test_the_extension_chooses_the_format(path: str, options: dict[str, Any], expected: str | None) -> None:
    image = IMAGE._replace(format=options.get("format", "png"))
    assert find_requested_format(path, image, is_exact=options.get("is_exact", False)) == expected


@pytest.mark.parametrize("path", ["a.gif", "a.tiff", "a.svg", "a.heic"])
def test_an_extension_without_an_output_format_is_refused(path: str) -> None:
    with pytest.raises(ApiError, match=r"converted only to webp, avif, jpg, png, jxl") as caught:
        find_requested_format(path, IMAGE, is_exact=False)
    assert caught.value.status == 404
