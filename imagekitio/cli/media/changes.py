"""What becomes of items that a command changes: each is reported, and people with very many are spared the lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...exceptions import ImageKitException
from ..base.failures import Failure
from .library import iter_path, path_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ...models.files import FileResult, FolderResult
    from ..base.outcomes import Outcomes
    from ..base.session import Session

_MOST_LINES = 20  # on a terminal; beyond it, failures would be hard to find among them


class Changes:
    """Reports what becomes of items; `outcomes` counts them.

    Args:
        session: The run of the command.
        is_dry_run: Whether nothing is changed: then everything is reported as what would be done.
        at_once: Number of requests in progress at most.
    """

    def __init__(self, session: Session, *, is_dry_run: bool = False, at_once: int = 1) -> None:
        self._output = session.output
        self._is_dry_run = is_dry_run
        self.outcomes: Outcomes = session.make_outcomes(at_once)

    def report(self, record: Mapping[str, Any], text: str, *, total: int | None = 1) -> None:
        """Report an item that was changed, or would be.

        Args:
            record: Its JSON object, with ``status`` and ``path``; a dry run adds ``dryRun``.
            text: Its line, such as ``deleted /a.jpg``; a dry run puts ``would be`` before it.
            total: Number of items of the command; None if it is not known.
        """
        self.outcomes.add_success()
        if self._output.as_json:
            self._output.print_record({**record, "dryRun": True} if self._is_dry_run else record)
        elif self._is_dry_run:
            self._output.print_result(record, f"would be {text}")
        elif not self._output.has_terminal or (total is not None and total <= _MOST_LINES):
            self._output.print_result(record, text)

    def keep(self, record: Mapping[str, Any], text: str) -> None:
        """Report an item that needs no change."""
        self.outcomes.add_success()
        if self._output.as_json:
            self._output.print_record(record)
        else:
            self._output.note(text)

    def fail(self, name: str, error: BaseException) -> None:
        """Report an item that failed."""
        self.outcomes.add_failure(name, error)

    def finish(self) -> None:
        """End the command with the exit code of the failures, if there are any."""
        self.outcomes.finish()

    def expand(self, session: Session, paths: Iterable[str]) -> Iterator[FileResult | FolderResult]:
        """Yield what paths and patterns mean, each item once; a path that means nothing is a failure."""
        client = session.client  # outside of the loop: what is wrong with the configuration is no failure of a path
        known = set[str]()
        for path in paths:
            try:
                for item in iter_path(client, path):
                    if path_of(item) not in known:
                        known.add(path_of(item))
                        yield item
            except (Failure, ImageKitException) as exc:
                self.fail(path, exc)
