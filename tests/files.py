"""Unusual local files and folders."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


def forbid_folder(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Make a folder unreadable in this process, even for root, whom permissions do not stop."""
    scan = os.scandir

    def scan_unless_forbidden(path: Any = ".") -> Any:
        if not isinstance(path, int) and Path(path).absolute() == folder.absolute():
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", scan_unless_forbidden)
