"""The option ``--expires``: a span such as ``1h30m``, or a moment such as ``2026-12-01T12:00Z``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    Function = TypeVar("Function", bound=Callable[..., Any])

# A span from now, or a moment with a time zone.
Expiry = timedelta | datetime

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SPAN = re.compile(r"(?:[0-9]{1,9}[smhdw])+")
_PART = re.compile(r"([0-9]+)([smhdw])")


def expires_option(help_text: str) -> Callable[[Function], Function]:
    """Add ``--expires`` to a command; the parameter `expires` is an `Expiry`, or None."""
    return click.option("--expires", metavar="WHEN", callback=_read_option, help=help_text)


def read_expiry(text: str) -> Expiry:
    """Return the span or the moment that a text gives; a moment without a time zone is in local time.

    Raises:
        ValueError: The text is neither; the message has examples.
    """
    if _SPAN.fullmatch(text):
        seconds = sum(int(count) * _SECONDS[unit] for count, unit in _PART.findall(text))
        if not seconds:
            raise ValueError("must be at least 1s")
        return timedelta(seconds=seconds)
    try:
        moment = datetime.fromisoformat(re.sub(r"[Zz]\Z", "+00:00", text))
        return moment.astimezone()  # adds the local time zone to a moment without one
    except (ValueError, OverflowError, OSError):
        hint = f"; for seconds, write {text}s" if text.isdecimal() else ""
        raise ValueError(f"must be a span such as 30m or 1h30m, or a moment such as 2026-12-01T12:00Z{hint}") from None


def _read_option(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Expiry | None:
    if value is None:
        return None
    try:
        return read_expiry(value)
    except ValueError as exc:
        raise click.BadParameter(f"{exc} (got {value!r})") from exc
