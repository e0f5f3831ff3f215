"""Run local ImageKit, or local img-src with ``--img-src``, until Ctrl-C."""

from __future__ import annotations

import os
import signal

if __name__ == "__main__":
    # During the imports there is nothing to clean up yet, and Ctrl-C would print a traceback from the middle of them.
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))

import sys

from .foreground import catch_signals, introduce
from .options.base import wrap
from .options.choice import choose_service, read_options


def main(arguments: list[str] | None = None) -> int:
    # Before the server is made, which imports many modules: a signal during the imports would print a traceback.
    with catch_signals() as signals:
        given = sys.argv[1:] if arguments is None else arguments
        service = choose_service(given)
        parser = service.make_parser(f"Run local {service.service} until Ctrl-C.")
        options = read_options(service, parser, given)
        try:
            server = service.make_server(options)
        except ImportError as exc:
            return _fail(str(exc))
        except ValueError as exc:
            parser.error(service.name_options(str(exc)))
        try:
            server.start()
        except OSError as exc:
            reason = exc.strerror or str(exc)
            return _fail(f"{exc.filename}: {reason}" if exc.filename else reason)
        except ValueError as exc:
            return _fail(str(exc))
        try:
            if not signals.have_arrived:
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
