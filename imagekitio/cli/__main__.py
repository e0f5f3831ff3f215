"""Start the ``imagekit`` command."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys

_EXTRA = ("click", "platformdirs", "rich")


def main() -> int:
    """Run a command line and return its exit code; say what to install if the extra is missing."""
    if sys.getfilesystemencoding() != "utf-8" and not sys.flags.utf8_mode:
        # Arguments and file names are UTF-8; decoded with the encoding of another locale, uploads would be misnamed.
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])
    # There is nothing to clean up while modules are imported, and Ctrl-C would print a traceback. Background jobs of a
    # script ignore the signal; that must not change.
    takes_interrupts = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if takes_interrupts:
        signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    missing = [name for name in _EXTRA if importlib.util.find_spec(name) is None]
    if missing:
        print(
            f"imagekit: the command needs packages that are not installed: pip install {' '.join(missing)}, or install"
            ' imagekitio with the extra "cli" (README, "Installation")',
            file=sys.stderr,
        )
        return 2
    from .app import run
    from .base.failures import INTERRUPTED

    if takes_interrupts:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    code = run()
    if code == INTERRUPTED:
        # Python would wait for threads, which may be waiting for responses that are no longer needed.
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(main())
