"""A simple stand-in for ``remove-bg``: it removes everything whose colour is close to that of the corners.

No model recognises the subject. It works for pictures of a product on a plain background, and always gives the same
bytes. `add_shadow` has no effect.
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
_EDGE_SIGMA = 0.7  # pixels; how softly the edge of the subject fades with `semitransparency`


class NotAPicture(ValueError):  # noqa: N818 - a refusal, not an error of ours
    """The background cannot be removed; the message says why."""


def remove_background(path: Path, options: Mapping[str, Any], backdrop: Path | None, *, settings: Settings) -> bytes:
    """Return a PNG of the picture at `path` without its background.

    Args:
        options: Options of the extension.
        backdrop: The picture at ``bg_image_url``, which becomes the new background.
    Raises:
        NotAPicture: A file is not a picture or too large, the work takes longer than a rendition may, or the colour
            is not valid.
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
    if picture.bands == 4:  # transparent areas stay transparent
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
    """Return the picture upright in sRGB, with three or four bands of a byte each."""
    picture = open_source(path, settings=settings, oriented=True).load()
    return cancellation.compute(picture.colourspace("srgb").cast("uchar"))
