"""A cache of recent results with a limit in bytes."""

from __future__ import annotations

from imagekitio.local.base.caches import BoundedCache


def test_the_least_recently_used_value_is_dropped() -> None:
    cache: BoundedCache[str] = BoundedCache(10)
    cache.put("a", "four", 4)
    cache.put("b", "four", 4)
    assert cache.get("a") == "four"
    cache.put("c", "five", 5)
    assert [cache.get(key) for key in "abc"] == ["four", None, "five"]


def test_a_value_that_is_too_large_is_not_kept_and_drops_nothing() -> None:
    cache: BoundedCache[str] = BoundedCache(10)
    cache.put("a", "ten", 10)
    cache.put("b", "eleven", 11)
    assert [cache.get(key) for key in "ab"] == ["ten", None]


def test_a_value_counts_once_however_often_it_is_stored() -> None:
    cache: BoundedCache[str] = BoundedCache(10)
    for _ in range(5):
        cache.put("a", "four", 4)
    cache.put("b", "six", 6)
    assert [cache.get(key) for key in "ab"] == ["four", "six"]
