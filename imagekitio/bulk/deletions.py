"""Deletions of many files, a hundred per request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ..operations.bulk import bulk_file_delete
from .batches import change_files, read_ids
from .work import do_each

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable, Sequence

    from ..operations.ids import FileId
    from .batches import Outcome
    from .work import Job, Work

# Why a file no longer exists: it was deleted now, or did not exist.
Deletion = Literal["deleted", "missing"]

BATCH_SIZE = 100  # ImageKit docs, "Delete multiple files"


def delete_many(items: Iterable[FileId] | AsyncIterable[FileId]) -> Work:
    """Delete many files; see `ImageKit.delete_many`."""
    return do_each(items, delete_batch, batch_size=BATCH_SIZE)


def delete_batch(items: Sequence[FileId]) -> Job[list[Deletion | Exception]]:
    """Delete up to `BATCH_SIZE` files; return the outcome of each, or the exception that prevented it."""
    ids = read_ids(items)
    found = yield from change_files(list(dict.fromkeys(one for one in ids if isinstance(one, str))), bulk_file_delete)
    return [_name_outcome(found[one]) if isinstance(one, str) else one for one in ids]


def _name_outcome(outcome: Outcome | Exception) -> Deletion | Exception:
    return "deleted" if outcome == "changed" else outcome
