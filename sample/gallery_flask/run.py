"""The gallery, from a clean clone, with one command: ``python3 sample/gallery_flask/run.py``.

Makes `sample/gallery_flask/.venv`, installs imagekitio with Flask into it, and runs the gallery there on local
ImageKit, so that no account is needed. Needs Python 3.10 or later and pip.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
READY = VENV / "installed"  # written last: without it the environment is half-made


def main() -> int:
    """Prepare the environment where that is needed, run the gallery, and return its exit status."""
    if not READY.exists():
        print("Preparing the environment (this happens once and takes a minute) ...", flush=True)
        venv.create(VENV, clear=True, with_pip=True)
        install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--editable", f"{ROOT}[local,flask]"]
        status = subprocess.call(install)
        if status:
            return status
        READY.touch()
    try:
        return subprocess.call([str(PYTHON), "-m", "sample.gallery_flask", *sys.argv[1:]], cwd=ROOT)
    except KeyboardInterrupt:  # the gallery has it too, and ends
        return 0


if __name__ == "__main__":
    sys.exit(main())
