"""The modes in which the calls of a group are carried out: blocking or awaited, with the result or the raw response.

This module is loaded with the clients, so it imports no others.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import NoReturn

    from ..operations.core import Operation

# Options that release 5 accepts for every call, and what to use instead.
_REQUEST_OPTIONS = {
    "timeout": "make a copy of the client, with_options(timeout=…)",
    "extra_headers": "pass the client a session with these headers",
    "extra_query": "pass the client a session with these parameters",
    "extra_body": "pass each option by its name",
}


class Mode:
    """A way to carry out operations.

    Args:
        run: Function of a client that carries out the result of `_prepare`.
    """

    def __init__(self, run: Callable[[Any], Any]) -> None:
        self._run = run

    def bind(self, name: str, make: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function with the arguments of `make` that carries out the operation that `make` returns."""
        raise NotImplementedError

    def _prepare(self, make: Callable[..., Any], args: Any, keywords: Mapping[str, Any]) -> Any:
        """Return the operation, or another object for `run`, of a call with these arguments."""
        if refused := _REQUEST_OPTIONS.keys() & keywords.keys():
            _refuse(sorted(refused)[0])
        return make(*args, **keywords)


def _refuse(name: str) -> NoReturn:
    raise TypeError(f"{name} is not an option of a single call: {_REQUEST_OPTIONS[name]}")


class Sync(Mode):
    """The calls of `ImageKit`, which return their result."""

    def bind(self, name: str, make: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(make)
        def call(*args: Any, **keywords: Any) -> Any:
            return self._run(self._prepare(make, args, keywords))

        call.__name__ = name
        return call


class Async(Mode):
    """The calls of `AsyncImageKit`, which return their result when awaited."""

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
    """The calls of `AsyncImageKit` that return an `AsyncRawResponse` when awaited."""

    def _prepare(self, make: Callable[..., Operation[Any]], args: Any, keywords: Mapping[str, Any]) -> Operation[Any]:
        from .raw import AsyncRawResponse, keep_response

        return keep_response(super()._prepare(make, args, keywords), AsyncRawResponse)
