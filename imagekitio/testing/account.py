"""A client of an account, which finally deletes the files that it uploaded."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from ..client import ImageKit
from ..exceptions import NotFoundException
from ..models.uploads import UploadFileResult
from ..transports.requests.transport import RequestsTransport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Self

    from ..flow.service import Service
    from ..operations.core import Operation
    from ..settings import Settings
    from ..transports.transport import CallSettings

T = TypeVar("T")


class _TidyTransport(RequestsTransport):
    """A transport that records the IDs of files uploaded through it and its copies."""

    uploaded: dict[str, None]

    def run(self, operation: Operation[T]) -> T:
        result = super().run(operation)
        if isinstance(result, UploadFileResult) and result.file_id:
            self.uploaded[result.file_id] = None
        return result

    def with_settings(self, settings: CallSettings, service: Service | None = None) -> Self:
        copy = super().with_settings(settings, service)
        copy.uploaded = self.uploaded
        return copy


class _TidyClient(ImageKit):
    def __init__(self) -> None:
        super().__init__()
        self.uploaded: dict[str, None] = {}

    def _make_transport(self, service: Service, settings: Settings) -> RequestsTransport:
        transport = _TidyTransport(service, settings)
        transport.uploaded = self.uploaded
        return transport


@contextmanager
def client_of_account() -> Iterator[ImageKit]:
    """Yield a client of the account in the environment, and finally delete the files that it uploaded.

    Raises:
        ValueError: The environment contains no account.
    """
    with _TidyClient() as client:
        try:
            yield client
        finally:
            left = [done.error for done in client.delete_many(list(client.uploaded)) if done.error is not None]
            if left:
                raise left[0]


def delete_folder(client: ImageKit, folder: str) -> None:
    """Delete a folder and its contents, if it exists."""
    with suppress(NotFoundException):  # the test has stored nothing in it
        client.delete_folder(folder_path=folder)
