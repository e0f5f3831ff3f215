"""Files that only their owner may read, replaced as a whole, and a lock for those that several processes change."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCK_SECONDS = 30.0  # a change takes milliseconds; who waits longer waits for a process that hangs


def replace_file(path: Path, text: str) -> None:
    """Write a file of mode 600 in place of the one at `path`; its folder is made if it is missing.

    A reader sees the old file or the new one, and a run that is killed leaves the old one. A symbolic link stays, and
    the file that it leads to is replaced.

    Raises:
        OSError: It cannot be written; the error names `path`.
    """
    import tempfile

    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number, new = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")  # which has mode 600
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
    """Hold the lock of the file at `path`; it ends with the process, however that ends, on every operating system.

    Raises:
        OSError: The lock cannot be made, or another process holds it for too long.
    """
    import sqlite3  # whose locks work on every system
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
