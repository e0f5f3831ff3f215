"""A cache of perceptual hashes, each of which costs a request to the service."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self

    T = TypeVar("T")

_BATCH_SIZE = 100  # hashes; a run that is killed loses at most this many
_TABLE = """
CREATE TABLE IF NOT EXISTS phash (
    endpoint TEXT, file_id TEXT, version_id TEXT, phash TEXT, PRIMARY KEY (endpoint, file_id)
) WITHOUT ROWID
"""


def find_cache() -> Path:
    """Return the path of the cache, in the system's folder for caches."""
    from platformdirs import user_cache_path

    return user_cache_path("imagekit", appauthor=False) / "phashes.sqlite"


class PhashCache:
    """Hashes of one account's pictures, kept between runs; concurrent runs may share the file.

    A hash belongs to a version of a file, and replaces that of another version. If the file cannot be used, the cache
    warns once and stays empty.

    Args:
        path: Path of the file, which is created if it does not exist.
        endpoint: URL endpoint of the account, or another text that identifies it.
        warn: Function to call with the warning.
    """

    def __init__(self, path: Path, endpoint: str, warn: Callable[[str], object]) -> None:
        self._path, self._endpoint, self._warn = path, endpoint, warn
        self._new: dict[str, tuple[str, str]] = {}
        self._connection: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path)
        except (OSError, sqlite3.Error) as exc:
            self._give_up(exc)
        self._use(lambda connection: connection.execute(_TABLE))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._write()
        if self._connection is not None:
            self._connection.close()

    def find(self, file_id: str, version_id: str) -> str | None:
        """Return the hash of a version of a file: empty if it has none, None if it is not in the cache."""
        query = "SELECT phash FROM phash WHERE endpoint = ? AND file_id = ? AND version_id = ?"
        key = (self._endpoint, file_id, version_id)
        row = self._use(lambda connection: connection.execute(query, key).fetchone())
        return None if row is None else row[0]

    def store(self, file_id: str, version_id: str, phash: str) -> None:
        """Store the hash of a version of a file; an empty one means that it has none."""
        self._new[file_id] = (version_id, phash)
        if len(self._new) >= _BATCH_SIZE:
            self._write()

    def _write(self) -> None:
        rows = [(self._endpoint, file_id, version_id, phash) for file_id, (version_id, phash) in self._new.items()]
        self._new.clear()

        def write(connection: sqlite3.Connection) -> None:
            with connection:  # one transaction
                connection.executemany("INSERT OR REPLACE INTO phash VALUES (?, ?, ?, ?)", rows)

        self._use(write)

    def _use(self, function: Callable[[sqlite3.Connection], T]) -> T | None:
        if self._connection is None:
            return None
        try:
            return function(self._connection)
        except sqlite3.Error as exc:
            self._connection.close()
            self._give_up(exc)
            return None

    def _give_up(self, error: Exception) -> None:
        self._connection = None
        self._warn(
            f"{self._path} cannot be used, so hashes are not kept for the next run: {error} (it is safe to delete)"
        )
