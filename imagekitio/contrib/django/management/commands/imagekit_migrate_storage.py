"""``manage.py imagekit_migrate_storage``: copy files from any Django storage to an `ImageKitStorage`."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any

from django.core.management import BaseCommand, CommandError

from ..file_fields import describe_field, find_file_field, find_imagekit_storage, find_storage, list_file_fields
from ..transfer import Transfer

if TYPE_CHECKING:
    from django.core.management import CommandParser
    from django.core.management.base import OutputWrapper


class Command(BaseCommand):
    help = (
        "Copy every file that rows refer to from any storage to an ImageKitStorage. Run it while the site still uses "
        "the old storage. Then switch the fields to the new one and run it again, to copy files uploaded in the "
        "meantime and to update rows whose file has another name in the new storage. It can be stopped and repeated "
        "at any time: files that are there with the same size are not copied again. The old storage is not changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "source", help="Alias of the old storage in STORAGES, or a field with it, as app.Model.field."
        )
        parser.add_argument(
            "target", help="Alias of the new storage in STORAGES, or a field with it, as app.Model.field."
        )
        parser.add_argument(
            "--field",
            action="append",
            default=[],
            metavar="APP.MODEL.FIELD",
            help="Copy only the files of this field; may be repeated (default: all fields with either storage).",
        )
        parser.add_argument(
            "--at-once", type=int, default=16, help="Maximum number of concurrent uploads (default: 16)."
        )
        parser.add_argument("--dry-run", action="store_true", help="Report what would be done, without doing it.")

    def handle(self, *args: Any, **options: Any) -> None:
        source, target = find_storage(options["source"]), find_imagekit_storage(options["target"])
        if source == target:
            raise CommandError("The two storages are the same.")
        if options["at_once"] < 1:
            raise CommandError(f"--at-once must be 1 or more (got {options['at_once']})")
        fields = [find_file_field(label) for label in options["field"]]
        fields = fields or [field for field in list_file_fields() if field.storage in (source, target)]
        if not fields:
            raise CommandError(f"No file field uses the storage {options['source']!r} or {options['target']!r}.")
        self.stdout.write(f"Fields: {', '.join(map(describe_field, fields))}")

        transfer = Transfer(source, target, fields)
        progress = _Progress(self.stdout, len(transfer))
        counts = Counter[str]()
        outcomes = transfer.preview() if options["dry_run"] else transfer.run(at_once=options["at_once"])
        try:
            with closing(outcomes):
                for outcome in outcomes:
                    counts[outcome.status] += 1
                    if outcome.status in ("missing", "failed"):
                        progress.interrupt()
                        why = f": {outcome.error}" if outcome.error else ""
                        self.stderr.write(f"{outcome.status}: {outcome.name}{why}")
                    progress.advance()
        except KeyboardInterrupt:
            progress.interrupt()
            raise CommandError("Stopped. Run it again to continue.", returncode=130) from None
        progress.interrupt()
        self._report(transfer, counts, is_dry=options["dry_run"])

    def _report(self, transfer: Transfer, counts: Counter[str], *, is_dry: bool) -> None:
        copied = "To copy" if is_dry else "Copied"
        self.stdout.write(f"{copied}: {counts['copied']}; already there: {counts['present']}")
        if transfer.renamed_rows:
            self.stdout.write(f"Rows with a new name: {transfer.renamed_rows}")
        if transfer.waiting:
            self.stdout.write(
                f"Names that will change: {len(transfer.waiting)}, such as {transfer.waiting[0]!r}. "
                "Run this again when the fields use the new storage."
            )
        if unfinished := counts["missing"] + counts["failed"]:
            raise CommandError(
                f"Not copied: {unfinished} of {len(transfer)} files; missing: {counts['missing']}, "
                f"failed: {counts['failed']}"
            )


class _Progress:
    """Progress in percent: on a terminal in one line that is updated, elsewhere in a line for every 10 %."""

    def __init__(self, output: OutputWrapper, total: int) -> None:
        self._output = output
        self._total = total
        self._is_terminal = output.isatty()
        self._step = 1 if self._is_terminal else 10
        self._done = self._shown = 0
        self._is_line_open = False

    def advance(self) -> None:
        """Count one more file."""
        self._done += 1
        percent = self._done * 100 // self._total
        if percent >= self._shown + self._step:
            self._shown = percent - percent % self._step
            text = f"{self._shown} % ({self._done} of {self._total} files)"
            self._output.write(f"\r{text}" if self._is_terminal else text, ending="" if self._is_terminal else "\n")
            self._output.flush()
            self._is_line_open = self._is_terminal

    def interrupt(self) -> None:
        """End the line, so that other output can follow."""
        if self._is_line_open:
            self._output.write("")
            self._is_line_open = False
