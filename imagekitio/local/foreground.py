"""Signal handling and the introduction for commands that run a local server."""

from __future__ import annotations

import signal
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    from .server.imagekit import LocalImageKit
    from .server.imgsrc import LocalImgsrc

INTERRUPTED = 130  # the exit status that shells use for Ctrl-C


class Signals:
    """The signals received so far: Ctrl-C and SIGTERM."""

    def __init__(self) -> None:
        self._received: list[int] = []
        # `put` in a signal handler may interrupt `get`. `Event.set` would wait for the lock of the interrupted `wait`.
        self._arrivals: SimpleQueue[int] = SimpleQueue()

    @property
    def have_arrived(self) -> bool:
        """Whether a signal has arrived, so that the server must stop."""
        return bool(self._received)

    @property
    def exit_status(self) -> int:
        """The exit status of the process: 130 after Ctrl-C, 0 after SIGTERM."""
        return INTERRUPTED if signal.SIGINT in self._received else 0

    def wait(self) -> None:
        """Wait until a signal arrives."""
        while not self.have_arrived:
            with suppress(Empty):
                self._arrivals.get(timeout=3600)  # repeated, as Windows cannot interrupt a wait without a timeout

    def receive(self, number: int, _frame: object) -> None:
        """Record a signal; the handler for `signal.signal`."""
        self._received.append(number)
        self._arrivals.put(number)


@contextmanager
def catch_signals() -> Generator[Signals]:
    """Record Ctrl-C and SIGTERM instead of exiting immediately, so that they never interrupt a start or a stop."""
    signals = Signals()
    before = {number: signal.signal(number, signals.receive) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def introduce(server: LocalImageKit | LocalImgsrc, data: str | None, *, more: str = "") -> str:
    """Return the text that introduces a running server: its URLs and how to use it.

    Args:
        data: Folder that keeps the server's data; None if the data is lost when it stops.
        more: A paragraph with another way to use the server.
    """
    from .page.connection import export_variables  # needs Starlette, which the server has already loaded

    page = "" if server.page_url is None else f"Its web page:    {server.page_url}\n"
    paragraphs = (
        f"Local {server.service} is running at {server.url}\n{page}"
        + (f"Its data folder: {data}" if data else "Its data is lost when it stops; --data DIR keeps it."),
        f"Point an application at it with these environment variables, which its {server.client_name}() reads:",
        export_variables(server.environment),
        more,
        f"Its control API at /_local/ accepts {server.control_credentials}, new at each start:\n{server.control_token}",
        "Press Ctrl-C to stop it.",
    )
    return "\n\n".join(filter(None, paragraphs))
