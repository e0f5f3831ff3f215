"""Delivery URLs for the page, and the Python code that makes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ...urls.builder import UrlBuilder
from ...urls.transformations.parsing import order_layers

if TYPE_CHECKING:
    from ...urls.transformations.types import Transformation
    from ..base.settings import Settings

_MAX_LINE = 100  # characters; longer calls are split into several lines


class Link(NamedTuple):
    """A URL and the Python call that returns it, for a client named ``imagekit``."""

    url: str
    python: str


def make_link(
    settings: Settings,
    path: str,
    steps: str = "",
    *,
    signed: bool = False,
    expire_seconds: int | None = None,
    position: Literal["path", "query"] = "path",
    request_url: str | None = None,
) -> Link:
    """Build the URL of a file as the SDK does, from transformation steps in URL syntax.

    Args:
        path: Canonical path of the file.
        steps: Steps such as ``w-400,h-300:rt-90``; empty without a transformation.
        expire_seconds: Seconds until a signed URL expires; None makes one that never expires.
        position: Place of the steps in the URL, ``path`` or ``query``.
        request_url: Base URL under which the page is open.
    Raises:
        ValueError: The options are not valid.
    """
    endpoint = settings.url_endpoints(request_url).primary
    builder = UrlBuilder(settings.keys[0].private_key, endpoint, clock=settings.clock.time)
    raw: Transformation = {"raw": order_layers(steps)}
    # Parsed back, so that the Python code uses names rather than codes wherever they are equivalent.
    typed = builder.url(path=path, transformation=raw, transformation_position=position)
    options = builder.parse_url(typed).options
    asked_position = options.pop("transformation_position")
    if steps and asked_position != builder.transformation_position:
        options["transformation_position"] = asked_position
    if signed:
        options |= {"signed": True} | ({} if expire_seconds is None else {"expire_seconds": expire_seconds})
    return Link(builder.url(**options), _call("imagekit.url", options))


def _call(function: str, arguments: Mapping[str, Any]) -> str:
    line = f"{function}({', '.join(f'{name}={_literal(value)}' for name, value in arguments.items())})"
    if len(line) <= _MAX_LINE:
        return line
    lines = (_wrap(f"    {name}=", value) for name, value in arguments.items())
    return "\n".join([f"{function}(", *lines, ")"])


def _wrap(start: str, value: Any) -> str:
    """Return a value and a comma after `start`, on several lines if one would be too long."""
    line = f"{start}{_literal(value)},"
    if len(line) <= _MAX_LINE or not value or not isinstance(value, (list, Mapping)):
        return line
    margin = " " * (len(start) - len(start.lstrip()))
    if isinstance(value, list):
        brackets, inner = "[]", [_wrap(f"{margin}    ", element) for element in value]
    else:
        brackets, inner = "{}", [_wrap(f"{margin}    {_literal(name)}: ", each) for name, each in value.items()]
    return "\n".join([start + brackets[0], *inner, f"{margin}{brackets[1]},"])


def _literal(value: Any) -> str:
    """Return a Python literal in the usual style; a JSON string is one too."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_literal(name)}: {_literal(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return repr(value)
