"""Upload tokens: what a browser needs to upload a file itself, made on the server that holds the private key.

Source: ImageKit docs, "Client-side file upload".
"""

from __future__ import annotations

import time
import uuid
import warnings
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from .signing import Signer

if TYPE_CHECKING:
    from collections.abc import Callable

LIFETIME = 1800  # seconds, unless the caller says otherwise
_LONGEST_LIFETIME = 3600  # seconds; the service wants less
_SMALLEST_TIME = 1_000_000_000  # September 2001; a smaller number is a span that was meant to be a time


class AuthenticationParameters(TypedDict):
    """What goes to the browser: `token` (unique for ever), `expire` (Unix time in seconds), `signature`."""

    token: str
    expire: int
    signature: str


def authentication_parameters(
    private_key: str,
    token: str | None = "",
    expire: float | timedelta | datetime | None = 0,
    *,
    clock: Callable[[], float] = time.time,
) -> AuthenticationParameters:
    """Return a token, its expiry and the signature of both.

    Args:
        private_key: Signs the token.
        token: Any text that is never used twice; empty for a UUID.
        expire: When the token ends: a Unix time in seconds, an aware datetime, or a timedelta from now; 0 or None
            for half an hour from now. A time that the service refuses (past, or an hour or more
            ahead) is warned about.
        clock: Gives the Unix time in seconds.

    Raises:
        TypeError: `token` is no text, or `expire` nothing that says a time.
        ValueError: `expire` is a number too small to be a time, or a datetime without a time zone.
    """
    token = token or str(uuid.uuid4())
    if not isinstance(token, str):
        raise TypeError(f"token must be text (got {type(token).__name__})")
    now = int(clock())
    expires_at = _expires_at(expire, now)
    if expires_at <= now:
        warnings.warn(f"the upload token expired {now - expires_at} s ago; the service will refuse it", stacklevel=3)
    elif expires_at - now >= _LONGEST_LIFETIME:
        warnings.warn(
            f"the upload token expires in {expires_at - now} s; the service takes less than {_LONGEST_LIFETIME} s only",
            stacklevel=3,
        )
    return {"token": token, "expire": expires_at, "signature": Signer(private_key).sign(f"{token}{expires_at}")}


def _expires_at(expire: float | timedelta | datetime | None, now: int) -> int:
    if isinstance(expire, timedelta):
        return now + int(expire.total_seconds())
    if isinstance(expire, datetime):
        if expire.tzinfo is None:
            raise ValueError(f"expire must have a time zone, such as datetime.now(timezone.utc) has (got {expire!r})")
        return int(expire.timestamp())
    if expire is None or expire == 0:
        return now + LIFETIME
    if isinstance(expire, bool) or not isinstance(expire, (int, float)):
        raise TypeError(f"expire must be a Unix time, a datetime or a timedelta (got {type(expire).__name__})")
    if not _SMALLEST_TIME <= expire < 100 * _SMALLEST_TIME:
        raise ValueError(
            f"expire must be a Unix time in seconds (got {expire!r}); for a span pass timedelta(seconds={expire!r})"
        )
    return int(expire)
