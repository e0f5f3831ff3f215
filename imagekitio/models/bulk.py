"""Results of operations on many files."""

from __future__ import annotations

from dataclasses import dataclass

from .result import ALWAYS, Result


@dataclass(frozen=True, kw_only=True, repr=False)
class TagsResult(Result):
    """The IDs of the files whose tags or AI tags were changed."""

    successfully_updated_file_ids: list[str] = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class BulkDeleteFileResult(Result):
    """The IDs of the files that were deleted."""

    successfully_deleted_file_ids: list[str] = ALWAYS
