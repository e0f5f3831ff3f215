"""Translation of the overlay codes of releases 2 and 3 (``oi``, ``ot``, ``obg`` …) to layers.

The service has refused them since November 2023. They are rendered here, so that old applications can be tested.
Source: ImageKit docs of that time, "Overlay". Pictures come first, then colour blocks, then texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import invalid
from .grammar import BlockText, LayerText, StepText
from .layers import CANVAS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .grammar import ChainText

MAX_ENCODED_CHARACTERS = 144  # of ote

_POSITION = {"ox": "lx", "oy": "ly", "ofo": "lfo"}
_PICTURE = {
    "ow": "w",
    "oh": "h",
    "oiar": "ar",
    "oibg": "bg",
    "oib": "b",
    "oidpr": "dpr",
    "oiq": "q",
    "oic": "c",
    "oicm": "cm",
    "oifo": "fo",
    "oix": "x",
    "oiy": "y",
    "oixc": "xc",
    "oiyc": "yc",
    "oit": "t",
}
_BLOCK = {"ow": "w", "oh": "h", "or": "r", "oa": "al", "obg": "bg"}
_TEXT = {
    "otw": "w",
    "ots": "fs",
    "otf": "ff",
    "otc": "co",
    "otbg": "bg",
    "otp": "pa",
    "otia": "ia",
    "ott": "tg",
    "or": "r",
    "oa": "al",
}
_CONTENT = {"oi", "ot", "ote", "obg"}
_CODES = {*_CONTENT, *_POSITION, *_PICTURE, *_BLOCK, *_TEXT}


def translate(chain: ChainText) -> ChainText:
    """Replace old codes with layers, after the existing layers of a step.

    Raises:
        TransformationError: An old code does not belong to a picture, text or block.
    """
    return tuple(
        BlockText(item.condition, translate(item.then), translate(item.otherwise))
        if isinstance(item, BlockText)
        else _translate_step(item)
        for item in chain
    )


def _translate_step(step: StepText) -> StepText:
    old = {code: value for code, value in step.values.items() if code in _CODES}
    if not old:
        return step
    if _CONTENT.isdisjoint(old):
        raise invalid(next(iter(old)), f"belongs to an overlay ({', '.join(sorted(_CONTENT))})")
    new = {code: value for code, value in step.values.items() if code not in _CODES}
    return StepText(new, (*step.layers, *_layers(old)))


def _layers(old: Mapping[str, str | None]) -> list[LayerText]:
    position = _rename(old, _POSITION)
    layers: list[LayerText] = []
    if "oi" in old:
        layers.append(LayerText("image", (StepText({"i": old["oi"], **position, **_rename(old, _PICTURE)}),)))
    if "obg" in old:
        layers.append(LayerText("image", (StepText({"i": CANVAS, **position, **_rename(old, _BLOCK)}),)))
    if "ot" in old or "ote" in old:
        words = {"ie": (old["ote"] or "")[:MAX_ENCODED_CHARACTERS]} if "ote" in old else {"i": old["ot"]}
        # The box of an old text contains whole lines.
        layers.append(LayerText("text", (StepText({**words, **position, **_rename(old, _TEXT), "t": "false"}),)))
    return layers


def _rename(old: Mapping[str, str | None], names: Mapping[str, str]) -> dict[str, str | None]:
    return {new: old[code] for code, new in names.items() if code in old}
