"""Faults to inject, to test how applications handle them: error responses, delays and broken connections.

::

    server.faults.add(status=503, times=2, operation="upload_file")
    server.faults.add(reset=True, share=0.3, when="after")
    server.faults.add(delay=2.5, path="/local/*.jpg", times=None)
    server.faults.clear()
"""

from __future__ import annotations

import asyncio
import json
import math
import random
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal, Protocol

from starlette.responses import Response

from ...suggestions import did_you_mean, find_nearest
from ..base.errors import ApiError
from .answers import JSON

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send
    from typing_extensions import Never

    from .site import Site

When = Literal["before", "after"]
_MOST_LISTED = 20  # the maximum number of operations in a message


@dataclass(kw_only=True)
class Fault:
    """A fault, and the requests that it affects.

    At least one of `status`, `delay`, `reset` and `truncate` must be given. A delay can be combined with each of the
    others, and `truncate` with `status`.

    Attributes:
        status: Status of the response to send instead of the real one. 429 includes the headers of a rate limit that
            ends soon.
        body: JSON body of that response; None sends an error of the usual form.
        headers: Additional headers of that response.
        delay: Real seconds to wait, regardless of the clock of local ImageKit.
        reset: Whether to reset the connection instead of responding.
        truncate: Whether to end the connection after half of the body; a response without a body becomes a reset.
        when: ``before``: the server does not process the request. ``after``: it does, but the client does not get the
            real response. The default is ``before``, and ``after`` to truncate a real response.
        times: Number of requests to affect; None means no limit. The default is one, and no limit with `share`.
        share: Fraction of the requests to affect, from 0 to 1, chosen by a repeatable random sequence; see
            `Faults.clear`.
        operation: Affect only requests of this operation, named after the client's method, such as ``upload_file``;
            ``delivery`` means files.
        path: Affect only requests whose decoded path matches this pattern: ``*`` matches anything, including slashes,
            ``?`` one character, and ``[ab]`` one of these.
        hits: Number of requests affected so far.
    Raises:
        ValueError: The options are not valid; the message says what is allowed.
    """

    status: int | None = None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    delay: float = 0.0
    reset: bool = False
    truncate: bool = False
    when: When | None = None
    times: int | Literal["default"] | None = "default"
    share: float = 1.0
    operation: str | None = None
    path: str | None = None
    hits: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.when = self.when or ("after" if self.truncate and self.status is None else "before")
        if self.times == "default":
            self.times = 1 if self.share == 1 else None
        for what, rule, is_valid in (
            ("status", "from 200 to 599", self.status is None or _is_integer(self.status, 200, 599)),
            ("delay", "a number of seconds, 0 or more", _is_number(self.delay, math.inf)),
            ("reset", "true or false", isinstance(self.reset, bool)),
            ("truncate", "true or false", isinstance(self.truncate, bool)),
            ("when", "'before' or 'after'", self.when in ("before", "after")),
            ("times", "1 or more, or None", self.times is None or _is_integer(self.times, 1, sys.maxsize)),
            ("share", "from 0 to 1", _is_number(self.share, 1)),
            ("path", "a pattern", self.path is None or isinstance(self.path, str)),
            ("headers", "an object of strings", _are_texts(self.headers)),
        ):
            if not is_valid:
                raise ValueError(f"{what} must be {rule} (got {getattr(self, what)!r})")
        if not (self.status or self.delay or self.reset or self.truncate):
            raise ValueError("a fault needs a status, a delay, a reset or a truncated response")
        if self.reset and (self.status or self.truncate):
            raise ValueError("a connection that is reset has no response; leave out status and truncate")
        if self.truncate and self.status is None and self.when == "before":
            raise ValueError("only a response can be truncated: give a status, or when='after'")

    def fits(self, operation: str | None, path: str) -> bool:
        return self.operation in (None, operation) and (self.path is None or fnmatchcase(path, self.path))


class Faults:
    """The faults of a local server. If several match a request, the oldest one occurs. The object is thread-safe.

    Args:
        operations: The names of operations.
    """

    def __init__(self, operations: Collection[str]) -> None:
        self._operations = operations
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._random = random.Random(0)

    def add(
        self,
        *,
        status: int | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        delay: float = 0.0,
        reset: bool = False,
        truncate: bool = False,
        when: When | None = None,
        times: int | Literal["default"] | None = "default",
        share: float = 1.0,
        operation: str | None = None,
        path: str | None = None,
        **unknown: Never,
    ) -> Fault:
        """Add a fault; see `Fault` for the options. Its `hits` count how often it has occurred.

        Raises:
            TypeError: An option does not exist; the message suggests the nearest name.
            ValueError: An option is not valid.
        """
        if unknown:
            name, known = next(iter(unknown)), [each.name for each in fields(Fault) if each.init]
            raise TypeError(f"add() has no argument {name!r}{did_you_mean(name, known)}")
        if operation is not None and operation not in self._operations:
            error = ValueError if isinstance(operation, str) else TypeError
            suggestion = self._suggest(str(operation))
            raise error(f"operation must be the name of an operation (got {operation!r}){suggestion}")
        fault = Fault(
            status=status,
            body=body,
            headers=headers or {},
            delay=delay,
            reset=reset,
            truncate=truncate,
            when=when,
            times=times,
            share=share,
            operation=operation,
            path=path,
        )
        with self._lock:
            self._faults.append(fault)
        return fault

    def _suggest(self, operation: str) -> str:
        """Return a suggestion for a message: the operation with the nearest name, those of the group, or the number."""
        group, _, action = operation.rpartition(".")
        # Two groups may have an action with the same name: the one in the given group comes last, and is kept.
        names = sorted(self._operations, key=lambda name: (name.rpartition(".")[0] == group, name))
        by_action = {name.rpartition(".")[2]: name for name in names}
        nearest = find_nearest(action, by_action)
        if nearest is not None:
            return f"; did you mean {by_action[nearest]!r}?"
        in_group = [name for name in names if name.startswith(f"{group}.")]
        if in_group or len(names) <= _MOST_LISTED:
            return f"; known operations are {', '.join(in_group or sorted(names))}"
        return f"; the {len(names)} operations are named after the client's methods, such as {min(names)!r}"

    def clear(self, seed: int = 0) -> None:
        """Remove all faults, and restart the random sequence with `seed`."""
        with self._lock:
            self._faults.clear()
            self._random = random.Random(seed)

    def list(self) -> list[Fault]:
        """Return the faults that can still occur, oldest first."""
        with self._lock:
            return list(self._faults)

    def pick(self, operation: str | None, path: str) -> Fault | None:
        """Return the fault for this request, and count it as a hit."""
        if not self._faults:
            return None
        with self._lock:
            for fault in self._faults:
                if fault.fits(operation, path) and (fault.share == 1 or self._random.random() < fault.share):
                    fault.hits += 1
                    if fault.hits == fault.times:
                        self._faults.remove(fault)
                    return fault
        return None


