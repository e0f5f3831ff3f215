"""Many deletions, a hundred in a request."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from ..exceptions import BadRequestException, ImageKitException, NotFoundException, PartialSuccessException
from ..models.files import FileResult
from ..models.uploads import UploadFileResult
from ..operations.encoding import required
from .window import Counter, Done, refuse_text
from .workers import Shared

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from ..client import ImageKit
    from .workers import Workers

    Attempts = Generator[list[str], ImageKitException | None, list[bool]]
    Batch = Done["list[DeleteItem]", list[bool]]

DeleteItem = str | FileResult | UploadFileResult

BATCH_SIZE = 100  # ImageKit docs, "Delete multiple files"


class SomeFailed(Exception):  # noqa: N818 - never leaves this package
    """Some deletions of a batch failed: the argument has the outcome of each item. So it counts as a failed call."""


def delete_many(client: ImageKit, items: Iterable[DeleteItem], how: Workers) -> Iterator[Done[DeleteItem, bool]]:
    """Delete many files; see `ImageKit.delete_many`."""
    batches = how.without_progress().each(partial(_delete_batch, Shared(client)), in_batches(refuse_text(items)))
    return _flattened(batches, Counter(items, how.on_progress))


def _flattened(batches: Iterator[Batch], progress: Counter) -> Iterator[Done[DeleteItem, bool]]:
    for batch in batches:
        for done in outcomes(batch):
            progress.one_more()
            yield done


def in_batches(items: Iterable[DeleteItem]) -> Iterator[list[DeleteItem]]:
    source = iter(items)
    while batch := list(islice(source, BATCH_SIZE)):
        yield batch


def outcomes(batch: Batch) -> Iterator[Done[DeleteItem, bool]]:
    """Yield the outcome of each item of a batch."""
    if isinstance(batch.error, SomeFailed):
        (found,) = batch.error.args
    else:
        found = [batch.error] * len(batch.item) if batch.result is None else batch.result
    for item, outcome in zip(batch.item, found, strict=True):
        yield Done(item, error=outcome) if isinstance(outcome, Exception) else Done(item, outcome)


def _delete_batch(shared: Shared[ImageKit], items: Sequence[DeleteItem]) -> list[bool]:
    steps = attempts(items)
    failure: ImageKitException | None = None
    while True:
        try:
            file_ids = steps.send(failure)
        except StopIteration as done:
            found: list[bool] = done.value
            return found
        failure = None
        try:
            shared.client.bulk_file_delete(file_ids)
        except ImageKitException as exc:
            failure = exc


def attempts(items: Sequence[DeleteItem]) -> Attempts:
    """Work out which ids to delete in a request each, and return for each item whether it was there.

    Yields:
        Ids to delete; answer with what that raised, or None.
    Raises:
        SomeFailed: At the end.
    """
    found: dict[str, bool | Exception] = {}
    ids: list[str | Exception] = []
    for item in items:
        try:
            ids.append(required(item.file_id if isinstance(item, (FileResult, UploadFileResult)) else item, "file_id"))
        except (TypeError, ValueError) as exc:
            ids.append(exc)
    yield from _attempts(list(dict.fromkeys(one for one in ids if isinstance(one, str))), found)
    outcomes = [found[one] if isinstance(one, str) else one for one in ids]
    if any(isinstance(outcome, Exception) for outcome in outcomes):
        raise SomeFailed(outcomes)
    return [outcome is True for outcome in outcomes]


def _attempts(
    ids: list[str], found: dict[str, bool | Exception]
) -> Generator[list[str], ImageKitException | None, None]:
    """The service refuses all for one id that is unknown or malformed.

    It names the unknown ones; a malformed one is found by halves.
    """
    if not ids:
        return
    failure = yield ids
    if failure is None:
        found.update(dict.fromkeys(ids, True))
    elif isinstance(failure, NotFoundException) and (missing := set(failure.missing_file_ids) & set(ids)):
        found.update(dict.fromkeys(missing, False))
        yield from _attempts([file_id for file_id in ids if file_id not in missing], found)
    elif isinstance(failure, PartialSuccessException):
        failed = set(failure.failed_file_ids)
        found.update({file_id: failure if file_id in failed else True for file_id in ids})
    elif isinstance(failure, BadRequestException) and len(ids) > 1:
        middle = len(ids) // 2
        yield from _attempts(ids[:middle], found)
        yield from _attempts(ids[middle:], found)
    else:
        found.update(dict.fromkeys(ids, failure))
