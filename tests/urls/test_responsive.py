from __future__ import annotations

from typing import Any

import pytest

from imagekitio.urls.builder import UrlBuilder
from imagekitio.urls.responsive import DEVICE_BREAKPOINTS, IMAGE_BREAKPOINTS, get_responsive_image_attributes

BUILDER = UrlBuilder("private_key_test", "https://ik.example.com/demo")
DEVICES = list(DEVICE_BREAKPOINTS)


def attributes(transformation: Any = None, **options: Any) -> Any:
    return get_responsive_image_attributes(BUILDER.url, {"path": "/a.jpg", "transformation": transformation}, **options)


@pytest.mark.parametrize(
    ("options", "candidates", "unit", "sizes"),
    [
        ({}, DEVICES, "w", "100vw"),
        ({"sizes": "100vw"}, DEVICES, "w", "100vw"),
        ({"sizes": "50vw", "width": 600}, [384, *DEVICES], "w", "50vw"),
        ({"sizes": "(min-width: 800px) 33vw, 100vw"}, [256, 384, *DEVICES], "w", "(min-width: 800px) 33vw, 100vw"),
        ({"sizes": "100%"}, [*IMAGE_BREAKPOINTS, *DEVICES], "w", "100%"),
        ({"width": 400}, [640, 828], "x", None),
        ({"width": 450}, [640, 1080], "x", None),
        ({"width": 500}, [640, 1080], "x", None),
        ({"width": 3000}, [3840], "x", None),
        ({"device_breakpoints": [800, 200, 400], "image_breakpoints": [100]}, [200, 400, 800], "w", "100vw"),
    ],
)
def test_the_candidates_match_the_documentation(
    options: Any, candidates: list[int], unit: str, sizes: str | None
) -> None:
    found = attributes(**options)
    described = [
        f"https://ik.example.com/demo/tr:w-{width},c-at_max/a.jpg {position if unit == 'x' else width}{unit}"
        for position, width in enumerate(candidates, start=1)
    ]
    assert found.srcset == ", ".join(described)
    assert found.src == described[-1].split()[0]
    assert (found.sizes, found.width) == (sizes, options.get("width"))


def test_the_width_is_a_separate_step_after_those_of_the_caller() -> None:
    found = attributes([{"height": 300}], width=500)
    assert found.srcset == (
        "https://ik.example.com/demo/tr:h-300:w-640,c-at_max/a.jpg 1x, "
        "https://ik.example.com/demo/tr:h-300:w-1080,c-at_max/a.jpg 2x"
    )


def test_the_defaults_of_the_client_apply_to_every_candidate() -> None:
    builder = UrlBuilder("key", "https://ik.example.com/demo", defaults={"transformation": [{"quality": 50}]})
    given = builder.get_responsive_image_attributes(path="/a.jpg", width=100)
    assert given.src == "https://ik.example.com/demo/tr:q-50:w-256,c-at_max/a.jpg"


def test_a_single_dict_is_one_step_in_responsive_attributes_too() -> None:
    assert attributes({"height": 300}, width=500) == attributes([{"height": 300}], width=500)


def test_a_comma_at_the_end_of_a_url_is_encoded_for_the_srcset() -> None:
    found = BUILDER.get_responsive_image_attributes(path="/a,b,", width=500, device_breakpoints=[640])
    assert found.srcset == "https://ik.example.com/demo/tr:w-640,c-at_max/a,b%2C 1x"
    assert found.src == "https://ik.example.com/demo/tr:w-640,c-at_max/a,b%2C"


@pytest.mark.parametrize(
    ("options", "max_width", "candidates", "unit"),
    [
        ({}, 1000, [640, 750, 828, 1000], "w"),
        ({}, 100, [100], "w"),
        ({}, 9000, DEVICES, "w"),
        ({"sizes": "100vw"}, 300, [300], "w"),
        ({"sizes": "50vw"}, 500, [256, 384, 500], "w"),
        ({"width": 400}, 700, [640, 700], "x"),
        ({"width": 400}, 300, [300], "x"),
    ],
)
def test_no_candidate_is_wider_than_the_image(options: Any, max_width: int, candidates: list[int], unit: str) -> None:
    described = [
        f"https://ik.example.com/demo/tr:w-{width},c-at_max/a.jpg {position if unit == 'x' else width}{unit}"
        for position, width in enumerate(candidates, start=1)
    ]
    assert attributes(max_width=max_width, **options).srcset == ", ".join(described)


def test_a_missing_image_is_refused() -> None:
    for options in ({}, {"path": ""}, {"path": None}, {"src": ""}):
        with pytest.raises(ValueError, match="a responsive image needs a path or src"):
            BUILDER.get_responsive_image_attributes(options, width=100)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"width": "400px"}, TypeError, "width must be a number of pixels such as 400 .got '400px'."),
        ({"width": True}, TypeError, "width must be a number of pixels"),
        ({"width": 0}, ValueError, "width must be above 0"),
        ({"width": float("nan")}, ValueError, "width must be above 0"),
        ({"sizes": 100}, TypeError, "sizes must be text .got int."),
        ({"device_breakpoints": 640}, TypeError, "device_breakpoints must be a list of widths in pixels .got 640."),
        ({"device_breakpoints": "640"}, TypeError, "device_breakpoints must be a list of widths"),
        ({"image_breakpoints": ["640px"]}, TypeError, "every width of image_breakpoints must be a number"),
        ({"size": "100vw"}, TypeError, "unknown option 'size' of url..; did you mean 'sizes'"),
        ({"height": 100}, TypeError, "unknown option 'height'.*transformation=.{'height': 100}."),
    ],
)
def test_invalid_input_is_refused_with_a_hint(options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        BUILDER.get_responsive_image_attributes(path="/a.jpg", **options)


def test_an_empty_list_of_breakpoints_is_refused() -> None:
    with pytest.raises(ValueError, match="device_breakpoints must contain at least one"):
        attributes(device_breakpoints=[])
