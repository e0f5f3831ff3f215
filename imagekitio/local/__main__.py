"""Run local ImageKit until Ctrl-C."""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
import threading
from pathlib import Path

from .base.settings import PRIVATE_KEY, PUBLIC_KEY, KeyPair
from .server import LocalImageKit

INTERRUPTED = 130  # the exit status that shells have for Ctrl-C


def main(arguments: list[str] | None = None) -> int:
    received: list[int] = []
    stopping = threading.Event()

    def stop(number: int, _frame: object) -> None:
        received.append(number)
        stopping.set()

    # First, because the server imports much: a signal in the middle of that would show a traceback.
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    options = _parser().parse_args(arguments)
    try:
        server = LocalImageKit(
            port=options.port,
            data=options.data,
            host=options.host,
            keys=(KeyPair(options.public_key, options.private_key),),
            imagekit_id=options.imagekit_id,
            allow_remote=options.allow_remote,
            allow_loopback=options.allow_loopback,
        )
        server.start()
    except (ImportError, OSError) as exc:
        print(exc, file=sys.stderr)
        return 1
    try:
        kept = f"kept in {options.data}" if options.data else "lost when it stops (keep them with --data DIR)"
        print(f"Local ImageKit answers at {server.url}; its data are {kept}.")
        print("Point an application at it with these environment variables:\n")
        for name, value in server.environment.items():
            print(f"export {name}={shlex.quote(value)}")
        print("\nCtrl-C stops it.", flush=True)
        while not stopping.wait(3600):  # forever; Windows cannot interrupt a wait without end
            pass
    finally:
        server.stop()
    return INTERRUPTED if signal.SIGINT in received else 0


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"must be a number from 0 to 65535 (got {text!r})")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m imagekitio.local", description=__doc__)
    parser.add_argument("--port", type=_port, default=8080, help="port to listen on; 0 takes a free one (%(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder that keeps the data")
    parser.add_argument("--imagekit-id", default="local", help="first segment of delivery URLs (%(default)s)")
    parser.add_argument("--public-key", default=PUBLIC_KEY, help="key pair to accept (%(default)s)")
    parser.add_argument("--private-key", default=PRIVATE_KEY, help="the private key of that pair (%(default)s)")
    parser.add_argument("--allow-remote", action="store_true", help="let uploads by URL fetch from the network")
    help_ = "let uploads by URL fetch from other servers on this machine"
    parser.add_argument("--allow-loopback", action="store_true", help=help_)
    return parser


if __name__ == "__main__":
    sys.exit(main())
