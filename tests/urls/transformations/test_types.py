from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any, get_args, get_type_hints, is_typeddict

import pytest

import imagekitio
from imagekitio.urls.transformations import types
from imagekitio.urls.transformations.allowed import ALLOWED, NAMES_IN_LAYERS
from imagekitio.urls.transformations.names import CODES, KNOWN_NAMES
from imagekitio.urls.transformations.overlays import CAMEL_CASE, KEYS, LAYERS, POSITION, TIMING

OVERLAYS = {get_args(get_type_hints(overlay)["type"])[0]: overlay for overlay in get_args(types.Overlay)}


def get_keys(kind: Any) -> set[str]:
    return set(get_type_hints(kind))


def test_the_module_is_what_the_script_writes() -> None:
    script = Path(__file__).parents[3] / "scripts" / "generate_types.py"
    written = runpy.run_path(str(script))["write_module"]()
    assert Path(types.__file__).read_text(encoding="utf-8") == written, "run: python -m scripts.generate_types"


def test_a_step_has_every_name_and_every_code() -> None:
    assert get_keys(types.Transformation) == KNOWN_NAMES
    assert types.Transformation.__required_keys__ == frozenset()


def test_an_overlay_has_every_key_that_is_read() -> None:
    assert OVERLAYS.keys() == LAYERS.keys()
    keys = {key for overlay in OVERLAYS.values() for key in get_keys(overlay)}
    in_position = {camel for camel, name in CAMEL_CASE.items() if name in POSITION}
    assert keys == {*KEYS, *CAMEL_CASE} - in_position
    assert get_keys(types.OverlayPosition) == {*POSITION, *in_position}
    assert get_keys(types.OverlayTiming) == {*TIMING}


@pytest.mark.parametrize("kind", LAYERS)
def test_an_overlay_needs_its_type_and_its_content(kind: str) -> None:
    assert OVERLAYS[kind].__required_keys__ == {"type", LAYERS[kind][1]}


@pytest.mark.parametrize(
    ("step", "names"),
    [
        (types.TextOverlayTransformation, NAMES_IN_LAYERS["text"]),
        (types.SubtitleOverlayTransformation, NAMES_IN_LAYERS["subtitle"]),
    ],
)
def test_the_steps_of_texts_and_subtitles_have_only_the_names_that_apply_to_them(
    step: Any, names: tuple[str, ...]
) -> None:
    codes = {CODES[name] for name in names}
    assert get_keys(step) == {"raw", *codes, *(name for name, code in CODES.items() if code in codes)}


def test_a_closed_list_allows_no_other_str() -> None:
    hints = get_type_hints(types.Transformation)
    for name, allowed in ALLOWED.items():
        assert (str in get_args(hints[name])) == (allowed.others != "none"), name
        assert type(None) in get_args(hints[name]), name


def test_the_types_are_public_names() -> None:
    public = {name for name, value in vars(types).items() if is_typeddict(value) and not name.startswith("_")}
    assert {*public, "Overlay"} == {
        name for name, module in imagekitio._MODULE_OF.items() if module == "urls.transformations.types"
    }
