"""The store that detects duplicates."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from imagekitio.contrib.events import MemoryEventStore, identify_event


def test_an_event_is_new_then_busy_then_done() -> None:
    store = MemoryEventStore()
    assert [store.begin("a"), store.begin("a")] == ["new", "busy"]
    store.finish("a")
    assert store.begin("a") == "done"
    assert store.begin("b") == "new"
    store.forget("b")
    assert store.begin("b") == "new"


def test_the_oldest_events_are_forgotten_first() -> None:
    store = MemoryEventStore(max_events=2)
    for event_id in ("a", "b", "c"):
        assert store.begin(event_id) == "new"
        store.finish(event_id)
    assert store.begin("c") == "done"
    assert store.begin("a") == "new"
    store.finish("forgotten meanwhile")
    assert store.begin("forgotten meanwhile") == "new"


def test_only_one_of_many_threads_handles_an_event() -> None:
    store = MemoryEventStore()
    with ThreadPoolExecutor(16) as pool:
        states = list(pool.map(lambda _: store.begin("a"), range(1000)))
    assert states.count("new") == 1


def test_a_store_remembers_one_event_at_least() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        MemoryEventStore(0)


def test_an_event_is_known_by_its_id_or_else_by_its_body() -> None:
    assert identify_event("a", b"1") == identify_event("a", b"2")
    assert identify_event("a", b"1") != identify_event("b", b"1")
    for missing in (None, "", 7):
        assert identify_event(missing, b"1") == identify_event(None, b"1") != identify_event(missing, b"2")
    assert len(identify_event("\ud800", b"")) == 64
