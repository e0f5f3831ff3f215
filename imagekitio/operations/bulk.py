"""Operations on many files at once. An unknown ID makes the whole call fail. Source: ImageKit docs, media API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..models.bulk import BulkDeleteFileResult, TagsResult
from .core import Operation
from .encoding import build_json_request, require_texts
from .ids import read_file_ids
from .responses import parse_as

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .ids import FileId

_parse_tags = parse_as(TagsResult)
_parse_deletion = parse_as(BulkDeleteFileResult)


def add_tags(file_ids: Iterable[FileId], tags: Iterable[str]) -> Operation[TagsResult]:
    """Add tags to files."""
    return _change_tags("/v1/files/addTags", file_ids, "tags", require_texts(tags, "tags"))


def remove_tags(file_ids: Iterable[FileId], tags: Iterable[str]) -> Operation[TagsResult]:
    """Remove tags from files; tags that a file does not have are ignored."""
    return _change_tags("/v1/files/removeTags", file_ids, "tags", require_texts(tags, "tags"))


def remove_ai_tags(file_ids: Iterable[FileId], ai_tags: Iterable[str]) -> Operation[TagsResult]:
    """Remove AI tags from files."""
    return _change_tags("/v1/files/removeAITags", file_ids, "AITags", require_texts(ai_tags, "ai_tags"))


def _change_tags(path: str, file_ids: Iterable[FileId], key: str, tags: list[str]) -> Operation[TagsResult]:
    body = {"fileIds": read_file_ids(file_ids), key: tags}
    return Operation(build_json_request("POST", path, body, idempotent=True), _parse_tags)


def bulk_file_delete(file_ids: Iterable[FileId]) -> Operation[BulkDeleteFileResult]:
    """Delete files with all their versions."""
    body = {"fileIds": read_file_ids(file_ids)}
    request = build_json_request("POST", "/v1/files/batch/deleteByFileIds", body, idempotent=True)
    return Operation(request, _parse_deletion)
