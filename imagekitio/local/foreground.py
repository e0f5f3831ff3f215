"""What a command that runs a local server needs: the signals that stop it, and its introduction."""

from __future__ import annotations

import signal
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    from .server.imagekit import LocalImageKit
    from .server.imgsrc import LocalImgsrc

INTERRUPTED = 130  # the exit status that shells have for Ctrl-C


class Signals:
    """Which of Ctrl-C and SIGTERM have come."""

    def __init__(self) -> None:
        self._received: list[int] = []
        # Its `put` may interrupt its `get`. `Event.set` would wait for the lock that an `Event.wait` under it may hold.
        self._arrivals: SimpleQueue[int] = SimpleQueue()

    @property
    def have_come(self) -> bool:
        """Whether to stop."""
        return bool(self._received)

    @property
    def exit_status(self) -> int:
        """How the process ends: 130 after Ctrl-C, 0 after SIGTERM."""
        return INTERRUPTED if signal.SIGINT in self._received else 0

    def wait(self) -> None:
        """Wait until one has come."""
        while not self.have_come:
            with suppress(Empty):
                self._arrivals.get(timeout=3600)  # again and again; Windows cannot interrupt a wait without end

    def receive(self, number: int, _frame: object) -> None:
        """Note a signal: a handler for `signal.signal`."""
        self._received.append(number)
        self._arrivals.put(number)


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


def introduce(server: LocalImageKit | LocalImgsrc, data: str | None, *, more: str = "") -> str:
    """Return where a running server is, and how to use it.

    Args:
        data: Folder that keeps its data; None if they are lost when it stops.
        more: Another way to use it, as a paragraph.
    """
    from .page.connection import export_variables  # with Starlette, which the server has loaded by now

    page = "" if server.page_url is None else f"Its page, for browsers:   {server.page_url}\n"
    paragraphs = (
        f"Local {server.service} answers at {server.url}\n{page}"
        + (f"Its data are kept in:     {data}" if data else "Its data are lost when it stops; --data DIR keeps them."),
        f"Point an application at it with these environment variables, which its {server.client_name}() reads:",
        export_variables(server.environment),
        more,
        f"Its control API at /_local/ takes {server.control_credentials}, new at each start:\n{server.control_token}",
        "Ctrl-C stops it.",
    )
    return "\n\n".join(filter(None, paragraphs))
