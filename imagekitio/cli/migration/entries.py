"""A file to copy, and its content, which is opened only when it is sent."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


class Loss(NamedTuple):
    """A value that is left out, or changed.

    Attributes:
        name: Name of a column, an attribute or a parameter, or ``context.`` and a key.
        value: The value in the source.
        reason: Why ImageKit does not accept it, or what it becomes.
    """

    name: str
    value: str
    reason: str


@dataclass(frozen=True)
class Entry:
    """A file to copy.

    Attributes:
        name: Its path below the destination, as in the source.
        shown: Its name for the user: a path or URL.
        file: What is uploaded: a local path, a URL that the service fetches, or a function that opens the content.
        size_bytes: Its size; None if unknown.
        options: Options of the upload: tags, description, custom metadata.
        losses: Further values in the source that the media library does not accept.
        content_tag: Tag that identifies the content, such as ``img-src-3f0c7a91d2b45e68``, if the source has one. A
            file with another tag of this prefix has different content.
        reason: Why it cannot be copied.
    """

    name: str
    shown: str
    file: Path | str | Callable[[], Any]
    size_bytes: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    losses: Sequence[Loss] = ()
    content_tag: str = ""
    reason: str = ""


class LazyFile(io.RawIOBase):
    """A binary file that is opened when it is read, so that only files being sent are open.

    Args:
        open_file: Function that opens the content at its beginning; it is called again to go back in a file that cannot
            seek.
        size_bytes: Size of the content; if it is None, the file must have a `size` when it is open.
    """

    def __init__(self, open_file: Callable[[], Any], size_bytes: int | None) -> None:
        self._open_file = open_file
        self._size_bytes = size_bytes
        self._file: Any = None
        self._position = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True: a failed upload begins again."""
        return True

    def tell(self) -> int:
        """Return the position from which the next byte is read."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Change the position, without opening the file if its size is known."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position}.get(whence)
        self._position = (self._find_size() if start is None else start) + offset
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes, at most `size`."""
        if size == 0:
            return b""
        file = self._open()
        if file.tell() != self._position:
            file.seek(self._position)
        block: bytes = file.read(-1 if size is None else size)
        self._position += len(block)
        return block

    def close(self) -> None:
        """Close the content, if it was opened."""
        if self._file is not None:
            self._file.close()
            self._file = None
        super().close()

    def _open(self) -> Any:
        if self._file is not None and self._position == 0 and not self._file.seekable():
            self._file.close()
            self._file = None
        if self._file is None:
            self._file = self._open_file()
        return self._file

    def _find_size(self) -> int:
        if self._size_bytes is None:
            self._size_bytes = int(self._open().size)
        return self._size_bytes
