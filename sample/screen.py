"""The output of the tour: numbered chapters, one line per call, and a progress bar while a file is sent."""

from __future__ import annotations

import os
import shutil
import textwrap
import time
from itertools import zip_longest
from typing import TYPE_CHECKING, TextIO, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

NARROWEST, WIDEST = 60, 130  # columns of a line
BAR_WIDTH = 24

BOLD, DIM, GREEN, RED, YELLOW = "1", "2", "32", "31", "33"
_ASCII = str.maketrans("✓✗·×…█░“”", '+x-x~#.""')


class Screen:
    """Prints to a stream what it can show: colours only on a terminal, and ASCII if it supports nothing else.

    Args:
        stream: Stream to print to.
        environment: Environment variables, of which NO_COLOR (see no-color.org) and TERM are used.
    """

    def __init__(self, stream: TextIO, environment: Mapping[str, str] = os.environ) -> None:
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._is_ascii = not _can_encode("✓✗·×…█░“”", stream.encoding or "ascii")
        plain = environment.get("NO_COLOR") or environment.get("TERM") == "dumb"
        old_console = os.name == "nt" and "WT_SESSION" not in environment  # prints the codes instead
        self._has_colours = self._is_terminal and not plain and not old_console
        # From the variable COLUMNS or the terminal, or 80. The last column stays free, since some terminals wrap there.
        self._width = min(max(shutil.get_terminal_size().columns - 1, NARROWEST), WIDEST)
        self._chapters = 0
        self._bar = ""

    def print(self, text: str = "", style: str = "") -> None:
        """Print a line."""
        if self._bar:
            self._write(f"\r{' ' * len(self._bar)}\r")
            self._bar = ""
        self._write(self._styled(text, style) + "\n")

    def chapter(self, title: str) -> None:
        """Print the title of a chapter."""
        self._chapters += 1
        self.print()
        self.print(f"{self._chapters:2}  {title}", BOLD)

    def call(self, asked: str, make: Callable[[], T], describe: Callable[[T], str]) -> T:
        """Make a call and print its line: the call, its result, and how long it took.

        A long result continues on further lines.

        Args:
            asked: The call as the reader would write it.
            make: Function that makes it; if it raises, no line is printed.
            describe: Function that describes the result in a few words.
        """
        start = time.perf_counter()
        result = make()
        milliseconds = (time.perf_counter() - start) * 1000
        self._line(asked, describe(result), milliseconds)
        return result

    def note(self, text: str) -> None:
        """Print a note in full."""
        self._paragraph("·", YELLOW, text)

    def failure(self, error: Exception) -> None:
        """Print an error in full."""
        self._paragraph("✗", RED, f"{type(error).__name__}: {error}")

    def progress(self, label: str, sent: int, total: int) -> None:
        """Show on a terminal how much of a file was sent; the next printed line replaces it."""
        if self._is_terminal:
            done = sent * BAR_WIDTH // max(total, 1)
            bar = "█" * done + "░" * (BAR_WIDTH - done)
            self._bar = f"      {label} {bar} {sent * 100 // max(total, 1):3} %"
            self._write(f"\r{self._bar}")

    def _line(self, asked: str, came: str, milliseconds: float) -> None:
        room = self._width - len("    ✓ ") - len("  ") - len("  9999 ms")
        left = room * 55 // 100
        if len(asked) + len(came) <= room:  # one line, even if its columns are not aligned with the others
            left = min(max(left, len(asked)), room - len(came))
        right = room - left
        asked_lines, came_lines = _wrap(asked, left), _wrap(came, right)
        took = f"{milliseconds:.0f} ms".rjust(9)
        for number, (ask, come) in enumerate(zip_longest(asked_lines, came_lines, fillvalue="")):
            mark, end = (self._styled("✓", GREEN), self._styled(took, DIM)) if number == 0 else (" ", "")
            self.print(f"    {mark} {ask.ljust(left)}  {come.ljust(right)}{end}".rstrip())

    def _paragraph(self, mark: str, style: str, text: str) -> None:
        first, *others = _wrap(text, self._width - len("    · "))
        self.print(f"    {self._styled(mark, style)} {first}")
        for line in others:
            self.print(f"      {line}")

    def _styled(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if style and self._has_colours and text else text

    def _write(self, text: str) -> None:
        if self._is_ascii:
            text = text.translate(_ASCII).encode("ascii", "replace").decode("ascii")
        try:
            self._stream.write(text)
            self._stream.flush()
        except BrokenPipeError:  # `| head` has read enough; the tour continues, because it has to clean up
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())


def _can_encode(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]
