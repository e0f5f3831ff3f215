"""How an exception of an HTTP library becomes one of ours, by the kinds of exceptions that the library has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..exceptions import ImageKitException, NetworkException, TimeoutException, UnknownException

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .settings import Timeout

Classes = tuple[type[BaseException], ...]


class Kinds(NamedTuple):
    """What the exceptions of a library mean; one may be of several kinds.

    Attributes:
        not_sent: No connection was made, so that nothing was sent.
        timeouts: It took too long.
        no_timeouts: Were it not for these: they stand below a timeout, and are none.
        connection_failures: Another attempt may succeed.
        permanent: It will not: the configuration is wrong.
        unreadable: An answer came, and cannot be decoded.
        with_message: What they say is their `message`; `str` puts a status before it that no service answered.
    """

    not_sent: Classes
    timeouts: Classes
    no_timeouts: Classes
    connection_failures: Classes
    permanent: Classes
    unreadable: Classes
    with_message: Classes = ()


def translated(exc: BaseException, what: str, timeout: Timeout, kinds: Kinds) -> ImageKitException:
    """Return the exception of ours for one that a library raised; the caller chains it as the cause."""
    chain = tuple(_chain(exc))
    for cause in chain:  # tracebacks show what they say too
        cause.args = tuple(_without_secrets(part) if isinstance(part, str) else part for part in cause.args)
    if _any(chain, kinds.unreadable):
        return UnknownException(f"{what}: the answer cannot be decoded: {_reason(chain, kinds)}")
    not_sent = _any(chain, kinds.not_sent)
    if _any(chain, kinds.timeouts) and not _any(chain, kinds.no_timeouts):
        seconds = f"no connection within {timeout.connect:g} s" if not_sent else f"no answer within {timeout.read:g} s"
        error: NetworkException = TimeoutException(f"{what}: {seconds}")
    else:
        error = NetworkException(f"{what}: {_reason(chain, kinds)}")
    error.request_sent = not not_sent
    error.retryable = _any(chain, kinds.connection_failures) and not _any(chain, kinds.permanent)
    return error


def _any(chain: tuple[BaseException, ...], classes: Classes) -> bool:
    return any(isinstance(exc, classes) for exc in chain)


def _chain(exc: BaseException) -> Iterator[BaseException]:
    """Give the exception and what it wraps: libraries keep it in `args`, `reason` or as the cause.

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


def _reason(chain: tuple[BaseException, ...], kinds: Kinds) -> str:
    """Return what the innermost exception says."""
    innermost = chain[-1]
    said = innermost.strerror if isinstance(innermost, OSError) else None
    if isinstance(innermost, kinds.with_message):
        said = getattr(innermost, "message", None)
    return _without_secrets(said or str(innermost) or type(innermost).__name__)


def _without_secrets(text: str) -> str:
    """Leave out credentials and queries of URLs, which may hold keys and signatures."""
    without_credentials = re.sub(r"//[^/@\s]*@", "//", text)
    return re.sub(r"\?[^\s'\")]*", "", without_credentials)
