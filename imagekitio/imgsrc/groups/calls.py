"""The calls of a group: the options of every call, and how both clients carry out calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, ParamSpec, TypedDict, TypeVar, cast, overload

from ...groups.call import Call, Group, ModeT
from ...groups.modes import Async, Sync
from ...operations.core import Operation
from ..retries import RetryConfig
from ..sending.keywords import CALL_OPTIONS, check_keywords

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator, Mapping

    from ...models.options import Unset
    from ...operations.paging import Step
    from ...policies import Retry

P = ParamSpec("P")
T = TypeVar("T")
AwaitedT = TypeVar("AwaitedT")


class CallKeywords(TypedDict, total=False):
    """The options of every call; None means the value of the client, except for `retries`.

    retries: A `RetryConfig`, a `Retry` or a number of attempts; None for a single attempt.
    server_url: Base URL of the API.
    timeout_ms: Milliseconds to wait for a connection, and for the response.
    http_headers: Headers that are added last, so that they override others.
    """

    retries: RetryConfig | Retry | int | Unset | None
    server_url: str | None
    timeout_ms: float | None
    http_headers: Mapping[str, str] | None


class PreparedCall(NamedTuple):
    """A call with its arguments.

    Attributes:
        work: The `Operation` or `Job` to carry out.
        options: The `CallKeywords` of the call.
        make: Function that made the work.
        args, keywords: Arguments of `make`.
    """

    work: Any
    options: Mapping[str, Any]
    make: Callable[..., Any]
    args: tuple[Any, ...]
    keywords: Mapping[str, Any]

    @property
    def is_job(self) -> bool:
        """Whether the call consists of several operations."""
        return not isinstance(self.work, Operation)

    def change(self, **changes: Any) -> PreparedCall:
        """Return the call with changed arguments."""
        keywords = {**self.keywords, **changes}
        return self._replace(work=self.make(*self.args, **keywords), keywords=keywords)


def prepare_call(make: Callable[..., Any], args: tuple[Any, ...], keywords: Mapping[str, Any]) -> PreparedCall:
    """Prepare a call with these arguments.

    A `RetryConfig` may also be passed by position, as in examples of the released package.

    Raises:
        TypeError: An argument is unknown.
        Exception: Whatever `make` raises.
    """
    options: dict[str, Any] = {}
    if keywords:
        _check_names(make, keywords)
        if not keywords.keys().isdisjoint(CALL_OPTIONS):
            options = {name: keywords[name] for name in CALL_OPTIONS if name in keywords}
            keywords = {name: value for name, value in keywords.items() if name not in CALL_OPTIONS}
    for retries in args:
        if isinstance(retries, RetryConfig):
            args = tuple(value for value in args if value is not retries)
            if "retries" in options:
                raise TypeError("retries are given twice: pass one RetryConfig")
            options["retries"] = retries
    return PreparedCall(make(*args, **keywords), options, make, args, keywords)


def _check_names(make: Callable[..., Any], keywords: Mapping[str, Any]) -> None:
    code: Any = getattr(make, "__code__")  # noqa: B009  # type checkers do not know it of every callable
    known = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    check_keywords(f"{make.__name__}()", keywords, (*known, *CALL_OPTIONS))


class SyncCalls(Sync):
    """The calls of `Imgsrc`, which return their result."""

    def _prepare(self, make: Callable[..., Any], args: Any, keywords: Mapping[str, Any]) -> PreparedCall:
        return prepare_call(make, args, keywords)

    def iterate(self, pages: Generator[Step[T, Any], Any, None], step: Step[T, Any], call: PreparedCall) -> Iterator[T]:
        """Yield the items of all pages; `step` is the first one of `pages`, and `call` has the options."""
        while step.operation is not None:
            step = pages.send(self._run(call._replace(work=step.operation)))
            yield from step.files


class AsyncCalls(Async):
    """The calls of event loops, whose result is awaited."""

    def _prepare(self, make: Callable[..., Any], args: Any, keywords: Mapping[str, Any]) -> PreparedCall:
        return prepare_call(make, args, keywords)

    async def iterate(
        self, pages: Generator[Step[T, Any], Any, None], step: Step[T, Any], call: PreparedCall
    ) -> AsyncIterator[T]:
        """Yield the items of all pages; see `SyncCalls.iterate`."""
        while step.operation is not None:
            step = pages.send(await self._run(call._replace(work=step.operation)))
            for item in step.files:
                yield item


class CallGroup(Group[ModeT, Async]):
    """The calls of one part of the API, each with a twin to await, as in the released package.

    Args:
        mode: How the calls are carried out.
        twins: How the twins are carried out.
    """

    def __init__(self, mode: ModeT, twins: Async) -> None:
        super().__init__(mode, twins)
        self._twins = twins


def expect(call: Call[P, Any], result: type[T]) -> Call[P, T]:
    """Return the call unchanged; for type checkers, its result is of the class `result`."""
    return call


class ByMode(Generic[P, T, AwaitedT]):
    """The type of a call whose result has another class when it is awaited; see `by_mode`."""

    @overload
    def __get__(self, group: None, owner: type | None = ...) -> ByMode[P, T, AwaitedT]: ...
    @overload
    def __get__(self, group: Group[Sync, Any], owner: type | None = ...) -> Callable[P, T]: ...
    @overload
    def __get__(
        self, group: Group[Async, Any], owner: type | None = ...
    ) -> Callable[P, Coroutine[Any, Any, AwaitedT]]: ...
    def __get__(self, group: Group[Any, Any] | None, owner: type | None = None) -> Any:
        raise NotImplementedError


def by_mode(call: Call[P, T], awaited: Call[P, AwaitedT]) -> ByMode[P, T, AwaitedT]:
    """Return `call`, because clients choose the class of the result; type checkers also see that of `awaited`."""
    return cast("ByMode[P, T, AwaitedT]", call)


class Twin(Generic[P, T]):
    """The twin of the call with the same name without ``_async``; its result is awaited.

    Args:
        call: The call.
    """

    def __init__(self, call: Call[P, T]) -> None:
        self._call = call
        self._name = ""
        self.__doc__ = call.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, group: None, owner: type | None = ...) -> Twin[P, T]: ...
    @overload
    def __get__(self, group: CallGroup[Any], owner: type | None = ...) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, group: CallGroup[Any] | None, owner: type | None = None) -> Any:
        return self if group is None else group._twins.bind(self._name, self._call.make)  # noqa: SLF001
