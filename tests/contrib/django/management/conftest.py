"""What the tests of the commands share."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import pytest

from imagekitio import FileResult
from imagekitio.contrib.django.testing import override_storages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Listing:
    """Replaces `ImageKit.iter_files`, and counts how many of its files are kept at the same time.

    Attributes:
        paths: Paths of the files that it lists, each of 10 bytes.
        most: Highest number of files that were alive when another one was made.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = paths
        self.most: int = 0

    def __call__(self, *_: object, **__: object) -> Iterator[FileResult]:
        alive = WeakValueDictionary[int, FileResult]()
        old = "2024-01-01T00:00:00.000Z"
        for number, path in enumerate(self.paths):
            name = path.rpartition("/")[2]
            file = FileResult.from_json(
                {"type": "file", "fileId": f"{number:024x}", "name": name, "filePath": path, "size": 10}
                | {"createdAt": old, "updatedAt": old}
            )
            alive[number] = file
            self.most = max(self.most, len(alive))
            yield file


@pytest.fixture
def set_storages() -> Iterator[Callable[..., None]]:
    """Add aliases to ``STORAGES``, or replace them, until the end of the test."""
    with ExitStack() as stack:

        def change(**storages: dict[str, Any]) -> None:
            stack.enter_context(override_storages(storages))

        yield change
