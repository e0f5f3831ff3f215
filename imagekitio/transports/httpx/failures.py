"""Translate exceptions of httpx into ours, in this one place."""

from __future__ import annotations

import ssl

import httpx

from ..failures import Kinds

# All exceptions that sending and reading may raise. A closed client raises RuntimeError.
ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, RuntimeError)

KINDS = Kinds(
    not_sent=(
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.ProxyError,
        httpx.UnsupportedProtocol,
        httpx.InvalidURL,
    ),
    timeouts=(httpx.TimeoutException, TimeoutError),
    read_timeouts=(httpx.ReadTimeout,),
    not_timeouts=(),
    connection_failures=(httpx.TimeoutException, httpx.NetworkError, httpx.ProtocolError, httpx.ProxyError, OSError),
    permanent=(ssl.CertificateError, httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL),
    unreadable=(httpx.DecodingError,),
)
