"""What a command that runs local ImageKit needs: the signals that stop it, and its introduction."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    from .server.imagekit import LocalImageKit

INTERRUPTED = 130  # the exit status that shells have for Ctrl-C


class Signals:
    """Which of Ctrl-C and SIGTERM have come."""

    def __init__(self) -> None:
        self._received: list[int] = []
        self._stopping = threading.Event()

    @property
    def have_come(self) -> bool:
        """Whether to stop."""
        return self._stopping.is_set()

    @property
    def exit_status(self) -> int:
        """How the process ends: 130 after Ctrl-C, 0 after SIGTERM."""
        return INTERRUPTED if signal.SIGINT in self._received else 0

    def wait(self) -> None:
        """Wait until one has come."""
        while not self._stopping.wait(3600):  # forever; Windows cannot interrupt a wait without end
            pass

    def receive(self, number: int, _frame: object) -> None:
        """Note a signal: a handler for `signal.signal`."""
        self._received.append(number)
        self._stopping.set()


@contextmanager
def catch_signals() -> Generator[Signals]:
    """Note Ctrl-C and SIGTERM instead of ending at once, so that neither interrupts a start or a stop halfway."""
    signals = Signals()
    before = {number: signal.signal(number, signals.receive) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def introduce(server: LocalImageKit, data: str | None, *, more: str = "") -> str:
    """Return where a running server is, and how to use it.

    Args:
        data: Folder that keeps its data; None if they are lost when it stops.
        more: Another way to use it, as a paragraph.
    """
    from .page.connection import write_connection  # with Starlette, which the server has loaded by now

    paragraphs = (
        f"Local ImageKit answers at {server.url}\n"
        f"Its page, for browsers:   {server.settings.base_url()}/\n"
        + (f"Its data are kept in:     {data}" if data else "Its data are lost when it stops; --data DIR keeps them."),
        "Point an application at it with these environment variables, which its ImageKit() reads:",
        write_connection(server.settings)["shell"],
        more,
        "Its control API at /_local/ takes the private key; seeding takes this token, new at each start:\n"
        + server.control_token,
        "Ctrl-C stops it.",
    )
    return "\n\n".join(filter(None, paragraphs))
