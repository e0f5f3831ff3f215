"""The sample, from a clean clone, with one command: ``python3 sample/run.py``.

Makes `sample/.venv`, installs imagekitio into it, and takes the tour (`sample/tour.py`) there, with the same arguments.
Needs Python 3.10 or later and pip, nothing else.
"""

# Written so that every Python 3 can read it: one that is too old must get as far as saying so.
import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

OLDEST = (3, 10)
SAMPLE = Path(__file__).resolve().parent
ROOT = SAMPLE.parent
VENV = SAMPLE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed"  # written last: without it the environment is half-made


def main(arguments: "list[str]") -> int:
    """Prepare the environment where that is needed, run the tour, and return its exit status."""
    if sys.version_info < OLDEST:
        needed = ".".join(map(str, OLDEST))
        print(f"The sample needs Python {needed} or later; this is {sys.version.split()[0]}: {sys.executable}")
        return 1
    try:
        fingerprint = fingerprint_of(ROOT, sys.executable, sys.version)
        if read_stamp(STAMP) != fingerprint or not PYTHON.exists():
            status = install()
            if status:
                return status
            STAMP.write_text(fingerprint, "utf-8")
        return subprocess.call([str(PYTHON), "-m", "sample.tour", *arguments], env=tour_environment(os.environ))
    except KeyboardInterrupt:
        return 130  # as shells have it for Ctrl-C


def fingerprint_of(root: Path, *further: str) -> str:
    """Return what changes when the environment has to be made anew.

    The package is installed as editable, so only what it needs counts and where it lies, not its code.
    """
    parts = [str(root), *further, *((root / name).read_text("utf-8") for name in ("pyproject.toml", "setup.py"))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def read_stamp(stamp: Path) -> str:
    return stamp.read_text("utf-8") if stamp.exists() else ""


def install() -> int:
    """Make the environment anew and install into it; return the exit status of what failed, else 0."""
    print(f"Preparing {VENV.relative_to(ROOT)} (this happens once and takes a minute) ...", flush=True)
    # Some Linux distributions ship pip without ensurepip; pip can then install into the environment from outside.
    has_ensurepip = importlib.util.find_spec("ensurepip") is not None
    make = [sys.executable, "-m", "venv", "--clear", *([] if has_ensurepip else ["--without-pip"]), str(VENV)]
    pip = [str(PYTHON), "-m", "pip"] if has_ensurepip else [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    quiet = ["--quiet", "--disable-pip-version-check"]
    for command in (make, [*pip, "install", *quiet, "--editable", f"{ROOT}[local]"]):
        status = subprocess.call(command)
        if status:
            print(f"\nThe sample could not prepare its environment; this failed:\n  {' '.join(command)}")
            return status
    return 0


def tour_environment(environment: "Mapping[str, str]") -> "dict[str, str]":
    """Return the environment in which ``sample.tour`` can be imported."""
    paths = [str(ROOT), *filter(None, [environment.get("PYTHONPATH")])]
    return {**environment, "PYTHONPATH": os.pathsep.join(paths)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
