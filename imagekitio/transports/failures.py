"""Translate exceptions of an HTTP library into ours, given the kinds of its exceptions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..exceptions import ImageKitException, NetworkException, TimeoutException, UnknownException
from ..exceptions.printing import make_printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..policies import Timeout

Classes = tuple[type[BaseException], ...]

# The wording of Python's ssl module. urllib3 reports a read timeout, although nothing was sent yet.
_HANDSHAKE_TIMEOUT = "handshake operation timed out"


class Kinds(NamedTuple):
    """The meanings of a library's exceptions; an exception may be of several kinds.

    Attributes:
        not_sent: No connection was made, so nothing was sent.
        timeouts: A time limit was exceeded.
        read_timeouts: The response took too long. Once there is a connection, any other timeout is one of sending.
        not_timeouts: Exceptions that inherit from a timeout without being one.
        connection_failures: Another attempt may succeed.
        permanent: Another attempt will fail too, because the configuration is wrong.
        unreadable: A response arrived, but cannot be decoded.
        with_message: Exceptions whose explanation is in `message`, while `str` adds a status that no service sent.
    """

    not_sent: Classes
    timeouts: Classes
    read_timeouts: Classes
    not_timeouts: Classes
    connection_failures: Classes
    permanent: Classes
    unreadable: Classes
    with_message: Classes = ()


def translate_error(exc: BaseException, what: str, timeout: Timeout, kinds: Kinds) -> ImageKitException:
    """Return our exception for one of a library, which the caller chains as the cause."""
    chain = tuple(_unwrap(exc))
    for cause in chain:  # tracebacks also show these texts
        cause.args = tuple(_remove_secrets(part) if isinstance(part, str) else part for part in cause.args)
    if _has_any(chain, kinds.unreadable):
        return UnknownException(f"{what}: the response cannot be decoded: {_describe_reason(chain, kinds)}")
    not_sent = _has_any(chain, kinds.not_sent) or any(_HANDSHAKE_TIMEOUT in str(cause) for cause in chain)
    if _has_any(chain, kinds.timeouts) and not _has_any(chain, kinds.not_timeouts):
        if not_sent:
            reason = f"no connection within {timeout.connect:g} s"
        elif _has_any(chain, kinds.read_timeouts):
            reason = f"no response within {timeout.read:g} s"
        else:
            reason = f"the service accepted no more of the upload within {max(timeout):g} s"
        error: NetworkException = TimeoutException(f"{what}: {reason}")
    else:
        error = NetworkException(f"{what}: {_describe_reason(chain, kinds)}")
    error.request_sent = not not_sent
    error.retryable = _has_any(chain, kinds.connection_failures) and not _has_any(chain, kinds.permanent)
    return error


def _has_any(chain: tuple[BaseException, ...], classes: Classes) -> bool:
    return any(isinstance(exc, classes) for exc in chain)


def _unwrap(exc: BaseException) -> Iterator[BaseException]:
    """Yield the exception and those that it wraps, which libraries keep in `args`, in `reason` or as the cause.

    `__context__` is left out, because it may be an unrelated error that the caller is handling.
    """
    pending: list[object] = [exc]
    seen: set[int] = set()
    while pending:
        current = pending.pop(0)
        if isinstance(current, BaseException) and id(current) not in seen:
            seen.add(id(current))
            yield current
            pending += [*current.args, getattr(current, "reason", None), current.__cause__]


def _describe_reason(chain: tuple[BaseException, ...], kinds: Kinds) -> str:
    """Return the text of the innermost exception, on one line."""
    innermost = chain[-1]
    said = innermost.strerror if isinstance(innermost, OSError) else None
    if isinstance(innermost, kinds.with_message):
        said = getattr(innermost, "message", None)
    # It may quote text of a server, including line breaks.
    return make_printable(_remove_secrets(said or str(innermost) or type(innermost).__name__))


def _remove_secrets(text: str) -> str:
    """Remove credentials and queries of URLs, which may contain keys and signatures."""
    without_credentials = re.sub(r"//[^/@\s]*@", "//", text)
    return re.sub(r"\?[^\s'\")]*", "", without_credentials)
