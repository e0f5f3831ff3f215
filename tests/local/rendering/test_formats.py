from __future__ import annotations

import pytest

from imagekitio.local.rendering.drawing.area import Size
from imagekitio.local.rendering.formats import accepts_webp, choose, passes_through
from imagekitio.local.rendering.language.values import Output

BROWSER = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"


def choose_format(
    source: str,
    format_: str | None = None,
    *,
    accept: str = "*/*",
    transparent: bool = False,
    side: int = 10,
    **options: bool,
) -> str:
    best_format = options.pop("best_format", True)
    return choose(
        Output(format=format_, **options),  # type: ignore[arg-type]
        source,
        size=Size(side, 1),
        accept=accept,
        best_format=best_format,
        is_transparent=lambda: transparent,
    )


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (BROWSER, True),
        ("image/webp", True),
        ("IMAGE/WEBP ; q=0.5", True),
        ("image/webp;q=0, image/png", False),
        ("*/*", False),
        ("image/*", False),
        ("image/webpx", False),
        ("", False),
    ],
)
def test_only_a_header_that_names_webp_accepts_webp(accept: str, expected: bool) -> None:
    assert accepts_webp(accept) is expected


@pytest.mark.parametrize("format_", [None, "auto"])
def test_the_automatic_format_follows_the_accept_header(format_: str | None) -> None:
    assert choose_format("jpeg", format_, accept=BROWSER) == "webp"
    assert choose_format("jpeg", format_, accept=BROWSER, side=16_384) == "jpeg"
    assert [choose_format(each, format_) for each in ("jpeg", "png", "gif", "webp", "heic")] == [
        "jpeg",
        "png",
        "gif",
        "jpeg",
        "jpeg",
    ]
    assert [choose_format(each, format_, transparent=True) for each in ("jpeg", "webp", "tiff")] == [
        "png",
        "png",
        "png",
    ]


def test_without_best_format_the_source_format_is_kept() -> None:
    assert choose_format("png", accept=BROWSER, best_format=False) == "png"
    assert choose_format("jpeg", best_format=False, transparent=True) == "jpeg"
    assert choose_format("heic", best_format=False) == "jpeg"


def test_requested_formats_are_used() -> None:
    assert [choose_format("png", each) for each in ("jpg", "jpeg", "webp", "avif", "gif", "svg", "orig")] == [
        "jpeg",
        "jpeg",
        "webp",
        "avif",
        "png",
        "png",
        "png",
    ]
    assert choose_format("gif", "gif") == "gif"
    assert choose_format("svg", "png", transparent=True) == "png"


def test_pictures_too_large_for_webp_keep_their_format() -> None:
    assert choose_format("png", "webp", side=16_384) == "png"
    assert choose_format("webp", "orig", side=16_384, transparent=True) == "png"


def test_a_colour_profile_rules_avif_out() -> None:
    assert choose_format("png", "avif", colour_profile=True) == "png"


def test_svg_and_originals_pass_through() -> None:
    assert all(passes_through(Output(format=each), "svg") for each in (None, "auto", "orig", "svg", "gif"))
    assert not any(passes_through(Output(format=each), "svg") for each in ("png", "jpg", "webp", "avif"))
    assert passes_through(Output(original=True), "jpeg")
    assert not passes_through(Output(), "jpeg")
