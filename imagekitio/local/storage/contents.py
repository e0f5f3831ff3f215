"""The bytes of files: a folder in which each content has the name of its SHA-256.

Copies of a file share their bytes, and a name that exists has all of them: contents are written elsewhere and renamed.
Nothing is fsynced; what was renamed outlives the process (see `imagekitio.local.storage.database`).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Incoming:
    """Bytes on their way in: a temporary file that knows its size and hash.

    Leaving the ``with`` block removes what `Contents.keep` has not taken over.
    """

    def __init__(self, folder: Path) -> None:
        descriptor, name = tempfile.mkstemp(dir=folder)
        self.path: Path = Path(name)
        self.size: int = 0  # bytes
        self._file = os.fdopen(descriptor, "wb")
        self._hash = hashlib.sha256()

    def write(self, data: bytes | bytearray) -> None:
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    def flush(self) -> None:
        """Make what was written so far readable at `path`."""
        self._file.flush()

    @property
    def content_hash(self) -> str:
        return self._hash.hexdigest()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Incoming:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
        self.path.unlink(missing_ok=True)


class Contents:
    """The folder of all contents, and beside it the one for what is still coming in."""

    def __init__(self, folder: Path) -> None:
        self._kept, self._incoming = folder / "contents", folder / "incoming"
        shutil.rmtree(self._incoming, ignore_errors=True)  # left there by a process that died
        self._kept.mkdir(parents=True, exist_ok=True)
        self._incoming.mkdir()

    def incoming(self) -> Incoming:
        return Incoming(self._incoming)

    def path(self, content_hash: str) -> Path:
        # Two levels, so that no folder holds too many names.
        return self._kept / content_hash[:2] / content_hash

    def keep(self, incoming: Incoming) -> str:
        """Give `incoming` its place; return its hash. Call inside the transaction that refers to it."""
        incoming.close()
        place = self.path(incoming.content_hash)
        place.parent.mkdir(exist_ok=True)
        if not place.exists():
            os.replace(incoming.path, place)
        return incoming.content_hash

    def remove(self, content_hash: str) -> None:
        # Windows does not remove what somebody reads; the next start finds it.
        with contextlib.suppress(PermissionError):
            self.path(content_hash).unlink(missing_ok=True)

    def hashes(self) -> Iterator[str]:
        """All contents there are."""
        for folder in self._kept.iterdir():
            yield from (place.name for place in folder.iterdir())
