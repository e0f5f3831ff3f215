"""What every transport is told: base URLs, timeouts, and the headers that never change."""

from __future__ import annotations

import math
import platform
from base64 import b64encode
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple, Union
from urllib.parse import urlsplit

# Seconds; one number is both.
TimeoutSeconds = Union[float, "tuple[float, float]"]


class Timeout(NamedTuple):
    """How long a request may take, in seconds.

    Attributes:
        connect: To make a connection.
        read: For the network to take each 128 KiB of an upload (asyncio: 256 KiB; in a `requests.Session` of the
            caller, `connect`), for each piece of the headers of the answer to come, and from then on for the whole
            body.
    """

    connect: float = 5.0
    read: float = 60.0


DEFAULT_TIMEOUT = Timeout()

# An answer of the service is JSON; even 1000 files with all their metadata stay far below.
MAX_ANSWER_BYTES = 64 * 1024 * 1024


def checked_timeout(timeout: TimeoutSeconds) -> Timeout:
    """Return the timeout as a pair.

    Args:
        timeout: Seconds: one number for connecting and for reading, or a pair of them.

    Raises:
        TypeError: Not numbers.
        ValueError: Not above zero, or without end: a call that can hang forever is never what was meant.
    """
    pair: tuple[Any, ...] = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    if len(pair) != 2 or not all(isinstance(seconds, (int, float)) and seconds is not True for seconds in pair):
        raise TypeError(
            f"timeout must be a number of seconds, or a pair of them to connect and to read (got {timeout!r})"
        )
    for name, seconds in zip(Timeout._fields, pair, strict=True):
        if not 0 < seconds < math.inf:
            raise ValueError(f"the {name} timeout must be a number of seconds above 0 (got {seconds})")
    return Timeout(*pair)


def checked_base_url(name: str, url: str) -> str:
    """Return the base URL without the slash at its end.

    Raises:
        TypeError: No text.
        ValueError: No absolute HTTP URL, or one with credentials, a query or a fragment.
    """
    if not isinstance(url, str):
        raise TypeError(f"{name} must be a str (got {type(url).__name__})")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # brackets that hold no IPv6 address, a port that is none
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{name} must start with https:// or http:// and a host (got {url!r})")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(f"{name} must have no credentials, query or fragment; pass keys as arguments")
    return url.rstrip("/")


def basic_authorization(private_key: str) -> str:
    """Return the Authorization header: the private key is the user name, the password is empty."""
    return "Basic " + b64encode(f"{private_key}:".encode()).decode()


def user_agent() -> str:
    """Return ``imagekitio/<version> python/<version>``."""
    try:
        own = "imagekitio/" + version("imagekitio")
    except PackageNotFoundError:  # used from a source tree
        own = "imagekitio"
    return f"{own} python/{platform.python_version()}"
