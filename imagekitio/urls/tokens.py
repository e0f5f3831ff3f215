"""Upload tokens: what a browser needs to upload a file, created on the server, which has the private key.

Source: ImageKit docs, "Client-side file upload".
"""

from __future__ import annotations

import uuid
import warnings
from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict

from .moments import read_moment
from .quoting import check_text
from .signing import Signer

if TYPE_CHECKING:
    from datetime import datetime

LIFETIME = 1800  # seconds; the default
_LIMIT = 3600  # seconds; the service allows less


class AuthenticationParameters(TypedDict):
    """The values that a browser needs: `token` (used only once), `expire` (Unix time in seconds) and `signature`."""

    token: str
    expire: int
    signature: str


def get_authentication_parameters(
    private_key: str, token: str | None = "", expire: float | timedelta | datetime | None = 0, *, now: int
) -> AuthenticationParameters:
    """Return a token, its expiry and the signature of both; see `UrlBuilder.get_authentication_parameters`."""
    token = check_text("token", token or str(uuid.uuid4()))
    expires_at = read_expire(expire, now)
    left = expires_at - now  # seconds
    if left <= 0:
        warnings.warn(f"the upload token expired {-left} s ago; the service will refuse it", stacklevel=3)
    elif left >= _LIMIT:
        warnings.warn(f"the upload token expires in {left} s; the service allows less than {_LIMIT} s", stacklevel=3)
    return {"token": token, "expire": expires_at, "signature": Signer(private_key).sign(f"{token}{expires_at}")}


def read_expire(expire: float | timedelta | datetime | None, now: int) -> int:
    """Return the Unix time in seconds at which a token expires; by default, half an hour from `now`.

    Raises:
        TypeError, ValueError: `expire` is not a time, or a datetime without a time zone.
    """
    if isinstance(expire, timedelta):
        return now + int(expire.total_seconds())
    if expire is None or expire == 0:
        return now + LIFETIME
    return read_moment("expire", expire, span="timedelta(seconds={})")
