"""Install the wheel into an empty environment and use it as a newcomer would: take the tour, and call the command.

Usage: try_wheel.py DIST SDIST

SDIST is the unpacked sdist without the package, as check_dist.py leaves it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

PACKAGE = "imagekitio"


def main(dist: Path, sdist: Path) -> None:
    (wheel,) = dist.resolve().glob("*.whl")
    version = wheel.name.split("-")[1]
    folder = Path("empty").resolve()
    venv.create(folder, clear=True, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    # What tells of the source tree or of an account stays out.
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONPATH" and not name.startswith("IMAGEKIT_")
    }

    def run(*command: str | Path) -> str:
        """Run a command in the sdist, which has the sample but no package, and return what it printed."""
        done = subprocess.run(
            command, cwd=sdist, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
        )
        if done.returncode:
            sys.exit(f"{done.stdout}\nfailed: {' '.join(map(str, command))}")
        return done.stdout.strip()

    python = programs / "python"
    # By its path: the name alone could bring a release of that name from an index.
    run(python, "-m", "pip", "install", "--quiet", f"{wheel}[local]")
    found = Path(run(python, "-c", f"import {PACKAGE}; print({PACKAGE}.__file__)"))
    if folder not in found.parents:
        sys.exit(f"the tour would use {found}, not the wheel")
    *_, calls, sheet = run(python, "-m", "sample.tour").splitlines()
    print(calls, sheet, sep="\n")

    run(python, "-m", "pip", "install", "--quiet", f"{wheel}[cli]")
    printed = run(programs / "imagekit", "--version")
    if version not in printed.split():
        sys.exit(f"imagekit --version must print {version} (got {printed!r})")
    print(printed)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
