"""One request for many files, where the service refuses all of them because of one."""

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

# What became of a file: the operation succeeded, or the file does not exist.
Outcome = Literal["changed", "missing"]


def read_ids(items: Sequence[FileId]) -> list[str | Exception]:
    """Return the id of each file, or why it has none."""
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
    """Carry an operation out on files, and return what became of each id, or why it failed.

    The service refuses all files because of one that is unknown or malformed, or that it cannot change. It names the
    unknown ones; another one is found by bisection. A success names the files that it is about (ImageKit docs, "Add
    tags (bulk)", "Delete multiple files"): one that it does not name counts as failed, as the answer may be another's.

    Args:
        ids: Ids, each once, as many as one request takes.
        make_operation: Function that returns the operation on some of them.
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
        found.update({file_id: "changed" if file_id in named else make_doubt(file_id, result) for file_id in ids})
    return found


def _read_changed_ids(result: TagsResult | BulkDeleteFileResult) -> list[str]:
    if isinstance(result, BulkDeleteFileResult):
        return result.successfully_deleted_file_ids or []
    return result.successfully_updated_file_ids or []


def make_doubt(file: str, result: Result) -> Exception:
    """Return the error of a file, by its id or path, that the response to its change, such as ``{}``, does not name."""
    message = f"the response does not name {file}: whether it was changed is not known"
    return UnreadableResponseException(message, "", result.response_metadata)
