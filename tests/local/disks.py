"""A simulated full disk: tests cannot fill a real one."""

from __future__ import annotations

import errno
import os
import sqlite3
from typing import NoReturn


def fill_disk(*_: object) -> NoReturn:
    """Fail as writing to a file does on a full disk."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def fill_database() -> NoReturn:
    """Fail as a transaction of SQLite does on a full disk."""
    raise sqlite3.OperationalError("database or disk is full")
