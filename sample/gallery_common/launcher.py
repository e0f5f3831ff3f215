"""Starts a gallery from a clean clone, in an environment of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from ..run import INTERRUPTED, OLDEST, PYTHON_IN_VENV, ROOT, fingerprint_of, install, read_stamp, tour_environment
from .options import read_options


def launch(framework: str, extras: str, *packages: str) -> int:
    """Prepare the environment of a gallery where that is needed, and run the gallery in it.

    Args:
        framework: Name of the framework; the environment is the folder `.venv` of its gallery.
        extras: Extras of imagekitio, separated by commas.
        packages: What the gallery needs besides.
    Returns:
        The exit status of what failed; on POSIX the process otherwise becomes that of the gallery.
    """
    if sys.version_info < OLDEST:
        print(f"The gallery needs Python {'.'.join(map(str, OLDEST))} or later; this is {sys.version.split()[0]}.")
        return 1
    read_options(framework)  # for help or a wrong option, nothing is installed
    name = f"gallery_{framework.lower()}"
    folder = ROOT / "sample" / name / ".venv"
    python = folder / PYTHON_IN_VENV
    stamp = folder / "installed"  # written last: without it the environment is half-made
    requirements = [f"{ROOT}[{extras}]", *packages]
    fingerprint = fingerprint_of(ROOT, sys.executable, sys.version, *requirements)
    try:
        if read_stamp(stamp) != fingerprint or not python.exists():
            if status := install(folder, *requirements, is_verbose=False):
                return status
            stamp.write_text(fingerprint, "utf-8")
    except KeyboardInterrupt:
        return INTERRUPTED
    command = [str(python), "-m", f"sample.{name}", *sys.argv[1:]]
    environment = tour_environment(os.environ)
    os.chdir(ROOT)  # Python looks for modules in the current folder first, and that may have a `sample` too
    if os.name != "nt":
        os.execve(command[0], command, environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the console tells the gallery, which then ends
    return subprocess.call(command, env=environment)
