"""Writes transformations as the URL has them: ``[{"width": 300, "height": 200}, {"rotation": 90}]`` is
``w-300,h-200:rt-90``.

Layers (`overlay`) hold text that must be encoded even where the rest of a step need not be, and a path encodes it
otherwise than a query: hence `quote`, the function that encodes layer text.
"""

from __future__ import annotations

from collections.abc import Mapping

from .transformation_names import CODES, FLAGS, FLAGS_WITH_OPTIONAL_VALUE, KEYWORDS, NAMELESS_CODES, PATHS

TYPE_CHECKING = False  # not from typing: importing that takes longer than all the rest of a first URL
if TYPE_CHECKING:
    from collections.abc import Callable

    Quote = Callable[[str], str]


def write_steps(transformation: object, *, quote: Quote, strict: bool = False) -> str:
    """Write the steps, joined with ``:``.

    Args:
        transformation: A list (or tuple) of dicts, one a step. A dict in its place is ignored, as all releases do.
        quote: Encodes the text of layers for the part of the URL where the steps will stand.
        strict: Whether a name that no generation knows is an error.

    Raises:
        TypeError: `transformation`, a step or a value is of a type that cannot be written.
        ValueError: A value makes no sense, or `strict` and a name is unknown.
    """
    if transformation is None or isinstance(transformation, Mapping):
        return ""
    if not isinstance(transformation, (list, tuple)):
        raise TypeError(f"transformation must be a list of dicts, one a step (got {_type_name(transformation)})")
    return ":".join(
        [_write_step(step, position, quote=quote, strict=strict) for position, step in enumerate(transformation)]
    )


def _write_step(step: object, position: int, *, quote: Quote, strict: bool) -> str:
    if not isinstance(step, Mapping):
        raise TypeError(f"transformation[{position}] must be a dict such as {{'width': 300}} (got {_type_name(step)})")
    items: list[str] = []
    for name, value in step.items():
        if not isinstance(name, str):
            raise TypeError(f"a transformation name must be text (got {name!r})")
        if strict and name not in CODES:
            check_name(name)
        if name == "overlay" and isinstance(value, Mapping):
            from .overlays import write_overlay

            item = write_overlay(value, quote=quote, strict=strict)
        else:
            item = _write_item(name, value)
        if item:
            items.append(item)
    return ",".join(items)


def _write_item(name: str, value: object) -> str:
    """Write one item; empty when the value says that there is none."""
    if name == "raw":
        if value is not None and not isinstance(value, str):
            raise TypeError(f"raw must be text such as 'w-300,h-200' (got {_type_name(value)})")
        return (value or "").strip()
    code = CODES.get(name, name)
    if value is None:
        return ""  # unset; `w-None` of release 4.x was refused by the service
    if value == "-":
        return code
    if name in FLAGS:
        return code if value is True or value == "true" else ""
    if name in FLAGS_WITH_OPTIONAL_VALUE:
        if value is False:
            return ""
        if value is True or (isinstance(value, str) and value.strip() in ("", "true")):
            return code
    if name in PATHS:
        if not isinstance(value, str):
            raise TypeError(f"{name} must be a path inside the media library (got {_type_name(value)})")
        value = value.strip("/").replace("/", "@@")
    if name == "trim" and value == "":
        value = True
    text = write_value(name, value)
    return f"{code}-{text}" if text else ""


def write_value(name: str, value: object) -> str:
    """Write a value: booleans in lower case, -40 as ``N40``, the members of a list joined with ``_``."""
    if isinstance(value, str):
        return str.__str__(value)  # not str(): a member of a text enum would give its name
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value)) if value >= 0 else f"N{-int(value)}"
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise ValueError(f"{name} must be a finite number (got {value})")
        return str(value) if value >= 0 else f"N{-value}"
    if isinstance(value, (list, tuple)):
        return "_".join([write_value(name, member) for member in value])
    if isinstance(value, (Mapping, bytes, bytearray, set, frozenset)):
        raise TypeError(f"{name} must be text, a number, a boolean or a list of them (got {_type_name(value)})")
    return str(value)


def check_name(name: str) -> None:
    """Raise ValueError naming the nearest known name, unless `name` is a known name or code."""
    known = {*CODES, *CODES.values(), *NAMELESS_CODES, *KEYWORDS}
    if name not in known:
        from ..suggestions import did_you_mean

        raise ValueError(f"unknown transformation {name!r}{did_you_mean(name, known)}")


def _type_name(value: object) -> str:
    return type(value).__name__
