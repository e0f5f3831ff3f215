"""The one place where exceptions of aiohttp and asyncio become ours."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from ..exceptions import NetworkException
from . import failures

if TYPE_CHECKING:
    from ..exceptions import ImageKitException
    from .settings import Timeout


class NoAnswerError(Exception):
    """The connection was lost before an answer came; the cause is what aiohttp raised.

    A class that aiohttp does not know, so that it does not send the request again by itself.
    """


class UnpackingError(Exception):
    """The content of the answer is not what its Content-Encoding says."""


# Everything that sending and reading may raise. asyncio.TimeoutError is an OSError from Python 3.11 on only; a session
# that is closed raises RuntimeError.
ERRORS = (
    aiohttp.ClientError,
    asyncio.TimeoutError,
    HttpProcessingError,
    OSError,
    RuntimeError,
    NoAnswerError,
    UnpackingError,
)

_KINDS = failures.Kinds(
    not_sent=(
        aiohttp.ClientConnectorError,
        aiohttp.ConnectionTimeoutError,
        aiohttp.ServerFingerprintMismatch,
        aiohttp.ClientHttpProxyError,
        aiohttp.InvalidURL,
        aiohttp.NonHttpUrlClientError,
    ),
    timeouts=(asyncio.TimeoutError, TimeoutError),
    no_timeouts=(),
    connection_failures=(
        aiohttp.ClientConnectionError,
        aiohttp.ClientHttpProxyError,
        aiohttp.ClientPayloadError,
        HttpProcessingError,
        asyncio.TimeoutError,
        ConnectionError,
        TimeoutError,
    ),
    permanent=(ssl.CertificateError, aiohttp.ServerFingerprintMismatch, aiohttp.InvalidURL),
    unreadable=(UnpackingError,),
    with_message=(HttpProcessingError,),
)


def translated(exc: Exception, what: str, timeout: Timeout, *, is_closed: bool) -> ImageKitException:
    """Return the exception of ours for one of `ERRORS`.

    Args:
        exc: What was raised; the caller chains it as the cause.
        what: Method and URL of the request, without its query.
        timeout: What the request was given.
        is_closed: Whether the session was closed meanwhile.
    Raises:
        RuntimeError: That is `exc`, and the session was not closed.
    """
    if is_closed:
        error = NetworkException(f"{what}: the client was closed while it waited for the answer")
        error.retryable = False
        return error
    if isinstance(exc, RuntimeError):
        raise exc
    return failures.translated(exc, what, timeout, _KINDS)
