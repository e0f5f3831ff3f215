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
    """A file of the media library, open for reading: what `ImageKitStorage.open` returns.

    It reads the original bytes, part by part, and can seek. After `close`, `open` opens it again.

    Args:
        open_stream: Opens the stream.
        name: Name of the file in its storage.
    """

    def __init__(self, open_stream: Callable[[], FileStream], name: str) -> None:
        super().__init__(open_stream(), name)
        self._open_stream = open_stream
        self.mode = "rb"

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> Self:
        """Go back to the start, and open the file again if it is closed.

        Raises:
            ValueError: `mode` is not ``rb``.
            FileNotFoundError: The file is gone.
        """
        check_mode(mode or "rb")
        if self.closed:
            self.file: Any = self._open_stream()
        self.seek(0)
        return self


def check_mode(mode: str) -> None:
    """Refuse a mode in which files of the media library cannot be opened.

    Raises:
        ValueError: It is not ``rb``.
    """
    if mode != "rb":
        raise ValueError(f"mode must be 'rb': files are read as bytes, and written by save() (got {mode!r})")


class KnownDetails(NamedTuple):
    """What is known of a stored file without asking; None for what is not.

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
