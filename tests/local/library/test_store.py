"""The store: what it keeps, what it deletes, and how it survives a crash."""

from __future__ import annotations

import math
import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagekitio.local import Settings
from imagekitio.local.base.errors import ApiError
from imagekitio.local.library import files, folder_jobs, folders
from imagekitio.local.library.store import Store
from imagekitio.local.library.tables.schema import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio.local.library.tables.rows import FileRow
    from imagekitio.local.library.tables.transactions import Transaction
    from imagekitio.local.storage.contents import Incoming

ENDPOINT = "http://127.0.0.1:8080/local"


def put(store: Store, full_path: str, content: bytes = b"hello") -> FileRow:
    """Store a file, or a new version of one."""
    path, _, name = full_path.rpartition("/")
    with store.incoming() as incoming, store.write() as transaction:
        incoming.write(content)
        row = files.new_row(
            name=name,
            path=path or "/",
            content_hash=incoming.content_hash,
            size=incoming.size,
            mime="text/plain",
            format="txt",
            is_image=False,
        )
        transaction.keep(incoming)
        return files.put(transaction, row, files.find_overwritten(transaction.connection, full_path))


def read_contents(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in (folder / "contents").rglob("*") if path.is_file()}


def list_paths(store: Store) -> list[str]:
    with store.read() as connection:
        query = "SELECT full_path FROM assets WHERE kind <> 'file-version' ORDER BY full_path"
        return [row[0] for row in connection.execute(query)]


def test_a_stored_file_is_found_at_its_path_with_its_bytes(store: Store) -> None:
    row = put(store, "/a/b/c.txt", b"content")
    found = store.file_at("/a/b/c.txt")
    assert found is not None
    assert (found.id, found.version_id, found.name) == (row.id, row.id, "c.txt")
    assert store.content(found.content_hash).read_bytes() == b"content"
    assert (found.size, found.mime, found.created_at) == (7, "text/plain", 1_700_000_000)
    assert store.file_at("/a/b") is None
    assert list_paths(store) == ["/a", "/a/b", "/a/b/c.txt"]


def test_a_version_is_found_by_its_token_and_only_at_the_path_of_the_file(store: Store) -> None:
    old = put(store, "/a.txt", b"old")
    put(store, "/a.txt", b"new")
    found = store.file_at("/a.txt", old.token)
    assert found is not None
    assert store.content(found.content_hash).read_bytes() == b"old"
    assert store.file_at("/b.txt", old.token) is None
    assert store.file_at("/a.txt", "stale") is None


def test_the_version_counter_never_goes_back(store: Store) -> None:
    first, second = put(store, "/a.txt", b"1"), put(store, "/a.txt", b"2")
    with store.write() as transaction:
        old = files.version(transaction.connection, first.id, first.version_id)
        assert old is not None
        files.restore(transaction, old)
        transaction.delete("version_id = ?", second.version_id)
    assert put(store, "/a.txt", b"3").number == 3


def test_shared_bytes_are_kept_until_the_last_file_is_deleted(store: Store) -> None:
    one, other = put(store, "/a.txt", b"same"), put(store, "/b.txt", b"same")
    with store.write() as transaction:
        files.delete(transaction, one.id)
    assert read_contents(store.settings.data) == {b"same"}
    with store.write() as transaction:
        files.delete(transaction, other.id)
    assert read_contents(store.settings.data) == set()


def test_a_failed_transaction_leaves_no_rows_and_no_bytes(store: Store) -> None:
    def fail() -> None:
        with store.incoming() as incoming, store.write() as transaction:
            incoming.write(b"lost")
            transaction.keep(incoming)
            folders.ensure(transaction, "/a/b")
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        fail()
    assert list_paths(store) == []
    assert read_contents(store.settings.data) == set()


