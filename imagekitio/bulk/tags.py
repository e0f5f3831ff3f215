"""Changes of the tags of many files, fifty per request."""

from __future__ import annotations

from collections.abc import Sized
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from ..exceptions import NotFoundException
from ..operations.bulk import add_tags, remove_tags
from ..operations.encoding import require_texts
from ..operations.files import update_file_details
from ..operations.ids import read_file_id
from .batches import Outcome, change_files, make_unconfirmed_error, read_ids
from .work import Call, do_each

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Iterable, Sequence

    from ..models.files import FileResultWithResponseMetadata
    from ..operations.core import Operation
    from ..operations.ids import FileId
    from .work import Job, Work

Tagging: TypeAlias = Outcome

BATCH_SIZE = 50  # ImageKit docs, "Add tags (bulk)" and "Remove tags (bulk)"


def tag_many(
    items: Iterable[FileId] | AsyncIterable[FileId],
    *,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    clear: bool = False,
) -> Work:
    """Change the tags of many files; see `ImageKit.tag_many`."""
    added, removed = (tuple(_read_tags(tags, name)) for tags, name in ((add, "add"), (remove, "remove")))
    if not (added or removed or clear):
        raise ValueError("pass tags to add or to remove, or clear=True")
    if clear and removed:
        raise ValueError("clear=True removes every tag: leave remove out")
    if both := sorted({*added} & {*removed}):
        raise ValueError(f"add and remove must not share tags (got {', '.join(both)} in both)")
    if clear:
        return do_each(items, partial(_replace_tags, added))
    return do_each(items, partial(_tag_batch, added, removed), batch_size=BATCH_SIZE)


def _read_tags(tags: Any, name: str) -> list[str]:
    """Return the tags in a list, which may be empty; raise TypeError or ValueError if it is not a list of str."""
    return [] if isinstance(tags, Sized) and not isinstance(tags, str) and not tags else require_texts(tags, name)


def _tag_batch(
    added: tuple[str, ...], removed: tuple[str, ...], items: Sequence[FileId]
) -> Job[list[Tagging | Exception]]:
    ids = read_ids(items)
    left = list(dict.fromkeys(one for one in ids if isinstance(one, str)))
    found: dict[str, Tagging | Exception] = {}
    # Removed first, to make room for the added ones: the tags of a file may have 500 characters together.
    for change, tags in ((remove_tags, removed), (add_tags, added)):
        if tags:
            found |= yield from change_files(left, partial(_swap, change, tags))
            left = [file_id for file_id in left if found[file_id] == "changed"]
    return [found[one] if isinstance(one, str) else one for one in ids]


def _swap(
    change: Callable[[list[str], tuple[str, ...]], Operation[Any]], tags: tuple[str, ...], ids: list[str]
) -> Operation[Any]:
    return change(ids, tags)


def _replace_tags(tags: tuple[str, ...], item: FileId) -> Job[Tagging]:
    try:
        result: FileResultWithResponseMetadata = yield Call(update_file_details(item, tags=[*tags] or None))
    except NotFoundException:
        return "missing"
    if not result.file_id:
        raise make_unconfirmed_error(read_file_id(item), result)
    return "changed"
