"""The driver of PyPI's ``imagekitio`` 5.x (`tests/clients/python5`), unchanged, drives this project instead."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from imagekitio.groups.table import METHODS
from imagekitio.local import LocalImageKit

from ..clients.surroundings import run_inbox, write_picture

DRIVER = Path(__file__).parents[1] / "clients" / "python5" / "driver.py"
ONLY_IN_RELEASE_5 = {"helper.build_transformation_string", "webhooks.unsafe_unwrap"}


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["sync", "async"])
def test_every_call_of_release_5_works_unchanged(mode: str, tmp_path: Path) -> None:
    with LocalImageKit(allow_loopback=True) as server, run_inbox() as inbox:  # webhooks go to this machine
        told = {
            "DRIVER_BASE_URL": server.url,
            "DRIVER_URL_ENDPOINT": server.url_endpoint,
            "DRIVER_PUBLIC_KEY": server.public_key,
            "DRIVER_PRIVATE_KEY": server.private_key,
            "DRIVER_INBOX": inbox,
            "DRIVER_PICTURE": str(write_picture(tmp_path / "picture.jpg")),
            "PYTHONPATH": os.pathsep.join(sys.path),  # this project, wherever the tests found it
        }
        outer = {name: value for name, value in os.environ.items() if not name.startswith("IMAGE")}
        command = [sys.executable, str(DRIVER), mode]
        ended = subprocess.run(command, cwd=tmp_path, env=outer | told, timeout=180, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    report = json.loads(ended.stdout)
    assert report["failures"] == {}
    assert {name for name, outcome in report["calls"].items() if outcome != "ok"} == set()
    assert report["calls"].keys() == {*METHODS, *ONLY_IN_RELEASE_5}