def test_only_the_failed_part_of_a_transaction_is_rolled_back(store: Store) -> None:
    row = put(store, "/kept.txt", b"kept")

    def fail(transaction: Transaction, incoming: Incoming) -> None:
        with transaction.part():
            folders.ensure(transaction, "/b")
            files.delete(transaction, row.id)
            transaction.keep(incoming)
            raise ApiError(400, "in the middle")

    with store.incoming() as incoming, store.write() as transaction:
        incoming.write(b"lost")
        folders.ensure(transaction, "/a")
        with pytest.raises(ApiError, match="in the middle"):
            fail(transaction, incoming)
    assert list_paths(store) == ["/a", "/kept.txt"]
    assert read_contents(store.settings.data) == {b"kept"}


def test_a_file_and_a_folder_cannot_share_a_path(store: Store) -> None:
    put(store, "/a/b")
    with pytest.raises(ApiError, match="A file already exists at /a/b"):
        put(store, "/a/b/c.txt")
    with pytest.raises(ApiError, match="A folder already exists at /a"):
        put(store, "/a")


def test_at_most_a_hundred_versions_are_kept(store: Store) -> None:
    for number in range(100):
        put(store, "/a.txt", b"%d" % number)
    with pytest.raises(ApiError, match="more than 100 versions"):
        put(store, "/a.txt", b"too many")
    found = store.file_at("/a.txt")
    assert found is not None
    assert store.content(found.content_hash).read_bytes() == b"99"


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, url_endpoint=ENDPOINT)
    store = Store(settings)
    put(store, "/a/b.txt", b"kept")
    store.close()
    store = Store(replace(settings))
    found = store.file_at("/a/b.txt")
    store.close()
    assert found is not None
    assert store.content(found.content_hash).read_bytes() == b"kept"


def test_leftovers_of_a_crash_are_removed_at_the_next_start(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, url_endpoint=ENDPOINT)
    Store(settings).close()
    (tmp_path / "incoming" / "half").write_bytes(b"half of an upl")
    (tmp_path / "contents" / "ab").mkdir()
    (tmp_path / "contents" / "ab" / ("ab" * 32)).write_bytes(b"written, but its row was not")
    Store(settings).close()
    assert list((tmp_path / "incoming").iterdir()) == []
    assert read_contents(tmp_path) == set()


CRASH = """
import os, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from imagekitio.local import Settings
from imagekitio.local.library.store import Store
from test_store import put
store = Store(Settings(data=Path({data!r}), url_endpoint="http://127.0.0.1:8080/local"))
for number in range(1000):
    put(store, f"/{{number}}.txt", b"x" * number * 100)
    print(number, flush=True)
    if number == 30:
        os.kill(os.getpid(), 9)
"""


@pytest.mark.slow
def test_no_acknowledged_file_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    script = CRASH.format(tests=os.path.dirname(__file__), data=str(tmp_path))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=False, env=environment)
    acknowledged = [int(number) for number in killed.stdout.split()]
    assert killed.returncode == -9
    assert len(acknowledged) == 31
    store = Store(Settings(data=tmp_path, url_endpoint=ENDPOINT))
    try:
        for number in acknowledged:
            found = store.file_at(f"/{number}.txt")
            assert found is not None
            assert store.content(found.content_hash).stat().st_size == found.size == number * 100
    finally:
        store.close()


def test_a_folder_serves_one_local_imagekit_at_a_time(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, url_endpoint=ENDPOINT)
    store = Store(settings)
    with pytest.raises(BlockingIOError, match="in use by another local server"):
        Store(settings)
    store.close()
    Store(settings).close()


def test_data_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, url_endpoint=ENDPOINT)
    Store(settings).close()
    connection = sqlite3.connect(tmp_path / "imagekit.db")
    connection.execute(f"PRAGMA user_version = {SCHEMA.version + 1}")
    connection.close()
    with pytest.raises(ValueError, match="newer imagekitio"):
        Store(settings)


def test_many_threads_can_read_and_write_at_the_same_time(store: Store) -> None:
    def work(number: int) -> None:
        for turn in range(5):
            put(store, f"/{number % 4}/{number}-{turn}.txt", b"%d" % number)
            put(store, "/shared.txt", b"%d %d" % (number, turn)) if number % 8 == 0 else None
            assert store.file_at(f"/{number % 4}/{number}-{turn}.txt") is not None

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(work, range(64)))
    found = list_paths(store)
    assert len(found) == 64 * 5 + 4 + 1
    with store.read() as connection:
        shared = files.find_at_path(connection, "/shared.txt")
        assert shared is not None
        assert [row.number for row in files.versions(connection, shared.id)] == list(range(40, 0, -1))


