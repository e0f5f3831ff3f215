"""Metadata of many files, with one request per file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..operations.metadata import get_file_metadata
from .work import Call, do_each

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable

    from ..models.details import GetMetadataResult
    from ..operations.ids import FileId
    from .work import Job, Work


def get_metadata_many(items: Iterable[FileId] | AsyncIterable[FileId]) -> Work:
    """Return the metadata of many files; see `ImageKit.get_metadata_many`."""
    return do_each(items, _get_metadata)


def _get_metadata(item: FileId) -> Job[GetMetadataResult]:
    result: GetMetadataResult = yield Call(get_file_metadata(item))
    return result
