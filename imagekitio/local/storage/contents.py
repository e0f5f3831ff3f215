"""The bytes of files: a folder in which each content has the name of its SHA-256.

Copies of a file share their bytes, and a name that exists has all of them: contents are written elsewhere and renamed.
Nothing is fsynced; what was renamed outlives the process (see `imagekitio.local.storage.database`).
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


HEAD_BYTES = 4096  # as many as tell what kind of file it is


class Incoming:
    """Bytes on their way in: a temporary file that knows its size and hash.

    The file is made when it is first used, since the event loop, which begins uploads, must not wait for a disk.
    Leaving the ``with`` block removes what `Contents.keep` has not taken over.

    Args:
        place: Where the file is made; nothing may be there.
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
        """The file; what was written can be read from it at once."""
        self._opened()
        return self._place

    def write(self, data: bytes | bytearray) -> None:
        file, rest = self._opened(), memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]
        self._hash.update(data)
        self.size += len(data)
        self.head += data[: HEAD_BYTES - len(self.head)]

    @property
    def content_hash(self) -> str:
        return self._hash.hexdigest()

    def close(self) -> None:
        """Be done with writing."""
        self._opened().close()

    def move_to(self, place: Path) -> None:
        """Take the file away to `place`."""
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

    def _opened(self) -> FileIO:
        if self._file is None:
            self._file = FileIO(self._place, "xb", opener=_open_for_owner)
        return self._file


def _open_for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class Contents:
    """The folder of all contents, and beside it the one for what is still coming in."""

    def __init__(self, folder: Path) -> None:
        self._kept, self._incoming = folder / "contents", folder / "incoming"
        shutil.rmtree(self._incoming, ignore_errors=True)  # left there by a process that died
        self._kept.mkdir(parents=True, exist_ok=True)
        self._incoming.mkdir()
        self._numbers = itertools.count()  # next() of it is atomic

    def incoming(self) -> Incoming:
        return Incoming(self._incoming / str(next(self._numbers)))

    def path(self, content_hash: str) -> Path:
        # Two levels, so that no folder holds too many names.
        return self._kept.joinpath(content_hash[:2], content_hash)

    def keep(self, incoming: Incoming) -> None:
        """Give `incoming` its place. Call inside the transaction that refers to it."""
        place = self.path(incoming.content_hash)
        try:
            incoming.move_to(place)  # or over the same bytes
        except FileNotFoundError:  # the first in its folder
            place.parent.mkdir(exist_ok=True)
            incoming.move_to(place)
        except PermissionError:  # Windows, where somebody reads the same bytes
            if not place.exists():
                raise

    def remove(self, content_hash: str) -> None:
        # Windows does not remove what somebody reads; the next start finds it.
        with contextlib.suppress(PermissionError):
            self.path(content_hash).unlink(missing_ok=True)

    def hashes(self) -> Iterator[str]:
        """All contents there are."""
        for folder in self._kept.iterdir():
            yield from (place.name for place in folder.iterdir())
