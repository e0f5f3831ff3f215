"""The one place where exceptions of requests and urllib3 become ours."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import requests
import urllib3.exceptions as u3

from . import failures

if TYPE_CHECKING:
    from ..exceptions import ImageKitException
    from .settings import Timeout

# Everything that sending and reading may raise. OSError covers requests.RequestException, and the bare OSError of a
# CA bundle that does not exist; ProxySchemeUnsupported is the one error of urllib3 that is no HTTPError.
ERRORS = (OSError, u3.HTTPError, u3.ProxySchemeUnsupported)

_KINDS = failures.Kinds(
    not_sent=(
        u3.ConnectTimeoutError,
        u3.ProxyError,
        u3.ClosedPoolError,
        u3.EmptyPoolError,
        requests.ConnectTimeout,
        requests.exceptions.InvalidProxyURL,
    ),
    timeouts=(requests.Timeout, u3.TimeoutError, TimeoutError),
    no_timeouts=(u3.NewConnectionError,),
    connection_failures=(
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
    ),
    permanent=(ssl.CertificateError, requests.exceptions.InvalidProxyURL, u3.LocationValueError, u3.ResponseError),
    unreadable=(u3.DecodeError, requests.exceptions.ContentDecodingError),
)


def translated(exc: Exception, what: str, timeout: Timeout) -> ImageKitException:
    """Return the exception of ours for one of `ERRORS`.

    Args:
        exc: What was raised; the caller chains it as the cause.
        what: Method and URL of the request, without its query.
        timeout: What the request was given.
    """
    return failures.translated(exc, what, timeout, _KINDS)
