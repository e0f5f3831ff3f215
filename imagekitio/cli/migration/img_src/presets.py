"""Presets of img-src as steps of ImageKit.

The docs of img-src do not say how its parameters interact. This module reads them as local img-src does: a picture is
first rotated and mirrored, then cropped to the proportions of `aspect`, then fitted into width and height.

Source: img-src docs, "Presets" and "Image transformations"; ImageKit docs, "Resize, crop and other transformations".
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from ....imgsrc.parameters import read_preset_params
from ..entries import Loss

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ....imgsrc.parameters import Value

_FLIPS = {"h": "h", "v": "v", "both": "h_v"}
_SHARPEN_FACTOR = 2.5  # img-src calls 10 to 30 moderate; ImageKit's default is 50


class ConvertedPreset(NamedTuple):
    """A preset as steps of ImageKit.

    Attributes:
        steps: Its steps, as `url` takes them; empty if none of it can be expressed.
        differences: What is lost, or not quite the same.
    """

    steps: list[dict[str, Any]]
    differences: list[Loss]


def convert_preset(params: Mapping[str, Any], default_fit: str) -> ConvertedPreset:
    """Return the steps that do in ImageKit what a preset does in img-src.

    Args:
        params: Parameters of the preset, as the API returns them.
        default_fit: The account's `default_fit_mode`, which applies to presets without `fit`.
    """
    differences: list[Loss] = []
    values = _read_values(params, differences)

    def lose(name: str, reason: str) -> None:
        differences.append(_make_loss(name, params[name], reason))

    step = _convert_size(values, default_fit, lose)
    if values.get("grayscale"):
        step["grayscale"] = True
    blur = float(values.get("blur", 0))
    if blur > 0:
        step["blur"] = max(1, round(blur))
        if step["blur"] != blur:
            lose("blur", f"ImageKit takes whole numbers from 1 to 100: it becomes {step['blur']}")
    sharpen = float(values.get("sharpen", 0))
    if sharpen:
        step["sharpen"] = max(1, round(sharpen * _SHARPEN_FACTOR))
        lose("sharpen", f"the scales of the two services differ: it becomes {step['sharpen']}, which is similar")
    if "q" in values:
        step["quality"] = values["q"]
    if "format" in values:
        step["format"] = "jpg" if values["format"] == "jpeg" else values["format"]
    turn: dict[str, Any] = {"rotation": values["rotate"]} if values.get("rotate") else {}
    if "flip" in values:
        turn["flip"] = _FLIPS[str(values["flip"])]
    # Within one step, ImageKit rotates after resizing.
    return ConvertedPreset([one for one in (turn, step) if one], differences)


def _read_values(params: Mapping[str, Any], differences: list[Loss]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, value in params.items():
        if value is None:
            continue
        try:
            found = read_preset_params({name: value})
        except (TypeError, ValueError) as exc:
            differences.append(_make_loss(name, value, str(exc)))
            continue
        values |= found
        if not found:
            differences.append(_make_loss(name, value, "is not documented by img-src"))
    return values


def _make_loss(name: str, value: Any, reason: str) -> Loss:
    return Loss(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), reason)


def _convert_size(values: Mapping[str, Value], default_fit: str, lose: Any) -> dict[str, Any]:
    """Return a step with width, height, crop and focus; `lose` notes what has no effect or a different one."""
    fit = str(values.get("fit", default_fit))
    dpr = Fraction(values.get("dpr", 1))
    width, height = _multiply(values.get("w"), dpr), _multiply(values.get("h"), dpr)
    ratio = _read_ratio(str(values.get("aspect", "original")))
    has_size = width is not None or height is not None
    if dpr != 1 and not has_size:
        lose("dpr", "has no effect without a width or a height")
    if width is not None and height is not None and fit in ("cover", "fill"):
        if ratio is not None:
            lose("aspect", "has no effect with a width, a height and this fit")
        mode = "force" if fit == "fill" else "maintain_ratio"
    elif ratio is not None:
        if not has_size:
            # Never enlarged, so this is the largest part of the picture with these proportions.
            step: dict[str, Any] = {"width": "cw", "aspect_ratio": str(values["aspect"]).replace(":", "-")}
            mode = "maintain_ratio_no_enlarge"
            return {**step, "crop": mode, **_convert_focus(values, mode, lose)}
        width, height = _fit_ratio(ratio, width, height)
        mode = {"fill": "force", "scale-down": "maintain_ratio_no_enlarge"}.get(fit, "maintain_ratio")
    elif fit == "scale-down":
        mode = "at_max" if has_size else ""
    else:
        mode = "at_max_enlarge" if width is not None and height is not None else ""
    size = {"width": width, "height": height, "crop": mode or None}
    return {
        **{name: value for name, value in size.items() if value is not None},
        **_convert_focus(values, mode, lose),
    }


def _convert_focus(values: Mapping[str, Value], mode: str, lose: Any) -> dict[str, Any]:
    crop = str(values.get("crop", "center"))
    if crop == "center":
        return {}
    if not mode.startswith("maintain_ratio"):
        lose("crop", "has no effect, because nothing is cropped")
        return {}
    if crop == "entropy":
        lose("crop", "ImageKit has no such focus: it becomes auto, the salient part")
    return {"focus": "auto" if crop in ("attention", "entropy") else crop.replace("-", "_")}


def _fit_ratio(ratio: Fraction, width: int | None, height: int | None) -> tuple[int, int]:
    """Return the largest size with this ratio that fits inside another size, one side of which may be None."""
    if height is None or (width is not None and width <= height * ratio):
        return width or 1, max(1, _round((width or 1) / ratio))
    return max(1, _round(height * ratio)), height


def _read_ratio(aspect: str) -> Fraction | None:
    width, colon, height = aspect.partition(":")
    return Fraction(int(width), int(height)) if colon else None


def _multiply(side: Value | None, dpr: Fraction) -> int | None:
    return None if side is None else _round(int(side) * dpr)


def _round(length: Fraction) -> int:
    return int(length + Fraction(1, 2))
