"""Counters of delivery for usage and analytics (api.md, chapter 22).

While a request is answered, its counter in a dictionary is incremented. The details, such as the picture and the steps,
are parsed when they are requested, or at the latest when local ImageKit stops; if it is killed, the last requests are
lost. Browsers, devices and countries are not distinguished.
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

MAX_PENDING = 1_000  # different requests to count in memory before they are written
MAX_CACHED = 10_000  # ETags to remember

TOTAL = "total"


class Delivered(NamedTuple):
    """The common data of requests that are counted together."""

    day: str  # in UTC: 2024-03-05
    target: str  # path and query after the imagekit_id, percent-encoded
    status: int
    media_type: str
    error: str  # code of the header ik-error
    cache: str  # hit, miss or error
    user_agent: str
    referrer: str


class Traffic:
    """A thread-safe counter of the requests and bytes that are not yet in the database of `store`."""

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
        """Count a request if it is for a file."""
        if observed.operation != DELIVERY or observed.scope["method"] == "OPTIONS":
            return
        delivered = self._describe(observed)
        with self._guard:
            self._requests[delivered] += 1
            self._bytes[delivered] += observed.sent_bytes
        if self.is_full:
            self._store.woken.set()

    def flush(self) -> None:
        """Write the counts since the last call into the database."""
        with self._guard:
            requests, sent = self._requests, self._bytes
            self._requests, self._bytes = Counter(), Counter()
        if not requests:
            return
        try:
            self._add(requests, sent)
        except BaseException:  # such as a full disk: the next attempt may succeed
            with self._guard:
                self._requests.update(requests)
                self._bytes.update(sent)
            raise

    def clear(self) -> None:
        """Forget all counts that are not yet in the database."""
        with self._guard:
            self._requests, self._bytes = Counter(), Counter()
            self._cached.clear()

    def _add(self, requests: Mapping[Delivered, int], sent: Mapping[Delivered, int]) -> None:
        """Add counts to those in the database."""
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

    def _describe(self, observed: Observed) -> Delivered:
        scope, headers, answer_headers = observed.scope, observed.headers, observed.answer_headers
        status = 500 if observed.status is None else observed.status
        query = scope["query_string"]
        raw_target: bytes = scope["raw_path"] + (b"?" + query if query else b"")
        return Delivered(
            day=iso_date(observed.at)[:10],
            target=raw_target.decode("latin-1").removeprefix(self._root),
            status=status,
            media_type=answer_headers.get("content-type", "").partition(";")[0],
            error=answer_headers.get("ik-error", "").partition(" ")[0],
            cache=self._cache_state(status, answer_headers.get("etag", "")),
            user_agent=headers.get("user-agent", ""),
            referrer=headers.get("referer", ""),
        )

    def _cache_state(self, status: int, etag: str) -> str:
        """Return whether a shared cache that stores everything would have had the response."""
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
    """Yield each place where a request counts: the member of the analytics and the name in it."""
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
