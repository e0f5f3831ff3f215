"""Run local ImageKit until Ctrl-C."""

from __future__ import annotations

import os
import signal

if __name__ == "__main__":
    # While modules are imported there is nothing to tidy up, and Ctrl-C would show where in them it struck.
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))

import sys
import threading

from .options import make_parser, name_options, read_options, wrap
from .server import LocalImageKit

INTERRUPTED = 130  # the exit status that shells have for Ctrl-C


def main(arguments: list[str] | None = None) -> int:
    received: list[int] = []
    stopping = threading.Event()

    def stop(number: int, _frame: object) -> None:
        received.append(number)
        stopping.set()

    # Now, because the server imports much: a signal in the middle of that would show a traceback.
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    parser = make_parser(__doc__)
    options = read_options(parser, arguments)
    try:
        server = LocalImageKit(**options)
    except ImportError as exc:
        return _fail(str(exc))
    except ValueError as exc:
        parser.error(name_options(str(exc)))
    try:
        server.start()
    except OSError as exc:
        reason = exc.strerror or str(exc)
        return _fail(f"{exc.filename}: {reason}" if exc.filename else reason)
    except ValueError as exc:
        return _fail(str(exc))
    try:
        if not stopping.is_set():
            _introduce(server, None if options.get("data") is None else str(options["data"]))
        while not stopping.wait(3600):  # forever; Windows cannot interrupt a wait without end
            pass
    finally:
        server.stop()
    return INTERRUPTED if signal.SIGINT in received else 0


def _fail(reason: str) -> int:
    print(wrap(reason), file=sys.stderr)
    return 1


def _introduce(server: LocalImageKit, data: str | None) -> None:
    """Say where it is, and how to use it."""
    from .page.connection import write_connection  # with Starlette, which the server has loaded by now

    print(f"Local ImageKit answers at {server.url}")
    print(f"Its page, for browsers:   {server.settings.base_url()}/")
    print(f"Its data are kept in:     {data}" if data else "Its data are lost when it stops; --data DIR keeps them.")
    print("\nPoint an application at it with these environment variables, which its ImageKit() reads:\n")
    print(write_connection(server.settings)["shell"])
    print("\nIts control API at /_local/ takes the private key; seeding takes this token, new at each start:")
    print(server.control_token)
    print("\nCtrl-C stops it.", flush=True)


if __name__ == "__main__":
    sys.exit(main())
