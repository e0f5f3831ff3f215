"""Translate exceptions of aiohttp and asyncio into ours, in this one place."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING

import aiohttp
from aiohttp.http_exceptions import ContentEncodingError, HttpProcessingError

from ...exceptions import NetworkException
from .. import failures

if TYPE_CHECKING:
    from ...exceptions import ImageKitException
    from ...policies import Timeout


class NoResponseError(Exception):
    """The connection was lost before a response arrived; the cause is the exception of aiohttp.

    aiohttp does not know this class, so it does not resend the request.
    """


# All exceptions that sending and reading may raise. asyncio.TimeoutError is an OSError only since Python 3.11; a closed
# session raises RuntimeError.
ERRORS = (
    aiohttp.ClientError,
    asyncio.TimeoutError,
    HttpProcessingError,
    OSError,
    RuntimeError,
    NoResponseError,
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
    read_timeouts=(asyncio.TimeoutError, TimeoutError),  # `StreamedBody` limits the time for sending
    not_timeouts=(),
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
    unreadable=(ContentEncodingError,),
    with_message=(HttpProcessingError,),
)


def translate_error(exc: Exception, what: str, timeout: Timeout, *, is_closed: bool) -> ImageKitException:
    """Return our exception for one of `ERRORS`.

    Args:
        exc: The exception; the caller chains it as the cause.
        what: Method and URL of the request, without its query.
        timeout: The limits that the request had.
        is_closed: Whether the session has been closed in the meantime.

    Raises:
        RuntimeError: `exc` itself, if it is one and the session is open.
    """
    if is_closed:
        error = NetworkException(f"{what}: the client was closed while it waited for the response")
        error.retryable = False
        return error
    if isinstance(exc, RuntimeError):
        raise exc
    return failures.translate_error(exc, what, timeout, _KINDS)
