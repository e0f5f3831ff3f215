"""The options of a gallery; they are read before anything is installed, so only the standard library is used."""

from __future__ import annotations

import argparse


def read_options(framework: str) -> argparse.Namespace:
    """Return the options of the command line, `port` and `account`; exit if one is not valid.

    Args:
        framework: Name of the framework.
    """
    program = f"sample/gallery_{framework.lower()}/run.py"
    parser = argparse.ArgumentParser(program, description=f"A small picture gallery in {framework}.")
    parser.add_argument("--port", type=_read_port, default=8000, help="port of the gallery (default 8000)")
    parser.add_argument("--account", action="store_true", help="use your account, with the variables IMAGEKIT_…")
    return parser.parse_args()


def _read_port(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"must be from 1 to 65535 (got {text})")
    return int(text)
