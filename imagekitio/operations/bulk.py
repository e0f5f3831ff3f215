"""Operations on many files at once. An unknown id fails the whole call. ImageKit docs, media API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..models.bulk import BulkDeleteFileResult, TagsResult
from .core import Operation
from .encoding import ids, with_json
from .responses import reads

if TYPE_CHECKING:
    from collections.abc import Iterable

_tagged = reads(TagsResult)
_deleted = reads(BulkDeleteFileResult)


def add_tags(file_ids: Iterable[str], tags: Iterable[str]) -> Operation[TagsResult]:
    """Add tags to files."""
    return _change_tags("/v1/files/addTags", file_ids, "tags", ids(tags, "tags"))


def remove_tags(file_ids: Iterable[str], tags: Iterable[str]) -> Operation[TagsResult]:
    """Take tags from files; a tag that a file does not have is no error."""
    return _change_tags("/v1/files/removeTags", file_ids, "tags", ids(tags, "tags"))


def remove_ai_tags(file_ids: Iterable[str], ai_tags: Iterable[str]) -> Operation[TagsResult]:
    """Take AI tags from files."""
    return _change_tags("/v1/files/removeAITags", file_ids, "AITags", ids(ai_tags, "ai_tags"))


def _change_tags(path: str, file_ids: Iterable[str], key: str, tags: list[str]) -> Operation[TagsResult]:
    body = {"fileIds": ids(file_ids, "file_ids"), key: tags}
    return Operation(with_json("POST", path, body, idempotent=True), _tagged)


def bulk_file_delete(file_ids: Iterable[str]) -> Operation[BulkDeleteFileResult]:
    """Delete files with their versions."""
    body = {"fileIds": ids(file_ids, "file_ids")}
    return Operation(with_json("POST", "/v1/files/batch/deleteByFileIds", body, idempotent=True), _deleted)
