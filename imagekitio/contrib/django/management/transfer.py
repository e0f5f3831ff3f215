"""Copy files from any Django storage to an `ImageKitStorage`, for ``manage.py imagekit_migrate_storage``."""

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
    """The outcome for one file.

    Attributes:
        name: The name in the rows, before any change.
        status: ``present`` if the target already had the file; ``missing`` if neither storage has it.
        error: The reason for a failure.
    """

    name: str
    status: Literal["copied", "present", "missing", "failed"]
    error: Exception | None = None


class Transfer:
    """A transfer of the files that rows refer to from one storage to another; the source is only read.

    A name that the service would change is changed beforehand, and gets a digest if another row already has the new
    name. It is the same in each run, so a run that was stopped can be repeated. Rows are changed only if their field
    uses the target: otherwise the application still needs the old names to find its files.

    Args:
        source: The storage that has the files.
        target: The storage to copy them to.
        fields: The fields whose files to copy; each uses one of the two storages.
    Attributes:
        names: The names in the rows.
        renamed: The names in the target by the names in the rows, where they differ.
        waiting: Names that differ, in rows of fields that do not use the target yet.
        renamed_rows: Number of rows whose name has been changed.
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
        """Return the number of files, and so of outcomes."""
        return len(self.names)

    def run(self, *, at_once: int = 16) -> Generator[Outcome]:
        """Copy files that the target does not have yet, and yield an outcome for each file, in any order.

        A file that the target already has is compared by size. If rows already use it there, it may have been replaced
        since, so it is left alone.

        Args:
            at_once: Maximum number of concurrent uploads.
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
        """Yield the outcomes that `run` would have if nothing failed, without changing anything."""
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
                    # The listing did not have it yet: an earlier run stored it a moment ago.
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
                raise EmptyFileError("the file is empty, and ImageKit does not store empty files")
            check_size(file.size, self._target.options.max_bytes)
        except BaseException:
            file.close()
            raise
        return file

    def _explain(self, name: str, error: Exception) -> Outcome:
        """Return the outcome for an error. Storages have no common error for a missing file."""
        try:
            is_missing = isinstance(error, FileNotFoundError) or not self._source.exists(name)
        except Exception:  # whatever a storage raises; the first error says more
            is_missing = False
        # Drop the traceback: with very many errors, its frames would fill the memory.
        return Outcome(name, "missing") if is_missing else Outcome(name, "failed", error.with_traceback(None))

    def _rename_rows(self, outcome: Outcome) -> Outcome:
        """Give rows the new name of the file; a row that was changed in the meantime is left alone."""
        name = outcome.name
        other = self.renamed.get(name)
        if other is None:
            return outcome
        for field in self._switched:
            if field.max_length is not None and len(other) > field.max_length:
                error = ValueError(
                    f"the name {other!r} is longer than the max_length of {field.model._meta.label}.{field.name}"
                )
                return Outcome(name, "failed", error)
            try:
                for rows in list_querysets(field.model):
                    # QuerySet.update sends no signals, and leaves fields with auto_now alone.
                    self.renamed_rows += rows.filter(**{field.name: name}).update(**{field.name: other})
            except DatabaseError as exc:
                return Outcome(name, "failed", exc)
        return outcome


def _take_all(outcomes: list[Outcome]) -> Iterator[Outcome]:
    while outcomes:
        yield outcomes.pop()
