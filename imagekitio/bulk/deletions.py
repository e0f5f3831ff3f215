"""Many deletions, a hundred in a request."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from ..exceptions import BadRequestException, ImageKitException, NotFoundException, PartialSuccessException
from ..models.files import FileResult
from ..models.uploads import UploadFileResult
from ..operations.requests import required
from .window import Counter, Done, Shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ..client import ImageKit
    from .window import Window

DeleteItem = str | FileResult | UploadFileResult

BATCH_SIZE = 100  # ImageKit docs, "Delete multiple files"


def delete_many(client: ImageKit, items: Iterable[DeleteItem], how: Window) -> Iterator[Done[DeleteItem, bool]]:
    """Delete many files; see `ImageKit.delete_many`."""
    batches = how.without_progress().each(partial(_delete_batch, Shared(client)), in_batches(items))
    return _flattened(batches, how.stop_on_error, Counter(items, how.on_progress))


def _flattened(
    batches: Iterator[Done[list[DeleteItem], list[bool | Exception]]], stop_on_error: bool, progress: Counter
) -> Iterator[Done[DeleteItem, bool]]:
    for batch in batches:
        failed = False
        for done in outcomes(batch):
            failed = failed or done.error is not None
            progress.one_more()
            yield done
        if failed and stop_on_error:
            return


def in_batches(items: Iterable[DeleteItem]) -> Iterator[list[DeleteItem]]:
    source = iter(items)
    while batch := list(islice(source, BATCH_SIZE)):
        yield batch


def outcomes(batch: Done[list[DeleteItem], list[bool | Exception]]) -> Iterator[Done[DeleteItem, bool]]:
    """Yield the outcome of each item of a batch."""
    for number, item in enumerate(batch.item):
        outcome = batch.error if batch.result is None else batch.result[number]
        yield Done(item, error=outcome) if isinstance(outcome, Exception) else Done(item, outcome)


def _delete_batch(shared: Shared[ImageKit], items: Sequence[DeleteItem]) -> list[bool | Exception]:
    found: dict[str, bool | Exception] = {}
    ids = [item.file_id if isinstance(item, (FileResult, UploadFileResult)) else item for item in items]
    sound = []
    for file_id in dict.fromkeys(ids):
        try:
            sound.append(required(file_id, "file_id"))
        except (TypeError, ValueError) as exc:
            found[file_id] = exc
    _delete(shared.client.bulk_file_delete, sound, found)
    return [found[file_id] for file_id in ids]


def _delete(call: Callable[[list[str]], object], ids: list[str], found: dict[str, bool | Exception]) -> None:
    """Delete files and note for each whether it was there, or why it failed.

    The service refuses the whole batch for one id that is unknown or malformed. It names the unknown ones; a malformed
    one is found by halves.
    """
    if not ids:
        return
    try:
        call(ids)
    except NotFoundException as exc:
        missing = set(exc.missing_file_ids) & set(ids)
        if not missing:
            found.update(dict.fromkeys(ids, exc))
            return
        found.update(dict.fromkeys(missing, False))
        _delete(call, [file_id for file_id in ids if file_id not in missing], found)
    except PartialSuccessException as exc:
        failed = set(exc.failed_file_ids)
        found.update({file_id: exc if file_id in failed else True for file_id in ids})
    except BadRequestException as exc:
        if len(ids) == 1:
            found[ids[0]] = exc
            return
        middle = len(ids) // 2
        _delete(call, ids[:middle], found)
        _delete(call, ids[middle:], found)
    except ImageKitException as exc:
        found.update(dict.fromkeys(ids, exc))
    else:
        found.update(dict.fromkeys(ids, True))
