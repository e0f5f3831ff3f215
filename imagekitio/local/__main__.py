"""Run local ImageKit until Ctrl-C."""

from __future__ import annotations

import os
import signal

if __name__ == "__main__":
    # While modules are imported there is nothing to tidy up, and Ctrl-C would show where in them it struck.
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))

import sys

from .foreground import catch_signals, introduce
from .options import make_parser, name_options, read_options, wrap
from .server.imagekit import LocalImageKit


def main(arguments: list[str] | None = None) -> int:
    # Now, because the server imports much: a signal in the middle of that would show a traceback.
    with catch_signals() as signals:
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
            if not signals.have_come:
                print(introduce(server, None if options.get("data") is None else str(options["data"])), flush=True)
            signals.wait()
        finally:
            server.stop()
        return signals.exit_status


def _fail(reason: str) -> int:
    print(wrap(reason), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
