"""Explain the steps of a transformation in words.

Source: ImageKit docs, "Image transformations", "Arithmetic expressions" and "Conditional transformations".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .allowed import OPERATOR_SIGNS
from .names import CODES, NAMELESS_CODES
from .overlays import LAYERS, POSITION, TIMING
from .parsing import parse_item, split_steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_MAX_DEPTH = 8  # nested layers and conditions; the service accepts three levels

# Code → label. If several names have one code, the first that is not `effect_…`.
_LABELS: dict[str, str] = {}
for _name, _code in CODES.items():
    if _code not in _LABELS or _LABELS[_code].startswith("effect "):
        _LABELS[_code] = re.sub("^ai ", "AI ", _name.replace("_", " "))
_LABELS.update({code: key.replace("_", " ") for key, code in {**POSITION, **TIMING}.items()})
_LABELS.update(dict.fromkeys(NAMELESS_CODES, ""))
_LABELS.update(c2pa="content credentials", i="input", ie="input in base64", lm="layer mode")

_UNITS = {
    **dict.fromkeys(("w", "h", "x", "y", "xc", "yc", "lx", "ly", "lxc", "lyc", "r", "pa", "fs", "lh"), "pixels"),
    **dict.fromkeys(("oh", "ow", "ox", "oy", "or", "otp", "ots", "otw"), "pixels"),
    **dict.fromkeys(("du", "so", "eo", "ldu", "lso", "leo"), "seconds"),
    "rt": "degrees",
    "o": "%",
    "dn": "dots per inch",
}
_FRACTIONS = frozenset({"w", "h"})  # of the original, if the number is below 1

_WHOSE = {"i": "original", "c": "current", "b": "base"}
_MEASURES = {"w": "width", "h": "height", "ar": "aspect ratio", "du": "duration", "dn": "density"}
_VARIABLES = {f"{of}{code}": f"{_WHOSE[of]} {_MEASURES[code]}" for of in _WHOSE for code in _MEASURES}
_COMPARISONS = {"eq": "=", "ne": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}

_NUMBER = re.compile(r"N?[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class ExplainedItem:
    """One item of a step.

    Attributes:
        code: Code in the URL, such as ``w``; ``l-text`` and so on for a layer, ``if`` and ``else`` for a condition.
        name: Name of the code as `parse_url` returns it, such as `width`; the code itself if it has none.
        value: Value of the code, ``-`` if it has none; the content of a layer, or the condition.
        words: Meaning, such as ``width 300 pixels``.
        is_known: Whether the code exists.
        steps: Steps inside the layer, or those that apply under the condition.
    """

    code: str
    name: str
    value: str
    words: str
    is_known: bool = True
    steps: tuple[tuple[ExplainedItem, ...], ...] = ()

    def __str__(self) -> str:
        return f"{self.words} ({explain_on_one_line(self.steps)})" if self.steps else self.words


def explain_on_one_line(steps: Sequence[Sequence[ExplainedItem]]) -> str:
    """Return the words of steps on one line."""
    return "; then ".join(", ".join(map(str, step)) for step in steps)


def explain_steps(transformation: Sequence[Mapping[str, Any]]) -> tuple[tuple[ExplainedItem, ...], ...]:
    """Return the items of each step, as `StepParser` returns the steps."""
    return tuple(step for each in transformation for step in _explain_step(each))


def _explain_step(step: Mapping[str, Any]) -> Iterator[tuple[ExplainedItem, ...]]:
    """Yield the items of a step; text that no dict can express may contain several steps."""
    if step.keys() == {"raw"}:
        yield from _explain_text(step["raw"], 0)
        return
    items: list[ExplainedItem] = []
    for name, value in step.items():
        if name == "overlay":
            items.append(_explain_overlay(value))
        elif name == "raw":
            items += [item for inner in _explain_text(value, 0) for item in inner]
        else:
            items.append(_explain_item(CODES.get(name, name), name, str(value)))
    yield tuple(items)


def _explain_text(text: str, depth: int) -> tuple[tuple[ExplainedItem, ...], ...]:
    return tuple(
        tuple(item for token in split_steps(step, ",") if token for item in _explain_token(token, depth))
        for step in split_steps(text, ":")
        if step
    )


def _explain_token(token: str, depth: int) -> Iterator[ExplainedItem]:
    if not token.startswith(("l-", "if-")):
        name, value = parse_item(token)
        yield _explain_item(CODES.get(name, name), name, str(value))
        return
    kind = "if" if token.startswith("if-") else "l"
    opening, *inner = split_steps(token.removesuffix(f",{kind}-end"), ",", outermost=1)
    if kind == "l":
        yield ExplainedItem(opening, "overlay", "-", f"{opening[2:]} layer", steps=_explain_inner(inner, depth))
        return
    condition = opening.removeprefix("if-")
    at = inner.index("if-else") if "if-else" in inner else len(inner)
    yield ExplainedItem(
        "if", "if", condition, f"if {_explain_condition(condition)}", steps=_explain_inner(inner[:at], depth)
    )
    if at < len(inner):
        yield ExplainedItem("else", "else", "-", "else", steps=_explain_inner(inner[at + 1 :], depth))


def _explain_inner(tokens: Sequence[str], depth: int) -> tuple[tuple[ExplainedItem, ...], ...]:
    text = ",".join(tokens)
    if depth == _MAX_DEPTH:
        return ((ExplainedItem("", "raw", text, f"nested too deeply: {text}", is_known=False),),)
    return _explain_text(text, depth + 1)


def _explain_overlay(overlay: Mapping[str, Any]) -> ExplainedItem:
    kind = overlay["type"]
    layer, key = LAYERS[kind]
    words = f"{kind} layer" if kind != "solidColor" else "solid color layer"
    placing = [
        _explain_item(code, key, str(values[key]))
        for part, codes in (("position", POSITION), ("timing", TIMING))
        for values in [overlay.get(part, {})]
        for key, code in codes.items()
        if key in values
    ]
    if "layer_mode" in overlay:
        placing.insert(0, _explain_item("lm", "layer_mode", overlay["layer_mode"]))
    inner = explain_steps(overlay.get("transformation", ()))
    # The position of a layer is part of its first step.
    steps = ((*placing, *(inner[0] if inner else ())), *inner[1:]) if placing or inner else ()
    return ExplainedItem(layer, "overlay", overlay[key], f'{words} "{overlay[key]}"', steps=steps)


def _explain_item(code: str, name: str, value: str) -> ExplainedItem:
    label = _LABELS.get(code)
    if label is None:
        words = f"unknown code {code!r}" if value == "-" else f"unknown code {code!r} with the value {value}"
        return ExplainedItem(code, name, value, words, is_known=False)
    return ExplainedItem(code, name, value, f"{label or code}{_explain_value(code, value)}")


def _explain_value(code: str, value: str) -> str:
    if value == "-":
        return ""
    if not _NUMBER.fullmatch(value):
        return f": {_explain_expression(value)}"
    number = value.replace("N", "-")
    if code in _FRACTIONS and 0 < float(number) < 1:
        return f" {number} of the original"
    unit = _UNITS.get(code, "")
    return f" {number} {unit.removesuffix('s') if number == '1' else unit}".rstrip()


def _explain_expression(text: str) -> str:
    """Write an arithmetic expression such as ``iw_div_2`` with signs and names; return other text unchanged."""
    parts = text.split("_")
    is_expression = len(parts) % 2 == 1 and all(part in OPERATOR_SIGNS for part in parts[1::2])
    if not is_expression or (len(parts) == 1 and text not in _VARIABLES):
        return text
    return " ".join(OPERATOR_SIGNS[part] if at % 2 else _VARIABLES.get(part, part) for at, part in enumerate(parts))


def _explain_condition(condition: str) -> str:
    return " ".join(
        part if part in ("and", "or") else _explain_comparison(part) for part in re.split(r"_(and|or)_", condition)
    )


def _explain_comparison(text: str) -> str:
    measure, _, rest = text.partition("_")
    comparison, _, value = rest.partition("_")
    if comparison not in _COMPARISONS:
        return text
    measure = _MEASURES.get(measure, _VARIABLES.get(measure, measure))
    return f"{measure} {_COMPARISONS[comparison]} {value}"
