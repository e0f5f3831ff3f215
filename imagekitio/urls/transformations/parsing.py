"""Parse transformation steps into the dicts that `steps` writes, with layers as `overlay` dicts.

Source: ImageKit docs, "Image transformations", "Overlay using layers" and "Conditional transformations".
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from typing import TYPE_CHECKING, Any

from ..quoting import unquote
from .names import KEYWORDS, NAMES_BY_CODE, PATHS
from .overlays import LAYERS, POSITION, TIMING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MAX_DEPTH = 8  # nested layers; the service accepts three levels

_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")

_KINDS = {layer: (kind, content_key) for kind, (layer, content_key) in LAYERS.items() if kind != "solidColor"}
# The codes that position a layer: code → the part of the overlay, and the key in it.
_PLACING = {
    **{code: ("position", key) for key, code in POSITION.items()},
    **{code: ("timing", key) for key, code in TIMING.items()},
}
_ORDER = ("i", "ie", "lm", *_PLACING)


class StepParser:
    """A parser for the steps of a URL.

    Args:
        write: `write_path_steps` or `write_query_steps`. It writes the returned dicts exactly as it writes the text as
            ``raw``; text that no dict can express stays ``raw``.
    """

    def __init__(self, write: Callable[[object], str]) -> None:
        self._write = write

    def parse(self, steps: str) -> list[dict[str, Any]]:
        """Return steps such as ``w-300:rt-90``, decoded or still encoded, as `url()` takes them: a dict for each."""
        return self._parse_steps(steps, 0) if steps else []

    def _parse_steps(self, steps: str, depth: int) -> list[dict[str, Any]]:
        parsed = [self._parse_step(step, depth) for step in split_steps(steps, ":")]
        return parsed if self._is_written_as(parsed, steps) else [{"raw": steps}]

    def _parse_step(self, step: str, depth: int) -> dict[str, Any]:
        parsed: dict[str, Any] = {}
        others: list[str] = []  # a dict can hold only one layer
        for token in split_steps(step, ",") if step else ():
            if not token.startswith(("l-", "if-")):
                name, value = parse_item(token)
                if name not in KEYWORDS:  # `overlay-5`, which no dict can express
                    parsed[name] = value
                    continue
            overlay = None if "overlay" in parsed else self._parse_layer(token, depth)
            if overlay is None:
                others.append(token)
                parsed["raw"] = ",".join(others)
            else:
                parsed["overlay"] = overlay
        # A step that would be written differently, for example because a code occurs twice, is kept unchanged.
        return parsed if self._is_written_as([parsed], step) else {"raw": step}

    def _parse_layer(self, text: str, depth: int) -> dict[str, Any] | None:
        """Return a layer, from ``l-…`` to ``l-end``, as an `overlay` dict; None if no dict can express it."""
        layer, *tokens = split_steps(text.removesuffix(",l-end"), ",", outermost=1)
        if depth == _MAX_DEPTH or layer not in _KINDS or not tokens or not _is_layer(text):
            return None
        rest: dict[str, Any] = {}
        steps: list[str] = []
        for token in tokens[1:]:
            code, value = _split_code(token)
            if code == "lm":
                rest["layer_mode"] = value
            elif code in _PLACING:
                part, key = _PLACING[code]
                rest.setdefault(part, {})[key] = _parse_value(value)
            else:
                steps.append(token)
        for content, count in _read_content(layer, tokens[0], steps):
            overlay = {**content, **rest}
            if steps[count:]:
                overlay["transformation"] = self._parse_steps(",".join(steps[count:]), depth + 1)
            if self._is_written_as([{"overlay": overlay}], text):
                return overlay
        return None

    def _is_written_as(self, parsed: list[dict[str, Any]], steps: str) -> bool:
        return self._write(parsed) == self._write({"raw": steps})


def order_layers(steps: str) -> str:
    """Return the steps with the items of each layer in the order in which `url()` writes them.

    The meaning stays the same: the codes that position a layer may occur anywhere in it.
    """
    return _order_layers(steps, 0)


def _order_layers(steps: str, depth: int) -> str:
    return ":".join(
        ",".join(_order_layer(token, depth) if _is_layer(token) else token for token in split_steps(step, ","))
        for step in split_steps(steps, ":")
    )


def _order_layer(text: str, depth: int) -> str:
    if depth == _MAX_DEPTH:
        return text
    layer, *items = split_steps(text.removesuffix(",l-end"), ",", outermost=1)
    ordered = [item for code in _ORDER for item in items if _split_code(item)[0] == code]
    steps = ",".join(item for item in items if _split_code(item)[0] not in _ORDER)
    return ",".join([layer, *ordered, *([_order_layers(steps, depth + 1)] if steps else []), "l-end"])


def _is_layer(token: str) -> bool:
    return token.startswith("l-") and token.endswith(",l-end")


def split_steps(steps: str, separator: str, *, outermost: int = 0) -> list[str]:
    """Split steps at the separators that are nested in at most `outermost` layers and conditions."""
    parts: list[str] = []
    start = depth = 0
    for found in re.finditer(r"([^,:]*)([,:]?)", steps):
        token, end = found.groups()
        if token in ("l-end", "if-end"):
            depth -= 1
        elif token.startswith(("l-", "if-")) and token != "if-else":
            depth += 1
        if end == separator and depth <= outermost:
            parts.append(steps[start : found.start(2)])
            start = found.end()
    return [*parts, steps[start:]]


def parse_item(token: str) -> tuple[str, Any]:
    """Return the name and the value of an item: ``w-300`` is `width` and 300. A missing value is ``-``."""
    code = _find_code(token)
    name, value = NAMES_BY_CODE.get(code, code), token[len(code) + 1 :]
    if len(token) == len(code):
        return name, "-"
    return name, value.replace("@@", "/") if name in PATHS else _parse_value(value)


def _split_code(token: str) -> tuple[str, str]:
    """Return the code and the value of an item of a layer; both are empty where a new step begins."""
    code, _, value = token.partition("-")
    return ("", "") if ":" in token else (code, value)


def _parse_value(text: str) -> int | str:
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else text


def _find_code(token: str) -> str:
    """Return the longest known code that `token` starts with; a code may contain one dash (``e-sharpen-10``)."""
    parts = token.split("-", 2)
    for length in (2, 1):
        code = "-".join(parts[:length])
        if code in NAMES_BY_CODE:
            return code
    return parts[0]


def _read_content(layer: str, token: str, steps: list[str]) -> Iterator[tuple[dict[str, str], int]]:
    """Yield the possible meanings of `token`, and how many of the `steps` belong to it; text has several encodings."""
    if layer == "l-image" and token == "i-ik_canvas" and steps and steps[0].startswith("bg-"):
        yield {"type": "solidColor", "color": steps[0].removeprefix("bg-")}, 1
    kind, key = _KINDS[layer]
    code, _, value = token.partition("-")
    for text in (unquote(value).decode(errors="replace"), value):
        if code == "ie":
            content, encoding = _decode_base64(text), "base64"
        else:
            content, encoding = text if kind == "text" else text.replace("@@", "/"), "plain"
        if content.strip("/") or (content and kind == "text"):
            yield {"type": kind, key: content}, 0
            yield {"type": kind, key: content, "encoding": encoding}, 0


def _decode_base64(text: str) -> str:
    try:
        return a2b_base64(text).decode(errors="replace")
    except ValueError:
        return ""
