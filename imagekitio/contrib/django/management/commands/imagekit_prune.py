"""``manage.py imagekit_prune``: find and delete files that no row refers to."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import storages
from django.core.management import BaseCommand, CommandError

from ....errors import format_bytes
from ...storages.storage import ImageKitStorage
from ..file_fields import find_imagekit_storage, list_file_fields, list_files_below, read_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from django.core.management import CommandParser

    from .....models.files import FileResult

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
# The clocks of service and server may differ, and a form may stay open for a while after its upload.
_YOUNGEST = timedelta(hours=1)


class _Survey:
    """The number of files in a storage, and those that no row refers to; paths are kept only of files to delete.

    Attributes:
        count: Number of all files.
        unused: Number of files that no row refers to.
        unused_bytes: Their size in bytes.
        paths: Their paths by id, if they are to be deleted.
    """

    def __init__(self) -> None:
        self.count: int = 0
        self.unused: int = 0
        self.unused_bytes: int = 0
        self.paths: dict[str, str] = {}

    def __str__(self) -> str:
        files = "file" if self.unused == 1 else "files"
        return f"{self.unused} {files} ({format_bytes(self.unused_bytes)})"


class Command(BaseCommand):
    help = (
        "List the files below the location of a storage that no row refers to; with --delete, delete them. The rows "
        "of all models with a FileField count, even if it uses another storage. Files referred to in other ways, such "
        "as by a URL in a text or by a thumbnail cache, look unused: --exclude them. Files below the location of "
        "another alias in STORAGES belong to that storage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--storage", default="default", help="Alias in STORAGES, or a field, as app.Model.field (default: default)."
        )
        parser.add_argument(
            "--older-than",
            type=_read_age,
            default="1d",
            metavar="AGE",
            help="Minimum time since upload and last change, such as 12h, 7d or 2w (default: 1d).",
        )
        parser.add_argument(
            "--exclude",
            action="append",
            default=[],
            metavar="PATTERN",
            help='Keep files whose name in the storage matches, such as "thumbnails/*"; may be repeated.',
        )
        parser.add_argument("--delete", action="store_true", help="Delete the files and all their versions.")
        parser.add_argument(
            "--force", action="store_true", help="Delete even if that is more than half of all files of the storage."
        )
        parser.add_argument(
            "--no-input", "--noinput", action="store_false", dest="interactive", help="Delete without asking."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        storage = find_imagekit_storage(options["storage"])
        if not any(_is_used(storage, field.storage) for field in list_file_fields()):
            raise CommandError(
                f"No file field uses the storage {options['storage']!r}, so no row shows what is needed."
            )
        survey = self._survey(storage, options)
        self.stdout.write(f"No row refers to {survey} out of {survey.count}.")
        if options["delete"] and survey.unused:
            self._delete(storage, survey, options)
        elif survey.unused:
            self.stdout.write("Nothing has been deleted; use --delete to delete these files.")

    def _survey(self, storage: ImageKitStorage, options: dict[str, Any]) -> _Survey:
        made_before = datetime.now(timezone.utc) - options["older_than"]
        needed = _NeededPaths(storage)
        survey = _Survey()
        for file in _list_own_files(storage, options["exclude"]):
            survey.count += 1
            if file.file_path not in needed and _is_older(file, made_before):
                survey.unused += 1
                survey.unused_bytes += file.size
                if options["delete"]:
                    survey.paths[file.file_id] = file.file_path
                if not options["delete"] or options["verbosity"] > 1:
                    self.stdout.write(f"{file.file_path} ({format_bytes(file.size)})")
        return survey

    def _delete(self, storage: ImageKitStorage, survey: _Survey, options: dict[str, Any]) -> None:
        if survey.unused * 2 > survey.count and not options["force"]:
            raise CommandError(
                "Nothing has been deleted, because that is more than half of all files. Is it the right database? "
                "Use --force to delete them."
            )
        if options["interactive"] and input(f"Delete {survey}? [yes/no] ").strip().lower() != "yes":
            raise CommandError("Nothing has been deleted.")
        # Rows may have been saved while the prompt was open.
        needed = _NeededPaths(storage)
        deleted = failed = 0
        for done in storage.client.delete_many(file_id for file_id, path in survey.paths.items() if path not in needed):
            if done.error is None:
                deleted += 1
            else:
                failed += 1
                self.stderr.write(f"{survey.paths[str(done.item)]}: {done.error}")
        self.stdout.write(self.style.SUCCESS(f"Deleted: {deleted}"))
        if failed:
            raise CommandError(f"Not deleted: {failed}")


class _NeededPaths:
    """The paths of all files that rows refer to.

    Only their hashes are stored, to save memory. If two paths have the same hash, a file is kept that could be deleted.
    """

    def __init__(self, storage: ImageKitStorage) -> None:
        self._hashes: set[int] = set()
        for field in list_file_fields():
            # A name in another kind of storage counts too: its files may be about to move to this one.
            own = field.storage if isinstance(field.storage, ImageKitStorage) else storage
            for name in read_names(field):
                with suppress(SuspiciousFileOperation):  # points outside the location, so there is no such file
                    self._hashes.add(hash(own.get_path(name)))

    def __contains__(self, path: str) -> bool:
        return hash(path) in self._hashes


def _list_own_files(storage: ImageKitStorage, excluded: Collection[str]) -> Iterator[FileResult]:
    """Yield the files of a storage, except those of other storages below its location."""
    own = _make_prefix(storage)
    others = (storages[alias] for alias in settings.STORAGES)
    nested = {_make_prefix(other) for other in others if isinstance(other, ImageKitStorage)} - {own}
    foreign = tuple(prefix for prefix in nested if prefix.startswith(own))
    for file in list_files_below(storage):
        name = storage.get_name(file.file_path)
        if not file.file_path.startswith(foreign) and not any(fnmatchcase(name, pattern) for pattern in excluded):
            yield file


def _make_prefix(storage: ImageKitStorage) -> str:
    return storage.get_path("").rstrip("/") + "/"


def _is_used(storage: ImageKitStorage, other: object) -> bool:
    return isinstance(other, ImageKitStorage) and _make_prefix(other).startswith(_make_prefix(storage))


def _is_older(file: FileResult, moment: datetime) -> bool:
    times = (file.created, file.updated)
    return all(time is not None and time < moment for time in times)


def _read_age(text: str) -> timedelta:
    match = re.fullmatch(r"(\d{1,4})([hdw])", text)
    if not match:
        raise ArgumentTypeError(f"must be hours, days or weeks, such as 12h, 7d or 2w (got {text!r})")
    age = int(match[1]) * _UNITS[match[2]]
    if age < _YOUNGEST:
        raise ArgumentTypeError(f"must be at least 1h, because uploads may be in progress (got {text!r})")
    return age
