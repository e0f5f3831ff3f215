"""The one place where exceptions of requests and urllib3 become ours."""

from __future__ import annotations

import re
import ssl
from typing import TYPE_CHECKING

import requests
import urllib3.exceptions as u3

from ..exceptions import ImageKitException, NetworkException, TimeoutException, UnknownException

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .settings import Timeout

# Everything that sending and reading may raise. OSError covers requests.RequestException, and the bare OSError of a
# CA bundle that does not exist; ProxySchemeUnsupported is the one error of urllib3 that is no HTTPError.
ERRORS = (OSError, u3.HTTPError, u3.ProxySchemeUnsupported)

_NOT_SENT = (u3.ConnectTimeoutError, u3.ProxyError, u3.ClosedPoolError, u3.EmptyPoolError, requests.ConnectTimeout)
_TIMEOUTS = (requests.Timeout, u3.TimeoutError, TimeoutError)
_CONNECTION_FAILURES = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    u3.IncompleteRead,
    u3.InvalidChunkLength,
    u3.PoolError,
    u3.ProtocolError,
    u3.ProxyError,
    u3.SSLError,
    u3.TimeoutError,
    TimeoutError,
    ConnectionError,
)
_UNREADABLE = (u3.DecodeError, requests.exceptions.ContentDecodingError)
# These are of no use another time: the configuration is wrong.
_PERMANENT = (ssl.CertificateError, requests.exceptions.InvalidProxyURL, u3.LocationValueError, u3.ResponseError)


def translated(exc: Exception, what: str, timeout: Timeout) -> ImageKitException:
    """Return the exception of ours for one of `ERRORS`.

    Args:
        exc: What was raised; the caller chains it as the cause.
        what: Method and URL of the request, without its query.
        timeout: What the request was given.
    """
    chain = tuple(_chain(exc))
    if _any(chain, _UNREADABLE):
        return UnknownException(f"{what}: the answer cannot be decoded: {_reason(chain)}")
    not_sent = _any(chain, _NOT_SENT)
    if _any(chain, _TIMEOUTS) and not _any(chain, (u3.NewConnectionError,)):
        seconds = f"no connection within {timeout.connect:g} s" if not_sent else f"no answer within {timeout.read:g} s"
        error: NetworkException = TimeoutException(f"{what}: {seconds}")
    else:
        error = NetworkException(f"{what}: {_reason(chain)}")
    error.request_sent = not not_sent
    error.retryable = _any(chain, _CONNECTION_FAILURES) and not _any(chain, _PERMANENT)
    return error


def _any(chain: tuple[BaseException, ...], classes: tuple[type[BaseException], ...]) -> bool:
    return any(isinstance(exc, classes) for exc in chain)


def _chain(exc: BaseException) -> Iterator[BaseException]:
    """Give the exception and what it wraps: requests and urllib3 keep it in `args`, `reason` or as the cause.

    Not in `__context__`: that may be an unrelated error that the caller is just handling.
    """
    pending: list[object] = [exc]
    seen: set[int] = set()
    while pending:
        current = pending.pop(0)
        if isinstance(current, BaseException) and id(current) not in seen:
            seen.add(id(current))
            yield current
            pending += [*current.args, getattr(current, "reason", None), current.__cause__]


def _reason(chain: tuple[BaseException, ...]) -> str:
    """Return what the innermost exception says, without the secrets that a URL may hold."""
    innermost = chain[-1]
    said = innermost.strerror if isinstance(innermost, OSError) else None
    text = said or str(innermost) or type(innermost).__name__
    without_credentials = re.sub(r"//[^/@\s]*@", "//", text)
    return re.sub(r"\?[^\s'\")]*", "", without_credentials)
