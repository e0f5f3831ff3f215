"""Checks a chain before anything is rendered: first its values, then whether all of it can be rendered here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .conditions import parse_condition
from .errors import invalid, unsupported
from .expressions import PARENT_VARIABLES
from .layers import Picture, Text, font_file, read_layer, read_page
from .steps import Conditional
from .values import is_detected, read_edit, read_output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .steps import Chain, Layer, Step

DRAWN_LAYERS = frozenset({"image", "text"})

_AI = "an AI service that local ImageKit does not have"
_DETECTOR = "an object detector that local ImageKit does not have"
_VIDEO = "a video encoder that local ImageKit does not have"

# Codes of videos and content credentials (ac vc sr so eo du c2pa) are of no effect on a picture and stay out of here.
UNSUPPORTED = {
    "e-bgremove": _AI,
    "e-removedotbg": _AI,
    "e-changebg": _AI,
    "e-edit": _AI,
    "e-dropshadow": _AI,
    "e-retouch": _AI,
    "e-upscale": _AI,
    "e-genvar": _AI,
    "z": _DETECTOR,
}


def check(chain: Chain, *, still: bool = False) -> None:
    """Refuse what has a bad value, then what cannot be rendered here.

    Args:
        chain: Steps and everything in them.
        still: Whether a still picture is wanted (``ik-thumbnail.jpg``), the only place for ``pg`` outside of layers.

    Raises:
        TransformationError: 400 for the first, 501 for the second.
    """
    _check_values(chain, still=still)
    for code, value in each_value(chain):
        needs = _what_it_needs(code, value)
        if needs:
            raise unsupported(code if code != "fo" else f"fo-{value}", needs)


def asks_client(chain: Chain) -> bool:
    """Whether a client hint has a say in the size of the picture or of a layer."""
    return any(value == "auto" and code in ("w", "dpr") for code, value in each_value(chain))


def files_of(chain: Chain) -> frozenset[str]:
    """Paths of the media library that the layers of a checked chain may need: pictures and fonts."""
    return frozenset(_files(chain))


def _check_values(chain: Chain, *, still: bool, in_layer: bool = False, in_block: bool = False) -> None:
    for item in chain:
        if isinstance(item, Conditional):
            parse_condition(item.condition)
            for branch in (item.then, item.otherwise):
                _check_values(branch, still=still, in_layer=in_layer, in_block=True)
            continue
        read_edit(item)
        read_output([item])
        if not in_layer:
            _check_outside_layers(item, still=still, in_block=in_block)
        for layer in item.layers:
            _check_layer(layer, still=still)


def _check_outside_layers(step: Step, *, still: bool, in_block: bool) -> None:
    if "pg" in step.values:
        if in_block or not still:
            raise invalid("pg", "needs /ik-thumbnail.jpg behind the file name, and must not stand in an if-block")
        read_page(step)
    for code in ("w", "h", "ar", "x", "y", "xc", "yc", "b", "dn", "e-gradient"):
        for part in (step.values.get(code) or "").replace("-", "_").split("_"):
            if part in PARENT_VARIABLES:
                raise invalid(code, f"takes {part} only inside a layer")


def _check_layer(layer: Layer, *, still: bool) -> None:
    if layer.kind not in DRAWN_LAYERS:
        return
    _check_values(read_layer(layer).chain, still=still, in_layer=True)


def each_value(chain: Chain) -> Iterator[tuple[str, str | None]]:
    """Codes and values of every step, those of layers after those of what they lie on."""
    for item in chain:
        if isinstance(item, Conditional):
            yield from each_value(item.then)
            yield from each_value(item.otherwise)
            continue
        yield from item.values.items()
        for layer in item.layers:
            if layer.kind not in DRAWN_LAYERS:
                yield f"l-{layer.kind}", None
            yield from each_value(layer.chain)


def _files(chain: Chain) -> Iterator[str]:
    for item in chain:
        if isinstance(item, Conditional):
            yield from _files(item.then)
            yield from _files(item.otherwise)
            continue
        for layer in item.layers:
            overlay = read_layer(layer)
            if isinstance(overlay.content, Picture):
                yield overlay.content.path
            elif isinstance(overlay.content, Text):
                path = font_file(overlay.content.font)
                if path:
                    yield path
            yield from _files(overlay.chain)


def _what_it_needs(code: str, value: str | None) -> str | None:
    """What rendering this would take that is not here; None for what is."""
    if code in UNSUPPORTED:
        return UNSUPPORTED[code]
    if code.startswith("l-") or (code == "f" and value in ("mp4", "webm")):
        return _VIDEO
    if code == "fo" and value and is_detected(value):
        return _DETECTOR
    if code == "bg" and value and value.startswith("genfill"):
        return _AI
    if code == "pg" and value and not value.isdecimal():
        return "the layers of PSD files, which libvips does not read"
    return None
