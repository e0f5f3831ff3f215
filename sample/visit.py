"""State and helpers that the chapters of the tour share."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import requests

from imagekitio import BadRequestException, ForbiddenException, TooManyRequestsException

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit
    from imagekitio.models.results import UploadFileResult

    from .contact_sheet import Card
    from .screen import Screen

P = ParamSpec("P")
T = TypeVar("T")

TIMEOUT = (5, 60)  # seconds to connect, to read


@dataclass
class Visit:
    """A tour in progress.

    Attributes:
        http: Session that acts as a browser.
        output: Folder for the pictures and the contact sheet.
        interrupts: List to which Ctrl-C adds; if it is not empty, no further call is made.
        folder: Folder of the media library that contains everything.
        upload_base_url: Base URL for uploads from browsers.
        server: Local ImageKit; None for a tour of an account.
        uploaded: Uploaded files by name.
        field_ids: Ids of the custom metadata fields to delete.
        job_ids: Ids of the jobs that may still be running.
        cards: Pictures made so far.
        calls: Number of calls made.
        is_kept: Whether the folder and its contents stay after the tour.
    """

    imagekit: ImageKit
    screen: Screen
    http: requests.Session
    output: Path
    interrupts: list[int]
    folder: str
    upload_base_url: str
    server: LocalImageKit | None = None
    uploaded: dict[str, UploadFileResult] = field(default_factory=dict)
    field_ids: list[str] = field(default_factory=list)
    job_ids: list[str] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    calls: int = 0
    is_kept: bool = False

    def call(
        self, asked: str, describe: Callable[[T], str], method: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Make a call and print its line; see `Screen.call`.

        Raises:
            KeyboardInterrupt: Ctrl-C was pressed during the previous call. That call was completed, so its result is
                known and can be deleted.
        """
        if self.interrupts:
            raise KeyboardInterrupt
        return self.finish(asked, describe, partial(method, *args, **kwargs))

    def finish(self, asked: str, describe: Callable[[T], str], make: Callable[[], T]) -> T:
        """Make a call even after Ctrl-C, and print its line."""
        self.calls += 1
        return self.screen.call(asked, make, describe)

    def path(self, name: str) -> str:
        """Return the path of a file or folder of the tour in the media library."""
        return f"{self.folder}/{name}"

    def get(self, url: str) -> requests.Response:
        """Fetch a URL."""
        return self.http.get(url, timeout=TIMEOUT)

    def is_refused(self, error: Exception) -> bool:
        """Return whether the account refuses a call, because of its plan or because there were too many calls.

        Local ImageKit refuses nothing, so there it is an error like any other.
        """
        if self.server is not None:
            return False
        if isinstance(error, requests.HTTPError):
            return error.response is not None and error.response.status_code < 500
        return isinstance(error, (BadRequestException, ForbiddenException, TooManyRequestsException))
