"""Write transformations: ``[{"width": 300, "height": 200}, {"rotation": 90}]`` becomes ``w-300,h-200:rt-90``.

Layers (`overlay`) contain text that must be encoded even if the rest of a step need not be, and differently in a path
and in a query. The function `quote` encodes the text of layers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ..quoting import quote_component, quote_form, quote_path
from .values import write_item

if TYPE_CHECKING:
    from collections.abc import Callable

    Quote = Callable[[str], str]


def write_path_steps(transformation: object, *, strict: bool = False) -> str:
    """Return the encoded steps as a path segment (``tr:w-300/``); empty without steps. See `write_steps`."""
    steps = write_steps(transformation, quote=quote_component, strict=strict).strip("/")
    return f"tr:{quote_path(steps)}/" if steps else ""


def write_query_steps(transformation: object, *, strict: bool = False) -> str:
    """Return the encoded steps as the value of the query parameter ``tr``; empty without steps. See `write_steps`."""
    return quote_form(write_steps(transformation, quote=str, strict=strict))


def write_steps(transformation: object, *, quote: Quote, strict: bool = False) -> str:
    """Return the steps, joined with ``:`` and not yet encoded.

    Args:
        transformation: A list (or tuple) of dicts, one for each step; a single dict is one step. Steps in which no
            value is set are left out.
        quote: Function that encodes the text of layers for the part of the URL that will contain the steps.
        strict: Whether a name that no release knows, or a value that the service does not accept, is an error.
    Raises:
        TypeError: `transformation`, a step or a value has a type that cannot be written.
        ValueError: A value is not valid, `strict` is set and `checking` finds a mistake, or `transformation` contains
            itself.
    """
    try:
        return _join_steps(transformation, quote=quote, strict=strict)
    except RecursionError as exc:
        raise ValueError("transformation must not contain itself") from exc


def _join_steps(transformation: object, *, quote: Quote, strict: bool) -> str:
    written = [_write_step(step, at, quote, strict) for at, step in enumerate(list_steps(transformation))]
    return ":".join([step for step in written if step])


def list_steps(transformation: object) -> Sequence[object]:
    """Return the steps of a transformation, which may be a single dict, or None.

    Raises:
        TypeError: `transformation` has another type.
    """
    if transformation is None:
        return ()
    if isinstance(transformation, Mapping):
        return (transformation,)
    if not isinstance(transformation, (list, tuple)):
        raise TypeError(f"transformation must be a list of dicts, one for each step (got {transformation!r})")
    return transformation


def _write_step(step: object, position: int, quote: Quote, strict: bool) -> str:
    if not isinstance(step, Mapping):
        raise TypeError(f"transformation[{position}] must be a dict such as {{'width': 300}} (got {step!r})")
    items: list[str] = []
    for name, value in step.items():
        if not isinstance(name, str):
            raise TypeError(f"a transformation name must be text (got {name!r})")
        if strict:
            from .checking import check_item  # takes time to load, like `overlays`, and not every program needs it

            check_item(name, value)
        if name == "overlay" and value is not None:
            from .overlays import write_overlay

            write_layer_steps = partial(_join_steps, quote=quote, strict=strict)
            item = write_overlay(value, quote=quote, write_steps=write_layer_steps, strict=strict)
        else:
            item = write_item(name, value)
        if item:
            items.append(item)
    return ",".join(items)
