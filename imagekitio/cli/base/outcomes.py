"""What became of the items of a command: a failed one stays visible, the rest goes on, and the exit code tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .failures import NETWORK, Failure, join_exit_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .output import Output

# Requests in a row without an answer, at least: each was tried three times, so this is no short hiccup.
_MIN_UNANSWERED = 4


class Outcomes:
    """Counts what became of items, and ends the command when the service cannot be reached any more.

    That is so when twice as many requests as are made at once have ended without an answer, and none with one in
    between: each of the others would fail too, and take its time.

    Args:
        output: Where failures are said.
        at_once: Number of requests in progress at most.
        describe_state: Function that says what is done and how to go on.
    Attributes:
        succeeded: Number of items that were done, or needed nothing.
        errors: One error of each kind that occurred: very many items may fail for the same reason.
        failed: Number of items that failed.
    """

    def __init__(self, output: Output, at_once: int, describe_state: Callable[[], str]) -> None:
        self._output = output
        self._max_unanswered = max(2 * at_once, _MIN_UNANSWERED)
        self._describe_state = describe_state
        self._unanswered = 0
        self._last_unanswered: BaseException | None = None
        self.succeeded: int = 0
        self.failed: int = 0
        self.errors: dict[type[BaseException], BaseException] = {}

    def add_success(self, *, was_sent: bool = True) -> None:
        """Count an item that was done, or that needed no request."""
        self.succeeded += 1
        if was_sent:
            self._unanswered = 0

    def add_failure(self, name: str, error: BaseException, details: Mapping[str, Any] | None = None) -> None:
        """Count an item that failed, and say why on stderr; see `Output.report_failure`.

        Raises:
            Failure: The service cannot be reached any more; exit code 4.
        """
        self.failed += 1
        self.errors.setdefault(type(error), error.with_traceback(None))
        self._output.report_failure(name, error, details)
        self._watch_connection(error)

    def _watch_connection(self, error: BaseException) -> None:
        from ...exceptions import ImageKitException, NetworkException

        if not isinstance(error, NetworkException):
            if isinstance(error, ImageKitException):
                self._unanswered = 0
        elif error is not self._last_unanswered:  # which all items of one request share
            self._last_unanswered = error
            self._unanswered += 1
            if self._unanswered >= self._max_unanswered:
                state = self._describe_state()
                raise Failure("the service does not answer any more" + (f": {state}" if state else ""), NETWORK)

    def finish(self) -> None:
        """End the command with the exit code of the failures, if there are any.

        Raises:
            click.exceptions.Exit: Something failed.
        """
        if self.failed:
            raise click.exceptions.Exit(join_exit_codes(self.errors.values(), has_success=self.succeeded > 0))
