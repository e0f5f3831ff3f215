"""A client of an account that removes what it uploaded."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from ..client import ImageKit
from ..exceptions import NotFoundException
from ..models.uploads import UploadFileResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..operations.core import Operation

T = TypeVar("T")


class _Tidy(ImageKit):
    """Remembers the ids of the files that were uploaded, by its copies too."""

    def __init__(self) -> None:
        super().__init__()
        self.uploaded: dict[str, None] = {}

    def _run(self, operation: Operation[T]) -> T:
        result = super()._run(operation)
        if isinstance(result, UploadFileResult) and result.file_id:
            self.uploaded[result.file_id] = None
        return result


@contextmanager
def client_of_account() -> Iterator[ImageKit]:
    """A client of the account that the environment names; what it uploaded is deleted at the end of the block.

    Raises:
        ValueError: The environment names no account.
    """
    with _Tidy() as client:
        try:
            yield client
        finally:
            left = [done.error for done in client.delete_many(list(client.uploaded)) if done.error is not None]
            if left:
                raise left[0]


def delete_folder(client: ImageKit, folder: str) -> None:
    """Delete a folder with all it holds, if it is there."""
    with suppress(NotFoundException):  # the test has made nothing in it
        client.delete_folder(folder_path=folder)
