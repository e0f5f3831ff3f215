"""The results of release 5 that differ from those of older releases.

Times are datetimes, lists are of the type `list`, deletions return None, and 207 is a success. The classes change the
types of inherited attributes. This does not affect users of the older results, so comments silence type checkers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from ..models.details import AITags
from ..models.files import FileResultWithResponseMetadata, FolderResult, is_folder
from ..models.result import ALWAYS, ListResult, Model, as_time, list_of
from ..operations.core import Operation
from ..operations.responses import parse_with

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ..models.response_metadata import ResponseMetadata

T = TypeVar("T")


def read_as(operation: Operation[object], read: Callable[[ResponseMetadata], T]) -> Operation[T]:
    """Return the operation with a result that `read` builds from the response. 207 is a success, as in release 5."""
    return Operation(operation.request, parse_with(read, accept_partial=True))


def read_list(operation: Operation[object], result: type[ListResult[T]]) -> Operation[list[T]]:
    """Return the operation with a list instead of a result that contains one."""
    return read_as(operation, lambda metadata: result.from_answer(metadata).list)


def read_nothing(operation: Operation[object]) -> Operation[None]:
    """Return the operation without a result."""
    return read_as(operation, lambda metadata: None)


@dataclass(frozen=True, kw_only=True, repr=False)
class Times(Model):
    """An object with times of creation and change.

    Attributes:
        created_at, updated_at: Times of creation and of the last change, as aware datetimes.
    """

    created_at: datetime = field(default=ALWAYS, metadata=as_time())
    updated_at: datetime = field(default=ALWAYS, metadata=as_time())

    @property
    def created(self) -> datetime | None:
        """The name of `created_at` in older results."""
        return self.created_at

    @property
    def updated(self) -> datetime | None:
        """The name of `updated_at` in older results."""
        return self.updated_at


@dataclass(frozen=True, kw_only=True, repr=False)
class File(Times, FileResultWithResponseMetadata):  # pyright: ignore[reportIncompatibleVariableOverride]
    """A file or a version of a file; see `FileResult`.

    Attributes:
        created_at, updated_at: Times of creation and of the last change, as aware datetimes.
        ai_tags: Tags that extensions added; None if there are none.
    """

    ai_tags: list[AITags] | None = field(default=None, metadata=list_of(AITags))  # type: ignore[assignment]


@dataclass(frozen=True, kw_only=True, repr=False)
class Folder(Times, FolderResult):  # pyright: ignore[reportIncompatibleVariableOverride]
    """A folder; see `FolderResult`.

    Attributes:
        created_at, updated_at: Times of creation and of the last change, as aware datetimes.
    """


@dataclass(frozen=True, kw_only=True, repr=False)
class AssetList(ListResult["File | Folder"]):
    """Files, versions and folders."""

    @classmethod
    def _decode_item(cls, data: Any) -> File | Folder:
        return Folder.from_json(data) if is_folder(data) else File.from_json(data)
