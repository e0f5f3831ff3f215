"""Write `overlay` dicts (release 5) as layers: ``l-text,i-Hello,fs-20,l-end``.

Three things differ from release 5: a position of 0 is kept (release 5 dropped it, so that ``x: 0`` meant centred), an
unknown type is an error (release 5 wrote a lone ``l-end``), and so is a missing one, or a layer without content
(release 5 left the whole layer out).

Source: ImageKit docs, "Overlay using layers".
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...suggestions import did_you_mean
from ..quoting import encode
from .values import write_value

if TYPE_CHECKING:
    from collections.abc import Callable

# Type → layer, and the key of its content.
LAYERS = {
    "text": ("l-text", "text"),
    "image": ("l-image", "input"),
    "video": ("l-video", "input"),
    "subtitle": ("l-subtitles", "input"),
    "solidColor": ("l-image", "color"),
}

# In the order in which they are written.
POSITION = {"x": "lx", "y": "ly", "x_center": "lxc", "y_center": "lyc", "anchor_point": "lap", "focus": "lfo"}
TIMING = {"start": "lso", "end": "leo", "duration": "ldu"}
CAMEL_CASE = {"layerMode": "layer_mode", "xCenter": "x_center", "yCenter": "y_center", "anchorPoint": "anchor_point"}
KEYS = frozenset({"type", "text", "input", "color", "encoding", "layer_mode", "position", "timing", "transformation"})

_PLAIN_TEXT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._ ")
_PLAIN_PATH = _PLAIN_TEXT | {"/"}


def write_overlay(
    overlay: object, *, quote: Callable[[str], str], write_steps: Callable[[object], str], strict: bool = False
) -> str:
    """Return one layer, from ``l-…`` to ``l-end``.

    Args:
        overlay: The dict.
        quote: Function that encodes text for the part of the URL that will contain the layer.
        write_steps: Function that writes the transformation of the layer.
        strict: Whether a mode, position or timing that the service does not accept is an error.
    Raises:
        TypeError: `overlay` is not a dict, or a value has the wrong type.
        ValueError: The type or the content is missing, or the type, the encoding or a key is unknown; with `strict`,
            also a value.
    """
    if not isinstance(overlay, Mapping):
        raise TypeError(f"overlay must be a dict such as {{'type': 'text', 'text': 'Sale'}} (got {overlay!r})")
    keys = _rename_keys("overlay", overlay, KEYS)
    kind = keys.get("type")
    if kind is None or kind == "":
        raise ValueError(f"an overlay needs a type: one of {', '.join(map(repr, LAYERS))} (got {dict(overlay)!r})")
    kind = "solidColor" if kind == "solid_color" else kind
    if kind not in LAYERS:
        raise ValueError(f"unknown overlay type {kind!r}{did_you_mean(str(kind), LAYERS)}")
    layer, content_key = LAYERS[str(kind)]
    content = keys.get(content_key)
    if content is None or content == "":
        raise ValueError(f"an overlay of type {kind!r} needs {content_key!r} (got {dict(overlay)!r})")
    if not isinstance(content, str):
        raise TypeError(f"{content_key} of a {kind} overlay must be text (got {type(content).__name__})")
    items = [layer, *_write_content(str(kind), content, keys.get("encoding") or "auto", quote=quote)]
    if keys.get("layer_mode"):
        items.append(_write_code("layer_mode", "lm", keys["layer_mode"], strict))
    items += _write_codes("position", keys.get("position"), POSITION, strict)
    items += _write_codes("timing", keys.get("timing"), TIMING, strict)
    steps = write_steps(keys.get("transformation"))
    if steps:
        items.append(steps)
    items.append("l-end")
    return ",".join(items)


def _write_content(kind: str, content: str, encoding: object, *, quote: Callable[[str], str]) -> list[str]:
    if kind == "solidColor":
        return ["i-ik_canvas", f"bg-{content}"]
    if encoding not in ("auto", "plain", "base64"):
        raise ValueError(f"encoding of an overlay must be 'auto', 'plain' or 'base64' (got {encoding!r})")
    is_path = kind != "text"
    if is_path:
        content = content.strip("/")
        if not content:
            raise ValueError(f"an overlay of type {kind!r} needs the path of a file as input (got '/')")
    is_plain = encoding == "plain" or (encoding == "auto" and set(content) <= (_PLAIN_PATH if is_path else _PLAIN_TEXT))
    if not is_plain:
        return ["ie-" + quote(b2a_base64(encode(content), newline=False).decode("ascii"))]
    return ["i-" + (content.replace("/", "@@") if is_path else quote(content))]


def _write_codes(what: str, values: object, codes: Mapping[str, str], strict: bool) -> list[str]:
    if values is None:
        return []
    if not isinstance(values, Mapping):
        raise TypeError(f"{what} of an overlay must be a dict (got {type(values).__name__})")
    given = _rename_keys(what, values, frozenset(codes))
    return [
        _write_code(f"{what}.{key}", code, given[key], strict)
        for key, code in codes.items()
        if given.get(key) not in (None, "")
    ]


def _write_code(name: str, code: str, value: object, strict: bool) -> str:
    if strict:
        from .checking import check_overlay_value

        check_overlay_value(name, value)
    return f"{code}-{write_value(name, value)}"


def _rename_keys(what: str, values: Mapping[str, object], known: frozenset[str]) -> dict[str, object]:
    """Return the values under their snake_case keys."""
    renamed = {CAMEL_CASE.get(key, key): value for key, value in values.items()}
    for key in renamed:
        if key not in known:
            raise ValueError(f"unknown key {key!r} in {what}{did_you_mean(str(key), known)}")
    return renamed
