"""Outcomes of a command's items: failures are reported, the rest continues, and the exit code reflects them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .failures import NETWORK, Failure, join_exit_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .output import Output

# Minimum of unanswered requests in a row. Each was tried three times, so this is not a brief hiccup.
_MIN_UNANSWERED = 4


class Outcomes:
    """Counts the outcomes of items, and ends the command when the service can no longer be reached.

    This is the case when twice as many requests in a row as are made at once got no answer: each of the others would
    fail too, after a long wait.

    Args:
        output: Where to report failures.
        at_once: Maximum number of requests in progress.
        describe_state: Function that says what is done and how to continue.
    Attributes:
        succeeded: Number of items that were done, or needed nothing.
        errors: One error of each type that occurred: very many items may fail for the same reason.
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
        """Count an item that failed, and report why on stderr; see `Output.report_failure`.

        Raises:
            Failure: The service can no longer be reached; exit code 4.
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
                raise Failure("the service no longer answers" + (f": {state}" if state else ""), NETWORK)

    def finish(self) -> None:
        """End the command with the exit code of the failures, if there are any.

        Raises:
            click.exceptions.Exit: Something failed.
        """
        if self.failed:
            raise click.exceptions.Exit(join_exit_codes(self.errors.values(), has_success=self.succeeded > 0))
