"""The contents of files, in a folder where each is named by its SHA-256.

Copies of a file share one content. Contents are written elsewhere and then renamed, so an existing one is always
complete. Nothing is fsynced, but renamed contents survive the process (see `imagekitio.local.storage.database`).
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import shutil
from io import FileIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


HEAD_BYTES = 4096  # enough to detect the type of a file


class Incoming:
    """An incoming file: a temporary file with its size and hash.

    The file is created on first use, because the event loop, which starts uploads, must not wait for the disk. At the
    end of the ``with`` block it is removed, unless `Contents.keep` has taken it over.

    Args:
        place: Path of the temporary file, which must not exist.
    """

    def __init__(self, place: Path) -> None:
        self.size: int = 0  # bytes
        self.head: bytes = b""  # the first bytes, up to `HEAD_BYTES` of them
        self._place = place
        self._file: FileIO | None = None
        self._is_gone = False  # moved or removed
        self._hash = hashlib.sha256()

    @property
    def path(self) -> Path:
        """Path of the file, from which written data can be read immediately."""
        self._open()
        return self._place

    def write(self, data: bytes | bytearray) -> None:
        file, rest = self._open(), memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]
        self._hash.update(data)
        self.size += len(data)
        self.head += data[: HEAD_BYTES - len(self.head)]

    @property
    def content_hash(self) -> str:
        return self._hash.hexdigest()

    def close(self) -> None:
        """Finish writing."""
        self._open().close()

    def move_to(self, place: Path) -> None:
        """Move the file to `place`."""
        self.close()
        os.replace(self._place, place)
        self._is_gone = True

    def __enter__(self) -> Incoming:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._file is not None and not self._is_gone:
            self._file.close()
            self._place.unlink(missing_ok=True)
            self._is_gone = True

    def _open(self) -> FileIO:
        if self._file is None:
            self._file = FileIO(self._place, "xb", opener=_open_for_owner)
        return self._file


def _open_for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class Contents:
    """The folder of all contents, and the folder of incoming files next to it."""

    def __init__(self, folder: Path) -> None:
        self._kept, self._incoming = folder / "contents", folder / "incoming"
        shutil.rmtree(self._incoming, ignore_errors=True)  # files of a process that was killed
        self._kept.mkdir(parents=True, exist_ok=True)
        self._incoming.mkdir()
        self._numbers = itertools.count()  # next() of it is atomic

    def incoming(self) -> Incoming:
        return Incoming(self._incoming / str(next(self._numbers)))

    def path(self, content_hash: str) -> Path:
        # Two levels, so that no folder has too many entries.
        return self._kept.joinpath(content_hash[:2], content_hash)

    def keep(self, incoming: Incoming) -> None:
        """Move `incoming` to its place. Call this in the transaction that refers to it."""
        place = self.path(incoming.content_hash)
        try:
            incoming.move_to(place)  # possibly over the same content
        except FileNotFoundError:  # the first in its folder
            place.parent.mkdir(exist_ok=True)
            incoming.move_to(place)
        except PermissionError:  # on Windows, if the same content is being read
            if not place.exists():
                raise

    def remove(self, content_hash: str) -> None:
        # Windows cannot remove a file that is being read; the next start removes it.
        with contextlib.suppress(PermissionError):
            self.path(content_hash).unlink(missing_ok=True)

    def hashes(self) -> Iterator[str]:
        """Yield the hashes of all contents."""
        for folder in self._kept.iterdir():
            yield from (place.name for place in folder.iterdir())