class Cut(Protocol):
    """A function that ends the connection of a request."""

    async def __call__(self, *, is_reset: bool) -> None: ...


async def inject_fault(
    fault: Fault, refusal: Response | None, app: ASGIApp, scope: Scope, receive: Receive, send: Send, cut: Cut
) -> None:
    """Respond to a request with the fault.

    Args:
        refusal: Response to send instead of that of `app`; see `make_refusal`.
    """
    answer = _Truncated(scope, send, cut).send if fault.truncate else send
    is_replaced = fault.reset or refusal is not None
    if fault.when == "before":
        await asyncio.sleep(fault.delay)
        if not is_replaced:
            await app(scope, receive, answer)
            return
        if not fault.reset:
            await _drain(receive)
    elif is_replaced:
        await app(scope, receive, _discard)
        await asyncio.sleep(fault.delay)
    else:

        async def send_late(message: Message) -> None:
            if message["type"] == "http.response.start":
                await asyncio.sleep(fault.delay)
            await answer(message)

        await app(scope, receive, send_late)
        return
    if refusal is not None:
        await refusal(scope, receive, answer)
    else:
        await cut(is_reset=True)


def make_refusal(fault: Fault, site: Site, path: str, now: float) -> Response | None:
    """Return the response to send instead of the real one; None if the fault does not have one.

    Args:
        path: The decoded path of the request.
        now: Unix time in seconds, by the clock of the server.
    """
    if fault.status is None:
        return None
    body = fault.body
    if body is None:
        try:
            phrase = HTTPStatus(fault.status).phrase
        except ValueError:
            phrase = "Fault"
        body = site.error_body(ApiError(fault.status, f"{phrase} (an injected fault)."), path)
    headers = {**(_too_many_headers(site, fault, now) if fault.status == 429 else {}), **fault.headers}
    if fault.status in (204, 304):
        return Response(status_code=fault.status, headers=headers)
    return Response(json.dumps(body), fault.status, headers, JSON)


def _too_many_headers(site: Site, fault: Fault, now: float) -> dict[str, str]:
    """Return the usual headers of a 429 that the fault does not set; its own reset time replaces all waits."""
    own = {name.lower() for name in fault.headers}
    if "x-ratelimit-reset" in own:
        own.add("retry-after")
    return {name: value for name, value in site.too_many_headers(now).items() if name.lower() not in own}


class _Truncated:
    """Forwards a response up to half of its body, then cuts the connection."""

    def __init__(self, scope: Scope, send: Send, cut: Cut) -> None:
        self._send, self._cut = send, cut
        self._is_head = scope["method"] == "HEAD"
        self._start: Message = {}
        self._left: int | None = None  # bytes of the body still to send; None before the first
        self._is_cut = False

    async def send(self, message: Message) -> None:
        if self._is_cut:
            return
        if message["type"] == "http.response.start":
            self._start = message
            return
        body: bytes = message.get("body", b"")
        if self._left is None:
            if self._is_head or not (body or message.get("more_body")):
                self._is_cut = True
                await self._cut(is_reset=True)
                return
            length = dict(self._start["headers"]).get(b"content-length")
            self._left = len(body) // 2 if length is None else int(length) // 2
            await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body[: self._left], "more_body": True})
        self._left -= len(body)
        if self._left <= 0:
            self._is_cut = True
            await self._cut(is_reset=False)


async def _drain(receive: Receive) -> None:
    """Read a body to its end, so that the client can receive the response."""
    while (message := await receive())["type"] == "http.request" and message.get("more_body"):
        pass


async def _discard(message: Message) -> None:
    pass


def _is_integer(value: object, lowest: int, highest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest


def _is_number(value: object, highest: float) -> bool:
    return (
        isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= highest and value < math.inf
    )


def _are_texts(headers: object) -> bool:
    return isinstance(headers, Mapping) and all(isinstance(text, str) for pair in headers.items() for text in pair)
