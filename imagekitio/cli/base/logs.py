"""What the library logs, as a command shows it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .output import Output


class Logs(logging.Handler):
    """Shows what the library logs on stderr, until `stop`: with ``--debug`` every request, otherwise its warnings.

    A warning says that a request is tried again and how long that waits. Somebody who watches wants to know; in a job,
    the error at the end says enough.

    Args:
        output: Where it is shown.
        is_detailed: Whether every request is shown, to whomever.
    """

    def __init__(self, output: Output, *, is_detailed: bool) -> None:
        super().__init__()
        self._output = output
        self._is_detailed = is_detailed
        self._logger = logging.getLogger("imagekitio")
        self._level = self._logger.level
        self._logger.addHandler(self)
        if is_detailed:
            self._logger.setLevel(logging.DEBUG)

    def emit(self, record: logging.LogRecord) -> None:
        """Show one message."""
        if self._is_detailed or self._output.shows_progress:
            self._output.print_error(f"imagekit: {record.getMessage()}")

    def stop(self) -> None:
        """Leave the logger as it was."""
        self._logger.removeHandler(self)
        self._logger.setLevel(self._level)
