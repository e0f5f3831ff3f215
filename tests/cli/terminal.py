"""A real terminal for the tests: a command runs behind a pseudo-terminal of a known size, as it does for people."""

from __future__ import annotations

import os
import re
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pexpect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_TIMEOUT_SECONDS = 120  # not a limit that is tested: only a command that hangs takes this long
# Escape sequences of ECMA-48: cursor movements, colours, the title of the window.
_SEQUENCES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*(?:\x07|\x1b\\)|[@-Z\\-_])")


class Terminal:
    """A command in a terminal.

    Attributes:
        process: The process, as pexpect has it: ``expect``, ``sendline``, ``sendintr``, ``kill`` …
    """

    def __init__(self, process: pexpect.spawn[str]) -> None:
        self.process = process

    def expect(self, pattern: str) -> str:
        """Wait until a regular expression has appeared, and return what came before it, without escape sequences."""
        self.process.expect(pattern)
        return strip_sequences(self.process.before or "")

    def send(self, line: str) -> None:
        """Type a line."""
        self.process.sendline(line)

    def send_secret(self, line: str) -> None:
        """Type a line that is not shown, when the terminal no longer shows what is typed.

        Input typed earlier is discarded, and some releases of click write the question before that.
        """
        wait_until(lambda: not self.process.getecho())
        self.process.sendline(line)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self.process.sendintr()

    def interrupt_question(self, text: str) -> None:
        """Press Ctrl-C at a question until a text appears.

        Python misses a Ctrl-C between writing a question and reading the answer.
        """
        give_up_at = time.monotonic() + _TIMEOUT_SECONDS
        self.process.sendintr()
        while self.process.expect_exact([text, pexpect.TIMEOUT], timeout=2) == 1:
            assert time.monotonic() < give_up_at
            self.process.sendintr()

    def finish(self) -> tuple[int, str]:
        """Wait for the end; return the exit code (minus the signal for a killed process) and the remaining output."""
        self.process.expect(pexpect.EOF)
        text = strip_sequences(self.process.before or "")
        self.process.close()
        code = self.process.exitstatus
        return (code if code is not None else -int(self.process.signalstatus or 0)), text


@contextmanager
def open_terminal(
    *arguments: str, columns: int = 80, lines: int = 40, results: Path | None = None
) -> Iterator[Terminal]:
    """Run ``imagekit`` with these arguments in a terminal; it is killed at the end if it still runs.

    Args:
        arguments: Arguments of the command.
        columns, lines: Size of the terminal.
        results: File to which the shell redirects standard output; by default the terminal shows it.
    """
    environment = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    environment.pop("COLUMNS", None)
    command = [sys.executable, "-m", "imagekitio.cli", *arguments]
    if results is not None:
        command = ["/bin/sh", "-c", 'exec "$@" > "$0"', str(results), *command]
    process = pexpect.spawn(
        command[0],
        command[1:],
        env=environment,
        encoding="utf-8",
        codec_errors="replace",
        dimensions=(lines, columns),
        timeout=_TIMEOUT_SECONDS,
    )
    try:
        yield Terminal(process)
    finally:
        process.close(force=True)


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds, such as that the server has received a request.

    Raises:
        TimeoutError: The condition did not become true.
    """
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the condition did not become true")
        time.sleep(0.01)


def strip_sequences(text: str) -> str:
    """Return text without escape sequences, with line breaks as on Unix."""
    return _SEQUENCES.sub("", text).replace("\r\n", "\n")
