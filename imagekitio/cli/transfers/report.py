"""Carries out transfers with bars, a line for each file and a summary at the end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ...exceptions import FileExistsException
from ...models.uploads import UploadFileResult
from ..base.failures import Failure, escape_controls, require_answer
from ..base.progress import Progress
from ..base.texts import count_of, format_size
from .left_out import describe_left_out
from .names import describe_names
from .plans import print_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ...bulk.sync import Change
    from ...bulk.work import Done
    from ..base.outcomes import Outcomes
    from ..base.session import Session

    StartTransfer = Callable[[Any], Callable[[int, int | None], None]]

_STATUSES = {
    "upload": "uploaded",
    "download": "downloaded",
    "replace": "replaced",
    "delete": "deleted",
    "keep": "kept",
}
_QUEUED = "queued"
_SUMMARIZED = (*_STATUSES.values(), _QUEUED)
# Commands compare before they transfer, so this file has appeared since.
_TAKEN_MEANWHILE = Failure("another file has appeared there meanwhile: run the same command again to compare them")
_TRANSFERS = ("upload", "download", "replace")
# More results than this would push the summary out of a small window.
_SHOWN_RESULTS = 10


class Report:
    """Counts and shows the outcomes of files.

    Args:
        session: The run of the command.
        at_once: Maximum number of transfers in progress.
        names: The user's names for files, where these are not their local paths; by local path or, without one, by path
            in the library.
        members: Further members of the JSON objects of files, by their path in the library.
        with_action: Whether lines in a pipe begin with the action.
        kept: Words for files that needed no transfer.
        again: Advice about running the same command again after Ctrl-C.
        explain_taken: Function that returns why an existing file prevents a change, and what to do: only the command
            knows which options it has.
        is_pull: Whether the results are local files: then results show local paths, and failures remote ones.
    Attributes:
        outcomes: Counts the outcomes for the exit code; those of items that are not files may be added.
    """

    def __init__(
        self,
        session: Session,
        at_once: int,
        *,
        names: Mapping[Path | str, str] | None = None,
        members: Mapping[str, Mapping[str, Any]] | None = None,
        with_action: bool = False,
        kept: str = "already there",
        again: str = "run the same command again to go on",
        explain_taken: Callable[[Change], Failure] = lambda _change: _TAKEN_MEANWHILE,
        is_pull: bool = False,
    ) -> None:
        self._output = session.output
        self.outcomes: Outcomes = session.make_outcomes(at_once)
        self._names = names or {}
        self._members = members or {}
        self._with_action = with_action
        self._kept = kept
        self._again = again
        self._explain_taken = explain_taken
        self._is_pull = is_pull
        self._counts = Counter[str]()
        self._size_bytes = Counter[str]()
        self._expected = 0
        self._results: list[str] = []
        self._left_out = Counter[str]()
        self._given_names: dict[str, str] = {}
        self._renamed: list[tuple[str, str]] = []
        session.on_interrupt = self._describe_interrupt

    def note_names(self, given: Mapping[str, str]) -> None:
        """Report at the end which new files are stored under other names than given; a plan shows both.

        Args:
            given: The given names of such files, by path in the library.
        """
        self._given_names.update(given)

    def expect(self, count: int) -> None:
        """Add files to be transferred, so that a message after Ctrl-C can say how many were left."""
        self._expected += count

    def follow(
        self,
        title: str,
        plan: Collection[Change],
        run: Callable[[StartTransfer], Iterator[Done[Any, Any]]],
        find_change: Callable[[Any], Change] = lambda item: item,
    ) -> None:
        """Carry out transfers, show their progress, and count their outcomes.

        Args:
            title: What is done, such as ``Uploading``.
            plan: The changes, to know the totals.
            run: Function that does the work. It is passed a function that returns a transfer's progress callback.
            find_change: Function that returns the change that an item of the outcomes stands for.
        """
        transfers = [change for change in plan if change.action in _TRANSFERS]
        deletions = [change for change in plan if change.action == "delete"]
        self.expect(len(transfers) + len(deletions))
        if transfers:
            shown_actions: tuple[str, ...] = _TRANSFERS
            bar = Progress(self._output, title, len(transfers), sum(change.size_bytes or 0 for change in transfers))
        else:
            shown_actions = ("delete",)
            bar = Progress(self._output, "Deleting", len(deletions), counts_files=True)
        with bar as progress:

            def start(item: Any) -> Callable[[int, int | None], None]:
                change = find_change(item)
                return progress.start(change.path, change.size_bytes)

            for done in run(start):
                change = find_change(done.item)
                if change.action in shown_actions:
                    progress.finish(change.path)
                self.add(change, done.error, done.result)

    def add(self, change: Change, error: Exception | None, result: Any = None) -> None:
        """Count one file, and report it.

        Args:
            change: What was to be done with it.
            error: Reason why it failed; None if it did not.
            result: Result of an upload; None for an upload means that another run has done it.
        """
        source = self._find_source(change)
        if change.action == "skip":
            self._skip(change, source)
            return
        status = ""
        if error is None:
            try:
                status = _find_status(change, result)
            except Failure as exc:
                error = exc
        if error is not None:
            self._add_failure(change, error, source)
            return
        self.outcomes.add_success(was_sent=change.action != "keep")
        self._counts[status] += 1
        self._size_bytes[status] += change.size_bytes or 0
        self._add_name(change)
        self._print(status, change, result, source)

    def leave_out(self, changes: Iterable[Change]) -> None:
        """Report the changes that are refused or skipped."""
        for change in changes:
            self.add(change, ValueError(change.reason) if change.action == "refuse" else None)

    def _find_source(self, change: Change) -> str | None:
        """Return the user's name for a file."""
        default = None if change.local is None else str(change.local)
        return self._names.get(change.local or change.path, default)

    def _find_differing_source(self, change: Change) -> str | None:
        """Return the user's name for a file if its path in the library does not show it."""
        if change.path in self._given_names:
            return self._find_source(change)
        return self._names.get(change.local or change.path)

    def _add_name(self, change: Change) -> None:
        if change.action == "upload" and change.path in self._given_names:
            self._renamed.append((self._given_names[change.path], change.path))

    def _skip(self, change: Change, source: str | None) -> None:
        self._left_out[change.reason] += 1
        if self._output.as_json:
            record = {"status": "skipped", "path": change.path, "local": source, "reason": change.reason}
            self._output.print_record(record)

    def _add_failure(self, change: Change, error: Exception, source: str | None) -> None:
        if change.reason:
            error = Failure(change.reason.removeprefix(f"{change.local}: "))
        elif isinstance(error, FileExistsException):
            error = self._explain_taken(change)
        details = {"path": change.path, "local": source, **self._members.get(change.path, {})}
        shown = change.path if self._is_pull else source
        self.outcomes.add_failure(shown or change.path, error, details)

    def _print(self, status: str, change: Change, result: Any, source: str | None) -> None:
        remote = result if getattr(result, "url", None) else change.remote
        path = change.path if remote is None else remote.file_path  # with a random suffix, if it has one
        # Listings add a query to the URL that tells versions apart; uploads do not.
        url = "" if remote is None else remote.url.partition("?")[0]
        if self._output.as_json:
            file_id = change.file_id if remote is None else remote.file_id
            record = {"status": status, "path": path, "url": url or None, "fileId": file_id, "local": source}
            self._output.print_record({**record, "size": change.size_bytes, **self._members.get(change.path, {})})
        elif self._output.has_terminal:
            if status != "kept" and len(self._results) <= _SHOWN_RESULTS:
                where = source if self._is_pull else url
                self._results.append(f"{status} {path}" if self._with_action or not where else where)
        elif not (self._with_action and status == "kept"):
            where = (source or "") if self._is_pull else url
            values = (status, path, where) if self._with_action else (path, where)
            self._output.print_line("\t".join(map(escape_controls, values)))

    def preview(self, plan: Sequence[Change]) -> None:
        """Show what would be done, and end the command like `finish`."""
        for change in plan:
            self._add_name(change)
        refused = sum(change.action == "refuse" for change in plan)
        print_plan(self._output, plan, self._find_differing_source, self._members, self.outcomes.failed + refused)
        self.leave_out(change for change in plan if change.action in ("refuse", "skip"))
        self._add_notes()
        self.outcomes.finish()

    def finish(self) -> None:
        """Print the summary, and end the command with the exit code of the failures.

        Raises:
            click.exceptions.Exit: Something failed.
        """
        self._add_notes()
        if len(self._results) <= _SHOWN_RESULTS:
            for line in self._results:
                self._output.print_result({}, line)  # only people get here
        self._output.note(self.summarize())
        self.outcomes.finish()

    def _add_notes(self) -> None:
        for line in describe_names(self._renamed):
            self._output.note(line)
        if text := describe_left_out(self._left_out):
            self._output.note(text)

    def summarize(self) -> str:
        """Return the summary: ``40 files uploaded (12.3 MB), 3 already there, 1 failed``."""
        parts: list[str] = []
        for status in _SUMMARIZED:
            count = self._counts[status]
            if not count:
                continue
            word = self._kept if status == "kept" else status
            size = (
                f" ({format_size(self._size_bytes[status])})" if status != "kept" and self._size_bytes[status] else ""
            )
            parts.append(f"{count:,} {word}{size}" if parts else f"{count_of(count, 'file')} {word}{size}")
        if self.outcomes.failed:
            failed = self.outcomes.failed
            parts.append(f"{failed:,} failed" if parts else f"{count_of(failed, 'file')} failed")
        return ", ".join(parts) or "nothing to do"

    def _describe_interrupt(self) -> str:
        if not self._expected:
            return "nothing was changed"
        done = sum(count for status, count in self._counts.items() if status != "kept")
        failed = f", {self.outcomes.failed:,} failed" if self.outcomes.failed else ""
        return f"{done:,} of {count_of(self._expected, 'file')} are done{failed}; {self._again}"


def _find_status(change: Change, result: Any) -> str:
    """Return the status of a change that did not fail.

    Raises:
        Failure: The result of an upload does not say which file it made.
    """
    if change.action == "upload" and result is None:
        return "kept"
    if isinstance(result, UploadFileResult):
        if result.response_metadata.http_status_code == 202:  # ImageKit docs, upload API: there is no file yet
            return _QUEUED
        require_answer(result.file_id, "file id")
    return _STATUSES[change.action]
