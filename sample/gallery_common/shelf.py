"""The pictures of the galleries in Flask and FastAPI, in memory; your application would use a database."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .titles import make_title

if TYPE_CHECKING:
    from typing_extensions import Self

    from imagekitio import FileResult, UploadFileResult


@dataclass(frozen=True)
class Picture:
    """A picture of a user, in a form that `imagekit_img` accepts."""

    file_id: str
    title: str
    file_path: str
    width: int | None
    height: int | None

    @classmethod
    def of(cls, file: FileResult | UploadFileResult) -> Self:
        """Return the picture that the gallery stores for a file."""
        return cls(file.file_id, make_title(file.name), file.file_path, file.width, file.height)


class Shelf:
    """The pictures of all users."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pictures: dict[str, dict[str, Picture]] = {}  # by user, by file id

    def list_pictures(self, user: str) -> list[Picture]:
        """Return the pictures of a user, newest first."""
        with self._lock:
            return [*self._pictures.get(user, {}).values()][::-1]

    def find(self, user: str, file_id: str) -> Picture | None:
        """Return a picture of a user; None if the user has none with this id."""
        with self._lock:
            return self._pictures.get(user, {}).get(file_id)

    def add(self, user: str, picture: Picture) -> None:
        """Add a picture, unless it exists already."""
        with self._lock:
            self._pictures.setdefault(user, {}).setdefault(picture.file_id, picture)

    def remove(self, user: str, file_id: str) -> None:
        """Remove a picture of a user, if it exists."""
        with self._lock:
            self._pictures.get(user, {}).pop(file_id, None)
