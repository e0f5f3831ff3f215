"""PyPI's ``imagekitio`` 5.x, blocking and asynchronous."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local.coverage import CLIENTS

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENT = CLIENTS["imagekitio"]
DRIVER = Path(__file__).parent / "driver.py"


@pytest.fixture(scope="module")
def python(environment: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """The interpreter of an environment in which the client is installed."""

    def make(cached: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", cached / "venv"], check=True)
        package = f"imagekitio[webhooks]=={CLIENT.version}"
        subprocess.run([cached / "venv/bin/python", "-m", "pip", "install", "--quiet", package], check=True)

    folder = environment(f"imagekitio-{CLIENT.version}-{sys.version_info.major}.{sys.version_info.minor}", make)
    return folder / "venv/bin/python"


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_every_call_works_unmodified(
    mode: str, python: Path, drive: Callable[[list[str | Path], Path], dict[str, Any]], tmp_path: Path
) -> None:
    report = drive([python, DRIVER, mode], tmp_path)
    assert report["version"] == CLIENT.version
    left_out = {name: outcome for name, outcome in report["calls"].items() if outcome != "ok"}
    assert left_out.keys() == CLIENT.left_out.keys(), f"{left_out}\n" + "\n".join(report["failures"].values())
    assert report["failures"] == {}
    assert len(report["calls"]) == CLIENT.calls
