"""Writes `overlay` dicts (release 5) as layers: ``l-text,i-Hello,fs-20,l-end``.

Two things differ from release 5: a position of 0 is kept (it dropped numeric zeros, so that ``x: 0`` meant centred),
and an unknown type is an error (it printed a lone ``l-end``).

Source: ImageKit docs, "Overlay using layers".
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Mapping

from ..suggestions import did_you_mean
from .quoting import encode
from .steps import write_steps, write_value

TYPE_CHECKING = False  # not from typing: importing that takes longer than all the rest of a first URL
if TYPE_CHECKING:
    from .steps import Quote

# type -> layer, and the key that holds its content
_LAYERS = {
    "text": ("l-text", "text"),
    "image": ("l-image", "input"),
    "video": ("l-video", "input"),
    "subtitle": ("l-subtitles", "input"),
    "solidColor": ("l-image", "color"),
}

# In the order in which they are written.
_POSITION = {
    "x": "lx",
    "y": "ly",
    "x_center": "lxc",
    "y_center": "lyc",
    "anchor_point": "lap",
    "focus": "lfo",
}
_TIMING = {"start": "lso", "end": "leo", "duration": "ldu"}
_CAMEL_CASE = {
    "layerMode": "layer_mode",
    "xCenter": "x_center",
    "yCenter": "y_center",
    "anchorPoint": "anchor_point",
    "solid_color": "solidColor",
}
_KEYS = frozenset({"type", "text", "input", "color", "encoding", "layer_mode", "position", "timing", "transformation"})

_PLAIN_TEXT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._ ")
_PLAIN_PATH = _PLAIN_TEXT | {"/"}


def write_overlay(overlay: Mapping[str, object], *, quote: Quote, strict: bool) -> str:
    """Write one layer, from ``l-…`` to ``l-end``; empty when type or content is missing, as in release 5.

    Raises:
        TypeError: A part of the dict has the wrong type.
        ValueError: The type, the encoding or a key is unknown.
    """
    keys = _snake_case("overlay", overlay, _KEYS)
    kind = keys.get("type")
    if not kind:
        return ""
    kind = _CAMEL_CASE.get(str(kind), kind)
    if kind not in _LAYERS:
        raise ValueError(f"unknown overlay type {kind!r}{did_you_mean(str(kind), _LAYERS)}")
    layer, content_key = _LAYERS[str(kind)]
    content = keys.get(content_key)
    if not content:
        return ""
    if not isinstance(content, str):
        raise TypeError(f"{content_key} of a {kind} overlay must be text (got {type(content).__name__})")
    items = [layer, *_content(str(kind), content, keys.get("encoding") or "auto", quote=quote)]
    if keys.get("layer_mode"):
        items.append(f"lm-{write_value('layer_mode', keys['layer_mode'])}")
    items += _codes("position", keys.get("position"), _POSITION)
    items += _codes("timing", keys.get("timing"), _TIMING)
    steps = write_steps(keys.get("transformation"), quote=quote, strict=strict)
    if steps:
        items.append(steps)
    items.append("l-end")
    return ",".join(items)


def _content(kind: str, content: str, encoding: object, *, quote: Quote) -> list[str]:
    if kind == "solidColor":
        return ["i-ik_canvas", f"bg-{content}"]
    if encoding not in ("auto", "plain", "base64"):
        raise ValueError(f"encoding of an overlay must be 'auto', 'plain' or 'base64' (got {encoding!r})")
    is_path = kind != "text"
    if is_path:
        content = content.strip("/")
    plain = encoding == "plain" or (encoding == "auto" and set(content) <= (_PLAIN_PATH if is_path else _PLAIN_TEXT))
    if not plain:
        return ["ie-" + quote(b2a_base64(encode(content), newline=False).decode("ascii"))]
    return ["i-" + (content.replace("/", "@@") if is_path else quote(content))]


def _codes(what: str, values: object, codes: Mapping[str, str]) -> list[str]:
    if values is None:
        return []
    if not isinstance(values, Mapping):
        raise TypeError(f"{what} of an overlay must be a dict (got {type(values).__name__})")
    given = _snake_case(what, values, frozenset(codes))
    return [
        f"{code}-{write_value(key, given[key])}"
        for key, code in codes.items()
        if given.get(key) is not None and given[key] != ""
    ]


def _snake_case(what: str, values: Mapping[str, object], known: frozenset[str]) -> dict[str, object]:
    keys = {_CAMEL_CASE.get(key, key): value for key, value in values.items()}
    for key in keys:
        if key not in known:
            raise ValueError(f"unknown key {key!r} in {what}{did_you_mean(str(key), known)}")
    return keys
