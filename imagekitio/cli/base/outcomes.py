"""What became of the items of a command: a failed one stays visible, the rest goes on, and the exit code tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .failures import join_exit_codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .output import Output


class Outcomes:
    """Counts what became of items.

    Attributes:
        succeeded: Number of items that were done, or needed nothing.
        errors: One error of each kind that occurred: very many items may fail for the same reason.
        failed: Number of items that failed.
    """

    def __init__(self, output: Output) -> None:
        self._output = output
        self.succeeded: int = 0
        self.failed: int = 0
        self.errors: dict[type[BaseException], BaseException] = {}

    def add_success(self) -> None:
        """Count an item that was done."""
        self.succeeded += 1

    def add_failure(self, name: str, error: BaseException, details: Mapping[str, Any] | None = None) -> None:
        """Count an item that failed, and say why on stderr; see `Output.report_failure`."""
        self.failed += 1
        self.errors.setdefault(type(error), error.with_traceback(None))
        self._output.report_failure(name, error, details)

    def finish(self) -> None:
        """End the command with the exit code of the failures, if there are any.

        Raises:
            click.exceptions.Exit: Something failed.
        """
        if self.failed:
            raise click.exceptions.Exit(join_exit_codes(self.errors.values(), has_success=self.succeeded > 0))
