"""Deletions of many files, a hundred in a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ..exceptions import BadRequestException, ImageKitException, NotFoundException, PartialSuccessException
from ..operations.bulk import bulk_file_delete
from ..operations.ids import read_file_id
from .work import Call, do_each

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Generator, Iterable, Sequence

    from ..operations.ids import FileId
    from .work import Job, Work

# Why a file no longer exists: it was deleted now, or was not there.
Deletion = Literal["deleted", "missing"]

BATCH_SIZE = 100  # ImageKit docs, "Delete multiple files"


def delete_many(items: Iterable[FileId] | AsyncIterable[FileId]) -> Work:
    """Delete many files; see `ImageKit.delete_many`."""
    return do_each(items, delete_batch, batch_size=BATCH_SIZE)


def delete_batch(items: Sequence[FileId]) -> Job[list[Deletion | Exception]]:
    """Delete up to `BATCH_SIZE` files; return for each what became of it, or why it was not deleted."""
    ids: list[str | Exception] = []
    for item in items:
        try:
            ids.append(read_file_id(item))
        except (TypeError, ValueError) as exc:
            ids.append(exc)
    found: dict[str, Deletion | Exception] = {}
    yield from _delete_ids(list(dict.fromkeys(one for one in ids if isinstance(one, str))), found)
    return [found[one] if isinstance(one, str) else one for one in ids]


def _delete_ids(ids: list[str], found: dict[str, Deletion | Exception]) -> Generator[Call, object, None]:
    """Note in `found` what became of each id.

    The service refuses all of them because of one that is unknown or malformed. It names the unknown ones; a malformed
    one is found by bisection.
    """
    if not ids:
        return
    try:
        yield Call(bulk_file_delete(ids))
    except ImageKitException as exc:
        if isinstance(exc, NotFoundException) and (missing := set(exc.missing_file_ids) & set(ids)):
            found.update(dict.fromkeys(missing, "missing"))
            yield from _delete_ids([file_id for file_id in ids if file_id not in missing], found)
        elif isinstance(exc, PartialSuccessException):
            failed = set(exc.failed_file_ids)
            found.update({file_id: exc if file_id in failed else "deleted" for file_id in ids})
        elif isinstance(exc, BadRequestException) and len(ids) > 1:
            middle = len(ids) // 2
            yield from _delete_ids(ids[:middle], found)
            yield from _delete_ids(ids[middle:], found)
        else:
            found.update(dict.fromkeys(ids, exc))
    else:
        found.update(dict.fromkeys(ids, "deleted"))
