"""Check an sdist and a wheel, install the wheel, and unpack the sdist without the package for the tests to run there.

Usage: check_dist.py PROJECT DIST TARGET
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

PACKAGE = "imagekitio"


def main(project: Path, dist: Path, target: Path) -> None:
    (sdist,), (wheel,) = dist.glob("*.tar.gz"), dist.glob("*.whl")
    check_wheel(wheel, expected=source_files(project))
    # By its path: the name alone could bring a release of that name from an index.
    requirement = f"{wheel.resolve()}[async,formats,local,similar]"
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", requirement], check=True)
    with tarfile.open(sdist) as archive:
        archive.extractall(target.with_suffix(".all"), filter="data")
    (unpacked,) = target.with_suffix(".all").iterdir()
    shutil.rmtree(unpacked / PACKAGE)
    unpacked.rename(target)


def source_files(project: Path) -> set[str]:
    """Every file of the package, relative to the project."""
    files = (path for path in (project / PACKAGE).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(project).as_posix() for path in files}


def check_wheel(wheel: Path, *, expected: set[str]) -> None:
    """Exit with a message unless the wheel holds the package, its licence and metadata, and nothing else."""
    names = set(zipfile.ZipFile(wheel).namelist())
    metadata = {name for name in names if name.split("/")[0].endswith(".dist-info")}
    complaints = [f"missing from the wheel: {name}" for name in sorted(expected - names)]
    complaints += [f"not of the package: {name}" for name in sorted(names - metadata - expected)]
    if not any(name.endswith("/licenses/LICENSE") for name in metadata):
        complaints.append("missing from the wheel: LICENSE")
    if f"{PACKAGE}/py.typed" not in names:
        complaints.append(f"missing from the wheel: {PACKAGE}/py.typed")
    if complaints:
        sys.exit("\n".join(complaints))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
