"""The calls of a group, with one signature for all modes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, overload

from .modes import Async, AsyncRaw, Mode, Sync, SyncRaw

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from ..bulk.work import Job
    from ..operations.core import Operation
    from .raw import AsyncRawResponse, RawResponse

P = ParamSpec("P")
T = TypeVar("T")
ModeT = TypeVar("ModeT", bound=Mode)
RawT = TypeVar("RawT", bound=Mode)


class Group(Generic[ModeT, RawT]):
    """Calls of one part of the API.

    Args:
        mode: Mode of ordinary calls.
        raw: Mode of the calls of `with_raw_response`.
    """

    def __init__(self, mode: ModeT, raw: RawT) -> None:
        self._mode: ModeT = mode
        self._raw: RawT = raw
        # The functions that carry out calls are cached: creating one takes 2 % of a short call.
        self._bound: dict[Call[Any, Any], Callable[..., Any]] = {}


class Call(Generic[P, T]):
    """A call of a group, with the arguments of the decorated function and the result of its operation.

    Decorate functions of a module and assign them in a class, ``get = get_file``, so that no name in the class, such as
    `list`, hides one that a signature needs.

    Args:
        make: Function that returns the operation, or a job of several operations for a mode that carries out jobs.
    """

    def __init__(self, make: Callable[P, Operation[T] | Job[T]]) -> None:
        self.make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, group: None, owner: type | None = ...) -> Call[P, T]: ...
    @overload
    def __get__(self, group: Group[Sync, Any], owner: type | None = ...) -> Callable[P, T]: ...
    @overload
    def __get__(self, group: Group[Async, Any], owner: type | None = ...) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, group: Group[SyncRaw, Any], owner: type | None = ...) -> Callable[P, RawResponse[T]]: ...
    @overload
    def __get__(
        self, group: Group[AsyncRaw, Any], owner: type | None = ...
    ) -> Callable[P, Coroutine[Any, Any, AsyncRawResponse[T]]]: ...
    def __get__(self, group: Group[Any, Any] | None, owner: type | None = None) -> Any:
        if group is None:
            return self
        bound = group._bound.get(self)  # noqa: SLF001
        if bound is None:
            bound = group._bound[self] = group._mode.bind(self._name, self.make)  # noqa: SLF001
        return bound