def test_a_reader_sees_one_consistent_state_while_others_write(store: Store) -> None:
    put(store, "/a.txt")
    with store.read() as connection:
        before = connection.execute("SELECT count(*) FROM assets").fetchone()[0]
        writer = threading.Thread(target=put, args=(store, "/b.txt"))
        writer.start()
        writer.join()
        assert connection.execute("SELECT count(*) FROM assets").fetchone()[0] == before
    assert len(list_paths(store)) == before + 1


def test_a_move_keeps_ids_and_moves_all_versions(store: Store) -> None:
    put(store, "/a/b/c.txt", b"1")
    row = put(store, "/a/b/c.txt", b"2")
    with store.write() as transaction:
        folder_jobs.move_tree(transaction, "/a", "/x/ä")
    with store.read() as connection:
        history = files.versions(connection, row.id)
    assert [(version.full_path, version.number) for version in history] == [("/x/ä/b/c.txt", 2), ("/x/ä/b/c.txt", 1)]
    assert list_paths(store) == ["/x", "/x/ä", "/x/ä/b", "/x/ä/b/c.txt"]


NAMES = st.sampled_from(["a", "b", "a.txt", "ab", "a-b", "ä"])
FULL_PATHS = st.lists(NAMES, min_size=1, max_size=4).map(lambda names: "/" + "/".join(names))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.sets(FULL_PATHS, max_size=6), FULL_PATHS, FULL_PATHS)
def test_a_moved_folder_keeps_its_content(store: Store, made: set[str], source: str, target: str) -> None:
    store.reset()
    for path in sorted(made):
        with store.write() as transaction:
            folders.ensure(transaction, path)
        put(store, f"{path}/file.jpg", path.encode())
    with store.read() as connection:
        if not folders.exists(connection, source) or (target + "/").startswith(source + "/"):
            return
        before = folders.count_below(connection, source)
        merging = folders.exists(connection, target)
    source_paths = [path for path in list_paths(store) if path.startswith(source + "/")]
    with store.write() as transaction:
        if (source + "/").startswith(target + "/"):
            return
        folder_jobs.move_tree(transaction, source, target)
    assert not [path for path in list_paths(store) if (path + "/").startswith(source + "/")]
    assert {target + path[len(source) :] for path in source_paths} <= set(list_paths(store))
    with store.read() as connection:
        assert folders.count_below(connection, target) == before or merging
        for row in connection.execute("SELECT name, path, full_path FROM assets"):
            assert row["full_path"] == f"{row['path'].rstrip('/')}/{row['name']}"


def test_a_reset_deletes_all_rows_and_bytes(store: Store) -> None:
    put(store, "/a/b.txt")
    store.reset()
    assert list_paths(store) == []
    assert read_contents(store.settings.data) == set()


def test_no_job_is_due_in_an_empty_store(store: Store) -> None:
    store.settings.clock.advance(1e9)
    store.run_due_jobs()
    with store.read() as connection:
        assert folder_jobs.next_due(connection) == math.inf


def test_finding_by_path_and_by_id_takes_no_longer_with_many_files(store: Store) -> None:
    row = put(store, "/f/a.txt")
    asked: list[str] = []
    with store.read() as connection:
        connection.set_trace_callback(asked.append)
        files.find_at_path(connection, "/f/a.txt")
        files.find_at_path(connection, "/f/a.txt", row.token)
        files.find(connection, row.id)
        files.version(connection, row.id, row.version_id)
        files.versions(connection, row.id)
        folders.exists(connection, "/f")
        folders.is_taken(connection, "/f")
        folders.count_below(connection, "/f")
        connection.set_trace_callback(None)
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {query}").fetchone()["detail"] for query in asked]
    assert len(plans) == 8
    # Both use an index whose first column is the path or the id; a search by any other index would visit every file.
    assert [plan for plan in plans if "(full_path" not in plan and "(id=?" not in plan] == []
