"""Start a gallery from a clean clone, in its own environment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from ..run import (
    INTERRUPTED,
    OLDEST,
    PYTHON_IN_VENV,
    ROOT,
    compute_fingerprint,
    install,
    make_tour_environment,
    read_stamp,
)
from .options import read_options


def launch(framework: str, extras: str, *packages: str) -> int:
    """Prepare the environment of a gallery if necessary, and run the gallery in it.

    Args:
        framework: Name of the framework; the environment is the folder `.venv` of its gallery.
        extras: Extras of imagekitio, separated by commas.
        packages: Other packages that the gallery needs.
    Returns:
        The exit status of a failed step; otherwise, on POSIX, the gallery replaces this process.
    """
    if sys.version_info < OLDEST:
        print(f"The gallery needs Python {'.'.join(map(str, OLDEST))} or later; this is {sys.version.split()[0]}.")
        return 1
    read_options(framework)  # install nothing for help or a wrong option
    name = f"gallery_{framework.lower()}"
    folder = ROOT / "sample" / name / ".venv"
    python = folder / PYTHON_IN_VENV
    stamp = folder / "installed"  # written last: without it, the environment is incomplete
    requirements = [f"{ROOT}[{extras}]", *packages]
    fingerprint = compute_fingerprint(ROOT, sys.executable, sys.version, *requirements)
    try:
        if read_stamp(stamp) != fingerprint or not python.exists():
            if status := install(folder, *requirements, is_verbose=False):
                return status
            stamp.write_text(fingerprint, "utf-8")
    except KeyboardInterrupt:
        return INTERRUPTED
    command = [str(python), "-m", f"sample.{name}", *sys.argv[1:]]
    environment = make_tour_environment(os.environ)
    os.chdir(ROOT)  # Python first looks for modules in the current folder, which may also have a `sample`
    if os.name != "nt":
        os.execve(command[0], command, environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the console interrupts the gallery, which then ends
    return subprocess.call(command, env=environment)
