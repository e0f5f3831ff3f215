"""The behaviour of every store, whatever its service."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from typing import TYPE_CHECKING

import pytest

from imagekitio.local.base.clock import Clock
from imagekitio.local.storage.schema import Schema
from imagekitio.local.storage.store import DataStore
from imagekitio.local.storage.transactions import DataTransaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST = "CREATE TABLE photos (name TEXT PRIMARY KEY, content_hash TEXT);"
PHOTOS = Schema("photos.db", (FIRST,), ("photos",), "photos")
RATED = Schema("photos.db", (FIRST, "ALTER TABLE photos ADD COLUMN stars INTEGER;"), ("photos",), "photos")


def open_store(folder: Path, schema: Schema = PHOTOS, clock: Clock | None = None) -> DataStore[DataTransaction]:
    return DataStore(folder, clock or Clock(), schema, DataTransaction)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DataStore[DataTransaction]]:
    opened = open_store(tmp_path)
    yield opened
    opened.close()


def put(transaction: DataTransaction, store: DataStore[DataTransaction], name: str, data: bytes) -> str:
    with store.incoming() as incoming:
        incoming.write(data)
        transaction.keep(incoming)
        row = (name, incoming.content_hash)
        transaction.connection.execute("INSERT INTO photos (name, content_hash) VALUES (?, ?)", row)
        return incoming.content_hash


def list_names(store: DataStore[DataTransaction]) -> list[str]:
    with store.read() as connection:
        return [row["name"] for row in connection.execute("SELECT name FROM photos ORDER BY name")]


def test_written_rows_can_be_read_and_content_is_deleted_with_its_last_row(store: DataStore[DataTransaction]) -> None:
    with store.write() as transaction:
        content_hash = put(transaction, store, "a", b"hello")
        put(transaction, store, "b", b"hello")
    for name, is_there in (("a", True), ("b", False)):
        with store.write() as transaction:
            transaction.connection.execute("DELETE FROM photos WHERE name = ?", (name,))
            transaction.lost.add(content_hash)
        assert store.content(content_hash).exists() == is_there
    assert list_names(store) == []


def test_an_exception_rolls_back_rows_and_contents(store: DataStore[DataTransaction]) -> None:
    def put_two_with_the_same_name() -> None:
        with store.write() as transaction:
            put(transaction, store, "a", b"hello")
            put(transaction, store, "a", b"again")

    with pytest.raises(sqlite3.IntegrityError):
        put_two_with_the_same_name()
    assert list_names(store) == []
    assert not store.content(hashlib.sha256(b"hello").hexdigest()).exists()


def test_a_failed_part_keeps_what_was_written_before_it(store: DataStore[DataTransaction]) -> None:
    with store.write() as transaction:
        kept = put(transaction, store, "a", b"hello")
        with contextlib.suppress(ZeroDivisionError), transaction.part():
            put(transaction, store, "b", b"bye")
            raise ZeroDivisionError
    assert list_names(store) == ["a"]
    assert store.content(kept).exists()
    assert not store.content(hashlib.sha256(b"bye").hexdigest()).exists()


def test_the_time_of_a_transaction_comes_from_the_clock(tmp_path: Path) -> None:
    clock = Clock()
    clock.freeze(1_700_000_000)
    store = open_store(tmp_path, clock=clock)
    with store.write() as transaction:
        clock.advance(5)
        assert transaction.now == 1_700_000_000
    store.close()


def test_a_reset_deletes_rows_and_contents(store: DataStore[DataTransaction]) -> None:
    with store.write() as transaction:
        content_hash = put(transaction, store, "a", b"hello")
    store.reset()
    assert list_names(store) == []
    assert not store.content(content_hash).exists()


def test_data_is_kept_and_migrated_forwards_but_never_backwards(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.write() as transaction:
        content_hash = put(transaction, store, "a", b"hello")
    store.close()
    newer = open_store(tmp_path, RATED)
    assert newer.content(content_hash).read_bytes() == b"hello"
    with newer.write() as transaction:
        transaction.connection.execute("UPDATE photos SET stars = 5")
    newer.close()
    with pytest.raises(ValueError, match=r"schema version 2, written by a newer imagekitio \(known: 1\)"):
        open_store(tmp_path)


def test_the_data_of_another_service_is_left_alone(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.write() as transaction:
        content_hash = put(transaction, store, "a", b"hello")
    path = store.content(content_hash)
    store.close()
    other = Schema("films.db", ("CREATE TABLE films (content_hash TEXT);",), ("films",), "films")
    with pytest.raises(ValueError, match=r"has the data of another service \(photos.db\): use another folder"):
        open_store(tmp_path, other)
    assert path.read_bytes() == b"hello"
    assert not (tmp_path / "films.db").exists()
    open_store(tmp_path).close()  # the lock has been released
