"""Translate exceptions of requests and urllib3 into ours, in this one place."""

from __future__ import annotations

import ssl

import requests
import urllib3.exceptions as u3

from ..failures import Kinds

# All exceptions that sending and reading may raise. OSError covers requests.RequestException, and the bare OSError for
# a missing CA bundle; ProxySchemeUnsupported is the only error of urllib3 that is not an HTTPError.
ERRORS = (OSError, u3.HTTPError, u3.ProxySchemeUnsupported)

KINDS = Kinds(
    not_sent=(
        u3.ConnectTimeoutError,
        u3.ProxyError,
        u3.ClosedPoolError,
        u3.EmptyPoolError,
        requests.ConnectTimeout,
        requests.exceptions.InvalidProxyURL,
    ),
    timeouts=(requests.Timeout, u3.TimeoutError, TimeoutError),
    read_timeouts=(requests.ReadTimeout, u3.ReadTimeoutError),
    not_timeouts=(u3.NewConnectionError,),
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
