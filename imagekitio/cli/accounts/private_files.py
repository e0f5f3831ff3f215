"""Atomic writes of files that only their owner may read, and a lock for files that several processes change."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCK_SECONDS = 30.0  # a change takes milliseconds; after a longer wait, another process hangs


def replace_file(path: Path, text: str) -> None:
    """Replace the file at `path` with one of mode 600, and create its folder if it is missing.

    A reader sees the old file or the new one, and a run that is killed leaves the old one. A symbolic link stays, and
    its target is replaced.

    Raises:
        OSError: The file cannot be written; the error names `path`.
    """
    import tempfile

    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number, new = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")  # has mode 600
        try:
            with open(number, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(number)
            os.replace(new, target)
        except BaseException:
            os.unlink(new)
            raise
    except OSError as exc:
        raise OSError(exc.errno, exc.strerror, str(path)) from exc


@contextmanager
def lock_file(path: Path) -> Iterator[None]:
    """Hold the lock of the file at `path`; every operating system releases it when the process ends.

    Raises:
        OSError: The lock cannot be created, or another process holds it for too long.
    """
    import sqlite3  # its locks work on every system
    from contextlib import closing

    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(lock := target.with_name(f".{target.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as exc:
        raise OSError(exc.errno, exc.strerror, str(path)) from exc
    with closing(sqlite3.connect(lock, timeout=_LOCK_SECONDS, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as exc:
            raise OSError(None, f"cannot be locked by {lock}: {exc}", str(path)) from exc
        yield
