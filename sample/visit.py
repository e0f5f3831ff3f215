"""What the chapters of the tour share."""

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
    """One tour on its way.

    Attributes:
        http: Does what a browser would do.
        output: The folder for pictures and contact sheet.
        interrupts: What Ctrl-C fills; the next call is then not made.
        folder: The folder of the media library below which everything lies.
        upload_base_url: The host that browsers upload to.
        server: Local ImageKit, if that is what is toured.
        uploaded: The uploaded files by name.
        field_ids: Of the custom metadata fields that have to be deleted.
        job_ids: Of the jobs that were started and not yet seen to be done.
        cards: The pictures made so far.
        calls: How many calls were made.
        is_kept: Whether the folder and what lies in it stay after the tour.
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
            KeyboardInterrupt: Ctrl-C was pressed during the call before. That one came to its end, so what it made is
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
        """Return where a file or folder of the tour lies in the media library."""
        return f"{self.folder}/{name}"

    def get(self, url: str) -> requests.Response:
        """Fetch a URL."""
        return self.http.get(url, timeout=TIMEOUT)

    def is_refused(self, error: Exception) -> bool:
        """Whether the account refuses a call: its plan does not include it, or there were too many of them.

        Local ImageKit refuses nothing, so there it is an error like any other.
        """
        if self.server is not None:
            return False
        if isinstance(error, requests.HTTPError):
            return error.response is not None and error.response.status_code < 500
        return isinstance(error, (BadRequestException, ForbiddenException, TooManyRequestsException))
