"""The files that a storage opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.files.base import File

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    from ....models.files import FileResult
    from ....models.uploads import UploadFileResult
    from ....streams import FileStream

    BinaryFile = File[bytes]
else:
    BinaryFile = File  # has no type parameters at run time


class ImageKitFile(BinaryFile):
    """A file in the media library, opened for reading by `ImageKitStorage.open`.

    It reads the original bytes in parts, and can seek. After `close`, `open` reopens it.

    Args:
        open_stream: Function that opens the stream.
        name: Name of the file in its storage.
    """

    def __init__(self, open_stream: Callable[[], FileStream], name: str) -> None:
        super().__init__(open_stream(), name)
        self._open_stream = open_stream
        self.mode = "rb"

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> Self:
        """Rewind the file, and reopen it if it is closed.

        Raises:
            ValueError: `mode` is not ``rb``.
            FileNotFoundError: The file no longer exists.
        """
        check_mode(mode or "rb")
        if self.closed:
            self.file: Any = self._open_stream()
        self.seek(0)
        return self


def check_mode(mode: str) -> None:
    """Check the mode in which a file of the media library is to be opened.

    Raises:
        ValueError: `mode` is not ``rb``.
    """
    if mode != "rb":
        raise ValueError(f"mode must be 'rb': files are read as bytes, and written by save() (got {mode!r})")


class KnownDetails(NamedTuple):
    """The details of a stored file that are known without a request; None for those that are not.

    Attributes:
        size: Size in bytes.
        width, height: Size in pixels.
    """

    file_id: str | None = None
    width: int | None = None
    height: int | None = None
    size: int | None = None


def read_details(file: FileResult | UploadFileResult) -> KnownDetails:
    return KnownDetails(file.file_id, file.width, file.height, file.size)
