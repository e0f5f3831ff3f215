"""Reports the items that a command changes; on a terminal, the lines of very many items are left out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ...exceptions import ImageKitException
from ..base.failures import Failure
from ..base.texts import count_of
from .library import iter_path, path_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ...models.files import FileResult, FolderResult
    from ..base.outcomes import Outcomes
    from ..base.session import Session

_MOST_LINES = 20  # on a terminal; beyond it, failures would be hard to find among them
_STATUSES = {"copy": "copied", "create": "created", "delete": "deleted", "move": "moved", "tag": "tagged"}
# Words for statuses in the summary.
_WORDS = {"tagged": "changed", "missing": "no longer existed", "purged": "done"}


class Changes:
    """Reports the outcomes of items, and sums them up; `outcomes` counts them.

    Args:
        session: The run of the command.
        action: What the command does, as an infinitive: ``move``.
        noun: Noun for one item.
        kept: Words for items that need no change.
        is_dry_run: Whether to change nothing, and only to report what would be done.
        at_once: Maximum number of requests in progress.
    """

    def __init__(
        self,
        session: Session,
        action: str,
        *,
        noun: str = "item",
        kept: str = "already there",
        is_dry_run: bool = False,
        at_once: int = 1,
    ) -> None:
        self._output = session.output
        self._action = action
        self._noun = noun
        self._words = {**_WORDS, "kept": kept}
        self._is_dry_run = is_dry_run
        self._planned = 0
        self._counts = Counter[str]()
        self.outcomes: Outcomes = session.make_outcomes(at_once)

    def report(self, record: Mapping[str, Any], text: str, *, total: int | None = 1) -> None:
        """Report an item that was changed or, in a dry run, would be.

        Args:
            record: Its JSON object without a status.
            text: What it is, such as ``/a.jpg to /b.jpg``.
            total: Number of items of the command; None if it is not known.
        """
        if self._is_dry_run:
            self.outcomes.add_success()
            self._planned += 1
            self._output.print_planned(self._action, record, text)
        else:
            status = _STATUSES[self._action]
            self.report_as(status, record, f"{status} {text}", total=total)

    def report_as(self, status: str, record: Mapping[str, Any], line: str, *, total: int | None = 1) -> None:
        """Report an item whose outcome is not the usual one; see `report`.

        Args:
            status: Its outcome.
            record: Its JSON object without a status.
            line: Its complete line.
            total: Number of items of the command; None if it is not known.
        """
        self.outcomes.add_success()
        self._counts[status] += 1
        if not self._output.has_terminal or (total is not None and total <= _MOST_LINES):
            self._output.print_result({"status": status, **record}, line)

    def keep(self, record: Mapping[str, Any], text: str = "") -> None:
        """Report an item that needs no change: as JSON, or by a note if there is a text."""
        self.outcomes.add_success(was_sent=False)
        self._counts["kept"] += 1
        if self._output.as_json:
            self._output.print_record({"status": "kept", **record})
        elif text:
            self._output.note(text)

    def fail(self, name: str, error: BaseException) -> None:
        """Report an item that failed."""
        self.outcomes.add_failure(name, error)

    def finish(self, planned: str = "") -> None:
        """Print the summary, and end the command with the exit code of the failures, if there are any.

        Args:
            planned: What a dry run would change, such as ``12 files (3.4 MB)``; by default the number of items.
        """
        parts: list[str] = []
        if self._planned:
            parts.append(f"would {self._action} {planned or count_of(self._planned, self._noun)}")
        counts = sorted(self._counts.items(), key=lambda pair: pair[0] == "kept")
        for status, count in (*counts, ("failed", self.outcomes.failed)):
            if count:
                number = f"{count:,}" if parts else count_of(count, self._noun)
                parts.append(f"{number} {self._words.get(status, status)}")
        if parts:
            self._output.note(", ".join(parts))
        self.outcomes.finish()


def iter_paths(session: Session, paths: Iterable[str], outcomes: Outcomes) -> Iterator[FileResult | FolderResult]:
    """Yield the items that paths and patterns match, each once; a path that matches nothing is a failure."""
    client = session.client  # outside the loop: a wrong configuration is not a failure of a path
    known = set[str]()
    for path in paths:
        try:
            for item in iter_path(client, path):
                if path_of(item) not in known:
                    known.add(path_of(item))
                    yield item
        except (Failure, ImageKitException) as exc:
            outcomes.add_failure(path, exc)
