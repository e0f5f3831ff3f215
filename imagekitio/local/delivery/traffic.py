"""Counts what delivery answers, for usage and analytics (api.md, chapter 22).

Counting adds one number to a dictionary while a request is answered; what it means (which picture, which steps) is
worked out when somebody asks, at the latest when local ImageKit stops; one that is killed forgets the last requests.
Browsers, devices and countries are not told apart.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from ..base.dates import iso_date
from ..web.site import DELIVERY
from .target import parse_target, split_prefix

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..library.store import Store
    from ..web.exchange import Observed

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
    """Counts requests and bytes that are not in the database of `store` yet. Any thread may call any method."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._root = f"/{store.settings.imagekit_id}/"
        self._guard = threading.Lock()
        self._requests: Counter[Delivered] = Counter()
        self._bytes: Counter[Delivered] = Counter()
        self._cached: OrderedDict[str, None] = OrderedDict()

    @property
    def is_full(self) -> bool:
        """Whether it is time to `flush`."""
        return len(self._requests) >= MAX_PENDING

    def note(self, observed: Observed) -> None:
        """Count a request, if it is one for a file."""
        if observed.operation != DELIVERY or observed.scope["method"] == "OPTIONS":
            return
        delivered = self._delivered(observed)
        with self._guard:
            self._requests[delivered] += 1
            self._bytes[delivered] += observed.sent_bytes
        if self.is_full:
            self._store.woken.set()

    def flush(self) -> None:
        """Write what was counted since the last time into the database."""
        with self._guard:
            requests, sent = self._requests, self._bytes
            self._requests, self._bytes = Counter(), Counter()
        if not requests:
            return
        try:
            self._add(requests, sent)
        except BaseException:  # such as a full disk: the next time may be better
            with self._guard:
                self._requests.update(requests)
                self._bytes.update(sent)
            raise

    def clear(self) -> None:
        """Forget what is not in the database yet."""
        with self._guard:
            self._requests, self._bytes = Counter(), Counter()
            self._cached.clear()

    def _add(self, requests: Mapping[Delivered, int], sent: Mapping[Delivered, int]) -> None:
        """Add to what is in the database."""
        url_prefixes = self._store.account().url_prefixes
        rows = [
            (delivered.day, category, name, count, sent[delivered])
            for delivered, count in requests.items()
            for category, name in _categories(delivered, url_prefixes)
        ]
        with self._store.write() as transaction:
            transaction.connection.executemany(
                "INSERT INTO traffic (day, category, name, requests, bytes) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, bytes = bytes + excluded.bytes",
                rows,
            )

    def _delivered(self, observed: Observed) -> Delivered:
        scope, asked, answered = observed.scope, observed.headers, observed.answer_headers
        status = 500 if observed.status is None else observed.status
        query = scope["query_string"]
        raw_target: bytes = scope["raw_path"] + (b"?" + query if query else b"")
        return Delivered(
            day=iso_date(observed.at)[:10],
            target=raw_target.decode("latin-1").removeprefix(self._root),
            status=status,
            media_type=answered.get("content-type", "").partition(";")[0],
            error=answered.get("ik-error", "").partition(" ")[0],
            cache=self._cache_state(status, answered.get("etag", "")),
            user_agent=asked.get("user-agent", ""),
            referrer=asked.get("referer", ""),
        )

    def _cache_state(self, status: int, etag: str) -> str:
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
