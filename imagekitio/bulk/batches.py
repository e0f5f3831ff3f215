"""One request for many files, where the service refuses all of them because of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar

from ..exceptions import BadRequestException, ImageKitException, NotFoundException, PartialSuccessException
from ..operations.ids import read_file_id
from .work import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from ..operations.core import Operation
    from ..operations.ids import FileId

Word = TypeVar("Word", bound=str)


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
    ids: list[str],
    make_operation: Callable[[list[str]], Operation[Any]],
    success: Word,
) -> Generator[Call, object, dict[str, Word | Literal["missing"] | Exception]]:
    """Carry an operation out on files, and return what became of each id: `success`, ``missing``, or an error.

    The service refuses all files because of one that is unknown or malformed, or that it cannot change. It names the
    unknown ones; another one is found by bisection.

    Args:
        ids: Ids, each once, as many as one request takes.
        make_operation: Function that returns the operation on some of them.
        success: What is noted for a file with which it succeeded.
    """
    if not ids:
        return {}
    try:
        yield Call(make_operation(ids))
    except ImageKitException as exc:
        found: dict[str, Word | Literal["missing"] | Exception] = {}
        if isinstance(exc, NotFoundException) and (missing := set(exc.missing_file_ids) & set(ids)):
            found.update(dict.fromkeys(missing, "missing"))
            left = [file_id for file_id in ids if file_id not in missing]
            found.update((yield from change_files(left, make_operation, success)))
        elif isinstance(exc, PartialSuccessException):
            failed = set(exc.failed_file_ids)
            found.update({file_id: exc if file_id in failed else success for file_id in ids})
        elif isinstance(exc, BadRequestException) and len(ids) > 1:
            middle = len(ids) // 2
            for half in (ids[:middle], ids[middle:]):
                found.update((yield from change_files(half, make_operation, success)))
        else:
            found.update(dict.fromkeys(ids, exc))
        return found
    return dict.fromkeys(ids, success)
