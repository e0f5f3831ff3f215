"""How the calls of a group are carried out: at once or awaited, and with the result or with the response around it.

This module is loaded with the clients, so it loads nothing itself.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import NoReturn

    from ..operations.core import Operation

# What release 5 takes with every call, and what to use instead.
_REQUEST_OPTIONS = {
    "timeout": "make a copy of the client, with_options(timeout=…)",
    "extra_headers": "give the client a session with these headers",
    "extra_query": "give the client a session with these parameters",
    "extra_body": "name each option",
}


class Mode:
    """Carries out operations.

    Args:
        run: Function of a client that carries out what `_prepare` returns.
    """

    def __init__(self, run: Callable[[Any], Any]) -> None:
        self._run = run

    def bind(self, name: str, make: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function with the arguments of `make` that carries out the operation that `make` returns."""
        raise NotImplementedError

    def _prepare(self, make: Callable[..., Any], args: Any, keywords: Mapping[str, Any]) -> Any:
        """Return what is to be carried out for a call with these arguments: here, the operation."""
        if refused := _REQUEST_OPTIONS.keys() & keywords.keys():
            _refuse(sorted(refused)[0])
        return make(*args, **keywords)


def _refuse(name: str) -> NoReturn:
    raise TypeError(f"{name} is not an option of one call: {_REQUEST_OPTIONS[name]}")


class Sync(Mode):
    """The calls of `ImageKit`, which return their result."""

    def bind(self, name: str, make: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(make)
        def call(*args: Any, **keywords: Any) -> Any:
            return self._run(self._prepare(make, args, keywords))

        call.__name__ = name
        return call


class Async(Mode):
    """The calls of `AsyncImageKit`, which are awaited for their result."""

    def bind(self, name: str, make: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(make)
        async def call(*args: Any, **keywords: Any) -> Any:
            return await self._run(self._prepare(make, args, keywords))

        call.__name__ = name
        return call


class SyncRaw(Sync):
    """The calls of `ImageKit` that return a `RawResponse`."""

    def _prepare(self, make: Callable[..., Operation[Any]], args: Any, keywords: Mapping[str, Any]) -> Operation[Any]:
        from .raw import RawResponse, keep_response

        return keep_response(super()._prepare(make, args, keywords), RawResponse)


class AsyncRaw(Async):
    """The calls of `AsyncImageKit` that are awaited for an `AsyncRawResponse`."""

    def _prepare(self, make: Callable[..., Operation[Any]], args: Any, keywords: Mapping[str, Any]) -> Operation[Any]:
        from .raw import AsyncRawResponse, keep_response

        return keep_response(super()._prepare(make, args, keywords), AsyncRawResponse)
