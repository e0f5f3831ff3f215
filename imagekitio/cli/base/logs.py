"""Shows the log messages of the library on stderr."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .output import Output


class Logs(logging.Handler):
    """Shows the library's log messages on stderr until `stop`: with ``--debug`` every request, otherwise only warnings.

    A warning says that a request will be retried, and when. Somebody who is watching wants to know; in a script, the
    error at the end is enough.

    Args:
        output: Where to show them.
        is_detailed: Whether to show every request, even if nobody is watching.
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
        """Restore the logger."""
        self._logger.removeHandler(self)
        self._logger.setLevel(self._level)
