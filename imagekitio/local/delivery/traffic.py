"""Counts what delivery answers, for usage and analytics (api.md, chapter 22).

Counting adds one number to a dictionary while a request is answered; what it means (which picture, which steps) is
worked out when somebody asks, at the latest when local ImageKit stops; one that is killed forgets the last requests.
Browsers, devices and countries are not told apart.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from anyio import to_thread

from ..api.presets.url_endpoints import split_prefix
from .target import parse_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ..library.store import Store
    from ..storage.rows import Work

MAX_PENDING = 1_000  # different requests counted in memory before they are written
MAX_CACHED = 10_000  # ETags remembered

TOTAL = "total"


class Delivered(NamedTuple):
    """What requests that are counted together have in common."""

    day: str  # in UTC: 2024-03-05
    target: str  # path and query after the imagekit_id, percent-encoded
    status: int
    media_type: str
    error: str  # code of the header ik-error
    cache: str  # hit, miss or error
    user_agent: str
    referrer: str


class Traffic:
    """Requests and bytes that are not in the database yet."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._requests: Counter[Delivered] = Counter()
        self._bytes: Counter[Delivered] = Counter()
        self._cached: OrderedDict[str, None] = OrderedDict()

    @property
    def is_pending(self) -> bool:
        return bool(self._requests)

    @property
    def is_full(self) -> bool:
        return len(self._requests) >= MAX_PENDING

    def add(self, delivered: Delivered, sent_bytes: int) -> None:
        with self._guard:
            self._requests[delivered] += 1
            self._bytes[delivered] += sent_bytes

    def cache_state(self, status: int, etag: str) -> str:
        """Whether a cache between here and the browser would have had the answer: one that keeps all it saw."""
        if status >= 400 or not etag:
            return "error"
        with self._guard:
            is_hit = etag in self._cached
            self._cached[etag] = None
            self._cached.move_to_end(etag)
            if len(self._cached) > MAX_CACHED:
                self._cached.popitem(last=False)
        return "hit" if is_hit else "miss"

    def clear(self) -> None:
        with self._guard:
            self._requests, self._bytes = Counter(), Counter()
            self._cached.clear()

    def flush(self, work: Work, url_prefixes: Mapping[str, str]) -> None:
        """Add everything that was counted to the table `traffic`."""
        with self._guard:
            requests, sent = self._requests, self._bytes
            self._requests, self._bytes = Counter(), Counter()
        rows = [
            (delivered.day, category, name, count, sent[delivered])
            for delivered, count in requests.items()
            for category, name in _categories(delivered, url_prefixes)
        ]
        work.connection.executemany(
            "INSERT INTO traffic (day, category, name, requests, bytes) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, bytes = bytes + excluded.bytes",
            rows,
        )


def _categories(delivered: Delivered, url_prefixes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Where a request counts: the member of the analytics, and the name there."""
    yield TOTAL, ""
    yield "cache", delivered.cache
    yield "statusCodes", str(delivered.status)
    if delivered.user_agent:
        yield "topUserAgents", delivered.user_agent
    if delivered.referrer:
        yield "topReferrers", delivered.referrer
    prefix, rest = split_prefix(delivered.target, url_prefixes)
    yield "urlEndpoints", url_prefixes[prefix] if prefix else "Default"
    if delivered.error:
        yield "errorReasons", delivered.error
    try:
        target = parse_target(rest)
    except UnicodeError:
        return
    if delivered.status == 404:
        yield "top404Assets", target.path
    if delivered.status >= 300:
        return
    yield "format", delivered.media_type
    family = delivered.media_type.partition("/")[0]
    kind = {"image": "Image", "video": "Video"}.get(family)
    yield f"top{kind}s" if kind else "topOtherAssets", target.path
    if kind and target.steps:
        yield f"top{kind}Transforms", f"tr:{target.steps}"


class MeteredDelivery:
    """The ASGI layer that counts what delivery answers."""

    def __init__(self, app: ASGIApp, store: Store) -> None:
        self._app, self._store = app, store
        self._root = f"/{store.settings.imagekit_id}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self._root) or scope["method"] == "OPTIONS":
            await self._app(scope, receive, send)
            return
        traffic = self._store.traffic
        is_head = scope["method"] == "HEAD"
        status, sent_bytes, is_counted = 500, 0, False
        headers: Mapping[str, str] = {}

        def count() -> None:
            nonlocal is_counted
            if not is_counted:
                is_counted = True
                traffic.add(self._delivered(scope, status, headers), sent_bytes)

        async def send_and_count(message: Message) -> None:
            nonlocal status, headers, sent_bytes
            if message["type"] == "http.response.start":
                status, headers = message["status"], _texts(message.get("headers", ()))
            elif not is_head:
                sent_bytes += len(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body"):
                count()  # before it is sent: who has the answer can ask for the figures
            await send(message)

        try:
            await self._app(scope, receive, send_and_count)
        finally:
            count()
        if traffic.is_full:
            await to_thread.run_sync(self._store.flush_traffic)

    def _delivered(self, scope: Scope, status: int, headers: Mapping[str, str]) -> Delivered:
        asked = _texts(scope["headers"])
        query = scope["query_string"]
        raw_target: bytes = scope["raw_path"] + (b"?" + query if query else b"")
        return Delivered(
            day=f"{self._store.settings.clock.now():%Y-%m-%d}",
            target=raw_target.decode("latin-1").removeprefix(self._root),
            status=status,
            media_type=headers.get("content-type", "").partition(";")[0],
            error=headers.get("ik-error", "").partition(" ")[0],
            cache=self._store.traffic.cache_state(status, headers.get("etag", "")),
            user_agent=asked.get("user-agent", ""),
            referrer=asked.get("referer", ""),
        )


def _texts(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
