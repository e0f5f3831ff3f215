"""Requests for many files, all of which the service refuses because of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ..exceptions import (
    BadRequestException,
    ImageKitException,
    NotFoundException,
    PartialSuccessException,
    UnreadableResponseException,
)
from ..models.bulk import BulkDeleteFileResult
from ..operations.ids import read_file_id
from .work import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from ..models.bulk import TagsResult
    from ..models.result import Result
    from ..operations.core import Operation
    from ..operations.ids import FileId

# The outcome for a file: the operation succeeded, or the file does not exist.
Outcome = Literal["changed", "missing"]


def read_ids(items: Sequence[FileId]) -> list[str | Exception]:
    """Return the ID of each file, or the exception that explains why it has none."""
    ids: list[str | Exception] = []
    for item in items:
        try:
            ids.append(read_file_id(item))
        except (TypeError, ValueError) as exc:
            ids.append(exc)
    return ids


def change_files(
    ids: list[str], make_operation: Callable[[list[str]], Operation[Any]]
) -> Generator[Call, Any, dict[str, Outcome | Exception]]:
    """Carry out an operation on files, and return the outcome for each ID, or its exception.

    The service refuses all files because of one that is unknown or malformed, or that it cannot change. It names the
    unknown ones; others are found by bisection. A success names its files (ImageKit docs, "Add tags (bulk)", "Delete
    multiple files"): a file that it does not name counts as failed, as the response may belong to another request.

    Args:
        ids: Distinct IDs, at most as many as one request accepts.
        make_operation: Function that returns the operation for some of them.
    """
    found: dict[str, Outcome | Exception] = {}
    if not ids:
        return found
    try:
        result: TagsResult | BulkDeleteFileResult = yield Call(make_operation(ids))
    except ImageKitException as exc:
        if isinstance(exc, NotFoundException) and (missing := set(exc.missing_file_ids) & set(ids)):
            found.update(dict.fromkeys(missing, "missing"))
            left = [file_id for file_id in ids if file_id not in missing]
            found.update((yield from change_files(left, make_operation)))
        elif isinstance(exc, PartialSuccessException):
            failed = set(exc.failed_file_ids)
            found.update({file_id: exc if file_id in failed else "changed" for file_id in ids})
        elif isinstance(exc, BadRequestException) and len(ids) > 1:
            middle = len(ids) // 2
            for half in (ids[:middle], ids[middle:]):
                found.update((yield from change_files(half, make_operation)))
        else:
            found.update(dict.fromkeys(ids, exc))
    else:
        named = _read_changed_ids(result)
        found.update(
            {file_id: "changed" if file_id in named else make_unconfirmed_error(file_id, result) for file_id in ids}
        )
    return found


def _read_changed_ids(result: TagsResult | BulkDeleteFileResult) -> list[str]:
    if isinstance(result, BulkDeleteFileResult):
        return result.successfully_deleted_file_ids or []
    return result.successfully_updated_file_ids or []


def make_unconfirmed_error(file: str, result: Result) -> Exception:
    """Return the error for a file, given by ID or path, that the response to its change does not name."""
    message = f"the response does not name {file}: it is not known whether it was changed"
    return UnreadableResponseException(message, "", result.response_metadata)
