"""The picture that ``remove-bg`` makes, made up: everything that has nearly the colour of the corners goes.

This is no model that knows what stands in front. It is good for pictures of a product before one colour, and gives
the same bytes every time. `add_shadow` changes nothing here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..rendering import Cancellation
from ..rendering.drawing.vips import libvips
from ..rendering.language.colours import parse_colour
from ..rendering.language.errors import TransformationError
from ..rendering.source import open_source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..base.settings import Settings

NEAR = 40.0  # distance in RGB at which a colour counts as the background's
_EDGE_SIGMA = 0.7  # pixels over which the edge of the subject fades, with `semitransparency`


class NotAPicture(ValueError):  # noqa: N818 - a refusal, not an error of ours
    """The file cannot be worked on; the text says why."""


def without_background(path: Path, options: Mapping[str, Any], backdrop: Path | None, *, settings: Settings) -> bytes:
    """A PNG of the picture at `path` without its background.

    Args:
        options: Those of the extension.
        backdrop: The picture of ``bg_image_url``, which covers the area behind.
    Raises:
        NotAPicture: One of the files is none, too large, or takes longer than a rendition may; or the colour is none.
    """
    cancellation = Cancellation()
    try:
        with cancellation.deadline(settings.render_timeout_seconds):
            return _cut_out(path, options, backdrop, settings, cancellation)
    except (TransformationError, ValueError) as exc:
        raise NotAPicture(str(exc)) from exc
    except libvips().Error as exc:
        raise NotAPicture(f"The picture cannot be read ({exc.message}).") from exc


def _cut_out(
    path: Path, options: Mapping[str, Any], backdrop: Path | None, settings: Settings, cancellation: Cancellation
) -> bytes:
    vips = libvips()
    picture = _rgb(path, settings, cancellation)
    right, bottom = picture.width - 1, picture.height - 1
    corners = [picture(x, y) for x in (0, right) for y in (0, bottom)]
    colour = [sum(channel) / len(corners) for channel in zip(*corners, strict=True)][:3]
    solid = picture.extract_band(0, n=3)
    distance = sum((band - value) ** 2 for band, value in zip(solid.bandsplit(), colour, strict=True)) ** 0.5
    mask = (distance > NEAR).ifthenelse(255, 0).cast("uchar")
    if options.get("semitransparency", True):
        mask = mask.gaussblur(_EDGE_SIGMA)
    if picture.bands == 4:  # what was transparent stays so
        mask = (mask * picture[3] / 255).cast("uchar")
    made: Any = solid.bandjoin(mask).copy(interpretation="srgb")
    if options.get("bg_color"):
        made = made.flatten(background=[*parse_colour(options["bg_color"]).rgb])
    elif backdrop is not None:
        behind = _rgb(backdrop, settings, cancellation)
        behind = behind.thumbnail_image(picture.width, height=picture.height, crop="centre")
        made = behind.composite2(made, vips.enums.BlendMode.OVER).cast("uchar")
    with cancellation.watch(made):
        return bytes(made.pngsave_buffer(keep="none"))


def _rgb(path: Path, settings: Settings, cancellation: Cancellation) -> Any:
    """The picture upright in sRGB, of three or four bands of a byte each."""
    picture = open_source(path, settings=settings, oriented=True).load()
    return cancellation.compute(picture.colourspace("srgb").cast("uchar"))
