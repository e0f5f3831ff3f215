"""Files on their way from any storage of Django to an `ImageKitStorage`; for ``manage.py imagekit_migrate_storage``."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from django.core.exceptions import SuspiciousFileOperation
from django.db import DatabaseError

from ....exceptions import EmptyFileError, FileExistsException
from ....operations.file_names import distinguish_names
from ...errors import check_size
from .file_fields import list_files_below, list_querysets, read_names

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

    from django.core.files.base import File
    from django.core.files.storage import Storage
    from django.db.models import FileField

    from ..storages.storage import ImageKitStorage


class Outcome(NamedTuple):
    """What became of one file.

    Attributes:
        name: The name that rows have, or had before it was changed.
        status: ``present`` if the target had the file before; ``missing`` if neither storage has it.
        error: Why it failed.
    """

    name: str
    status: Literal["copied", "present", "missing", "failed"]
    error: Exception | None = None


class Transfer:
    """The files that rows refer to, from one storage to another; the source is only read.

    A name that the service would change gets the changed form, and a digest as well if another row has that already.
    It is the same in each run, so a run that was stopped anywhere can be repeated. The rows themselves are changed only
    where the field has the target as its storage: elsewhere, the application still finds its files by them.

    Args:
        source: Where the files are.
        target: Where they are to be.
        fields: The fields whose files are meant; each has either of the two as its storage.
    Attributes:
        names: The names that rows have.
        renamed: The names in the target by those in the rows, where they differ.
        waiting: Names that differ, in rows of fields whose storage is not the target yet.
        renamed_rows: Number of rows that have been given another name.
    """

    def __init__(self, source: Storage, target: ImageKitStorage, fields: Iterable[FileField]) -> None:
        self._source = source
        self._target = target
        self._switched: list[FileField] = []
        in_use = set[str]()
        others = set[str]()
        for field in fields:
            if is_switched := field.storage == target:
                self._switched.append(field)
            (in_use if is_switched else others).update(read_names(field))
        self._in_use = in_use
        self._refused: dict[str, SuspiciousFileOperation] = {}
        self.names: set[str] = in_use | others
        self.renamed: Mapping[str, str] = self._choose_names()
        self.waiting: list[str] = sorted(others & self.renamed.keys())
        self.renamed_rows: int = 0

    def __len__(self) -> int:
        """The number of files, and of outcomes."""
        return len(self.names)

    def run(self, *, at_once: int = 16) -> Generator[Outcome]:
        """Copy what the target does not have yet, and yield what became of each file, in any order.

        A file that the target has is compared by its size. If the rows of a field lead to it already, it may have been
        replaced since, so it stays as it is.

        Args:
            at_once: Maximum number of uploads in progress.
        """
        yield from (Outcome(name, "failed", error) for name, error in self._refused.items())
        sizes = self._list_sizes()
        to_copy: list[str] = []
        for name, path in self._list_paths():
            try:
                is_present = self._is_present(name, sizes.get(path))
            except Exception as exc:  # whatever a storage raises
                yield self._explain(name, exc)
            else:
                if is_present:
                    yield self._rename_rows(Outcome(name, "present"))
                else:
                    to_copy.append(name)
        yield from self._copy(to_copy, sizes, at_once)

    def preview(self) -> Generator[Outcome]:
        """Yield what `run` would lead to if nothing failed, without changing anything."""
        yield from (Outcome(name, "failed", error) for name, error in self._refused.items())
        sizes = self._list_sizes()
        for name, path in self._list_paths():
            try:
                if self._is_present(name, sizes.get(path)):
                    yield Outcome(name, "present")
                else:
                    yield Outcome(name, "copied" if self._source.exists(name) else "missing")
            except Exception as exc:  # whatever a storage raises
                yield self._explain(name, exc)

    def _choose_names(self) -> dict[str, str]:
        clean: dict[str, str] = {}
        for name in self.names:
            try:
                clean[name] = self._target.get_name(self._target.get_path(name))
            except SuspiciousFileOperation as exc:
                self._refused[name] = exc
        return {name: other for name, other in distinguish_names(clean).items() if other != name}

    def _list_sizes(self) -> dict[str, int]:
        return {file.file_path: file.size for file in list_files_below(self._target)}

    def _list_paths(self) -> Iterator[tuple[str, str]]:
        return ((name, self._get_path(name)) for name in self.names if name not in self._refused)

    def _get_path(self, name: str) -> str:
        return self._target.get_path(self.renamed.get(name, name))

    def _is_present(self, name: str, size_bytes: int | None) -> bool:
        if size_bytes is None or name in self._in_use:
            return size_bytes is not None
        try:
            return self._source.size(name) == size_bytes
        except FileNotFoundError:
            return True

    def _copy(self, to_copy: Iterable[str], sizes: Mapping[str, int], at_once: int) -> Iterator[Outcome]:
        in_progress: dict[str, tuple[str, File[Any]]] = {}
        unopened: list[Outcome] = []

        def open_files() -> Iterator[dict[str, Any]]:
            for name in to_copy:
                path = self._get_path(name)
                try:
                    file = self._open(name)
                except Exception as exc:  # whatever a storage raises
                    unopened.append(self._explain(name, exc))
                else:
                    in_progress[path] = name, file
                    options = self._target.make_upload_options(path, overwrite_file=path in sizes)
                    yield {**options, "file": file, "file_name": posixpath.basename(path)}

        try:
            for done in self._target.client.upload_many(open_files(), at_once=at_once):
                item: Any = done.item
                name, file = in_progress.pop(posixpath.join(item["folder"], item["file_name"]))
                file.close()
                if done.error is None:
                    yield self._rename_rows(Outcome(name, "copied"))
                elif isinstance(done.error, FileExistsException):
                    # The list did not have it yet: an earlier run stored it a moment ago.
                    yield self._rename_rows(Outcome(name, "present"))
                else:
                    yield self._explain(name, done.error)
                yield from _take_all(unopened)
            yield from _take_all(unopened)
        finally:
            for _, file in in_progress.values():  # those of a run that was stopped
                file.close()

    def _open(self, name: str) -> File[Any]:
        file = self._source.open(name)
        try:
            if file.size == 0:
                raise EmptyFileError("the file is empty, and ImageKit stores no empty files")
            check_size(file.size, self._target.options.max_bytes)
        except BaseException:
            file.close()
            raise
        return file

    def _explain(self, name: str, error: Exception) -> Outcome:
        """Return the outcome for an error: storages have no common one for a file that is missing."""
        try:
            is_missing = isinstance(error, FileNotFoundError) or not self._source.exists(name)
        except Exception:  # whatever a storage raises; the first error says more
            is_missing = False
        # Without the traceback, whose frames would stay in memory with each of very many errors.
        return Outcome(name, "missing") if is_missing else Outcome(name, "failed", error.with_traceback(None))

    def _rename_rows(self, outcome: Outcome) -> Outcome:
        """Give rows the name that the file has now; a row that somebody has changed meanwhile keeps what it has."""
        name = outcome.name
        other = self.renamed.get(name)
        if other is None:
            return outcome
        for field in self._switched:
            if field.max_length is not None and len(other) > field.max_length:
                error = ValueError(
                    f"the name {other!r} is longer than max_length of {field.model._meta.label}.{field.name}"
                )
                return Outcome(name, "failed", error)
            try:
                for rows in list_querysets(field.model):
                    # An update of the query set: no signals, and no fields that note the time of a change.
                    self.renamed_rows += rows.filter(**{field.name: name}).update(**{field.name: other})
            except DatabaseError as exc:
                return Outcome(name, "failed", exc)
        return outcome


def _take_all(outcomes: list[Outcome]) -> Iterator[Outcome]:
    while outcomes:
        yield outcomes.pop()
