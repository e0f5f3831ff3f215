"""``manage.py imagekit_prune``: files that no row refers to."""

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
    """The files of a storage, and those of them that no row refers to; names are kept only of what is to be deleted.

    Attributes:
        count: Number of all files.
        unneeded: Number of files that no row refers to.
        unneeded_bytes: Their size in bytes.
        paths: Their paths by their ids, if they are to be deleted.
    """

    def __init__(self) -> None:
        self.count: int = 0
        self.unneeded: int = 0
        self.unneeded_bytes: int = 0
        self.paths: dict[str, str] = {}

    def __str__(self) -> str:
        files = "file" if self.unneeded == 1 else "files"
        return f"{self.unneeded} {files} ({format_bytes(self.unneeded_bytes)})"


class Command(BaseCommand):
    help = (
        "List the files below the location of a storage that no row refers to; with --delete, delete them. Rows are "
        "those of all models with a FileField, also if its storage is another one. Files that are known in another "
        "way, by a text with their URL or a cache of thumbnails, look unneeded: --exclude them. Files below the "
        "location of another alias of STORAGES belong to that."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--storage", default="default", help="Alias of STORAGES, or a field as app.Model.field (default)."
        )
        parser.add_argument(
            "--older-than",
            type=_read_age,
            default="1d",
            metavar="AGE",
            help="Minimum age in hours, days or weeks, as 12h, 7d or 2w, since upload and last change (1d).",
        )
        parser.add_argument(
            "--exclude",
            action="append",
            default=[],
            metavar="PATTERN",
            help='Keep files whose name in the storage fits, as "thumbnails/*"; may be repeated.',
        )
        parser.add_argument("--delete", action="store_true", help="Delete the files, with all their versions.")
        parser.add_argument(
            "--force", action="store_true", help="Delete even if that is more than half of all files of the storage."
        )
        parser.add_argument(
            "--no-input", "--noinput", action="store_false", dest="interactive", help="Delete without asking."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        storage = find_imagekit_storage(options["storage"])
        if not any(_is_used(storage, field.storage) for field in list_file_fields()):
            raise CommandError(f"No file field has the storage {options['storage']!r}, so no row says what is needed.")
        survey = self._survey(storage, options)
        self.stdout.write(f"No row refers to {survey}, of {survey.count}.")
        if options["delete"] and survey.unneeded:
            self._delete(storage, survey, options)
        elif survey.unneeded:
            self.stdout.write("Nothing has been deleted: --delete does that.")

    def _survey(self, storage: ImageKitStorage, options: dict[str, Any]) -> _Survey:
        made_before = datetime.now(timezone.utc) - options["older_than"]
        needed = _Needed(storage)
        survey = _Survey()
        for file in _list_own_files(storage, options["exclude"]):
            survey.count += 1
            if file.file_path not in needed and _is_older(file, made_before):
                survey.unneeded += 1
                survey.unneeded_bytes += file.size
                if options["delete"]:
                    survey.paths[file.file_id] = file.file_path
                if not options["delete"] or options["verbosity"] > 1:
                    self.stdout.write(f"{file.file_path} ({format_bytes(file.size)})")
        return survey

    def _delete(self, storage: ImageKitStorage, survey: _Survey, options: dict[str, Any]) -> None:
        if survey.unneeded * 2 > survey.count and not options["force"]:
            raise CommandError(
                "Nothing has been deleted, since that is more than half of all files. Is it the right database? "
                "--force deletes them."
            )
        if options["interactive"] and input(f"Delete {survey}? [yes/no] ").strip().lower() != "yes":
            raise CommandError("Nothing has been deleted.")
        # Rows may have been saved while this was thought about.
        needed = _Needed(storage)
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


class _Needed:
    """The paths of all files that rows refer to.

    A set of their hashes, which takes less memory than the paths do. Two paths with the same one only mean that a file
    is kept.
    """

    def __init__(self, storage: ImageKitStorage) -> None:
        self._hashes: set[int] = set()
        for field in list_file_fields():
            # A name in another kind of storage counts as well: its files may be on the way to this one.
            own = field.storage if isinstance(field.storage, ImageKitStorage) else storage
            for name in read_names(field):
                with suppress(SuspiciousFileOperation):  # leads out of the location, so there is no such file
                    self._hashes.add(hash(own.get_path(name)))

    def __contains__(self, path: str) -> bool:
        return hash(path) in self._hashes


def _list_own_files(storage: ImageKitStorage, excluded: Collection[str]) -> Iterator[FileResult]:
    """Yield the files of a storage, without those of other storages that lie below its location."""
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
        raise ArgumentTypeError(f"must be hours, days or weeks, as 12h, 7d or 2w (got {text!r})")
    age = int(match[1]) * _UNITS[match[2]]
    if age < _YOUNGEST:
        raise ArgumentTypeError(f"must be at least 1h, since uploads may be in progress (got {text!r})")
    return age
