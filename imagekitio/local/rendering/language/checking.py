"""Checks of steps before rendering: whether they are allowed in their place, and can be rendered here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .effects import AI_EFFECTS
from .errors import invalid, unsupported
from .expressions import PARENT_VARIABLES, Expression
from .layers import FontFile, Picture, Text
from .steps import Conditional, each_step
from .values import is_detected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .steps import Chain, Step
    from .values import Page

_AI = "an AI service that local ImageKit does not have"
_DETECTOR = "an object detector that local ImageKit does not have"
_VIDEO = "a video encoder that local ImageKit does not have"
_PSD = "the layers of PSD files, which libvips does not read"

# Codes for videos and content credentials (ac vc sr so eo du c2pa) have no effect on a picture, so they are not listed.
UNSUPPORTED = {**dict.fromkeys(AI_EFFECTS, _AI), "z": _DETECTOR}


def check(chain: Chain, *, still: bool = False) -> None:
    """Refuse steps that are not allowed in their place, then those that cannot be rendered here.

    Args:
        chain: The parsed steps.
        still: Whether to make a still picture (``ik-thumbnail.jpg``), which allows ``pg`` outside of layers.

    Raises:
        TransformationError: 400 in the first case, 501 in the second.
    """
    _check_pages(chain, allowed=still)
    for step in each_step(chain):
        _check_variables(step)
    for code, needs in _needs(chain):
        raise unsupported(code, needs)


def asks_client(chain: Chain) -> bool:
    """Return whether the size of the picture or of a layer depends on a client hint."""
    resizes = (step.edit.resize for step in _each_step_with_layers(chain))
    return any("auto" in (resize.width, resize.dpr) for resize in resizes)


def files_of(chain: Chain) -> frozenset[str]:
    """Return the paths in the media library of the pictures and fonts that layers may need."""
    contents = [overlay.content for step in _each_step_with_layers(chain) for overlay in step.overlays]
    pictures = {content.path for content in contents if isinstance(content, Picture)}
    fonts = {content.font for content in contents if isinstance(content, Text)}
    return frozenset(pictures | {font.path for font in fonts if isinstance(font, FontFile)})


def _each_step_with_layers(chain: Chain) -> Iterator[Step]:
    for step in each_step(chain):
        yield step
        for overlay in step.overlays:
            yield from _each_step_with_layers(overlay.chain)


def _check_pages(chain: Chain, *, allowed: bool) -> None:
    # Picture layers have already removed the page from their own steps.
    for item in chain:
        for step in each_step((item,)):
            if step.page is not None and (isinstance(item, Conditional) or not allowed):
                raise invalid("pg", "needs /ik-thumbnail.jpg after the file name, and is not allowed in an if-block")
            for overlay in step.overlays:
                _check_pages(overlay.chain, allowed=False)


def _check_variables(step: Step) -> None:
    for code, value in _lengths(step):
        if isinstance(value, Expression):
            for name in value.operands:
                if name in PARENT_VARIABLES:
                    raise invalid(code, f"allows {name} only inside a layer")


def _lengths(step: Step) -> Iterator[tuple[str, object]]:
    edit, resize = step.edit, step.edit.resize
    yield from (("w", resize.width), ("h", resize.height), ("ar", resize.ratio))
    yield from (("x", resize.x), ("y", resize.y), ("xc", resize.xc), ("yc", resize.yc))
    yield "b", edit.border and edit.border.width
    yield "dn", step.output.density
    yield "e-gradient", edit.effects.gradient and edit.effects.gradient.stop


def _needs(chain: Chain) -> Iterator[tuple[str, str]]:
    """Yield the codes that cannot be rendered here, each with the missing feature."""
    for step in each_step(chain):
        yield from _needs_of_step(step)
        for overlay in step.overlays:
            if isinstance(overlay.content, Picture):
                yield from _needs_of_page(overlay.content.page)
            yield from _needs(overlay.chain)


def _needs_of_step(step: Step) -> Iterator[tuple[str, str]]:
    edit, resize = step.edit, step.edit.resize
    yield from ((code, UNSUPPORTED[code]) for code in edit.effects.ai)
    if resize.zoom:
        yield "z", UNSUPPORTED["z"]
    if step.output.format in ("mp4", "webm"):
        yield "f", _VIDEO
    if is_detected(resize.focus):
        yield f"fo-{resize.focus}", _DETECTOR
    if edit.generated_background:
        yield "bg", _AI
    yield from _needs_of_page(step.page)
    yield from ((f"l-{kind}", _VIDEO) for kind in step.video_layers)


def _needs_of_page(page: Page | None) -> Iterator[tuple[str, str]]:
    if page is not None and page.psd_layers is not None:
        yield "pg", _PSD
