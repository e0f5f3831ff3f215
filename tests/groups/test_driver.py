"""The driver of PyPI's ``imagekitio`` 5.x (`tests/clients/python5`), unchanged, drives this project instead."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from imagekitio.groups import METHODS
from imagekitio.local import LocalImageKit

if TYPE_CHECKING:
    from .conftest import Inbox

ROOT = Path(__file__).parents[2]
DRIVER = ROOT / "tests" / "clients" / "python5" / "driver.py"
ONLY_IN_RELEASE_5 = {"helper.build_transformation_string", "webhooks.unsafe_unwrap"}


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_every_call_of_release_5_works_unchanged(mode: str, inbox: Inbox, tmp_path: Path) -> None:
    with LocalImageKit(allow_loopback=True) as server:  # webhooks go to this machine
        told = {
            "DRIVER_BASE_URL": server.url,
            "DRIVER_URL_ENDPOINT": server.url_endpoint,
            "DRIVER_PUBLIC_KEY": server.public_key,
            "DRIVER_PRIVATE_KEY": server.private_key,
            "DRIVER_INBOX": inbox.url,
            "DRIVER_PICTURE": str(ROOT / "tests" / "data" / "driver.jpg"),
        }
        outer = {name: value for name, value in os.environ.items() if not name.startswith("IMAGE")}
        command = [sys.executable, "-W", "error", DRIVER, mode]
        ended = subprocess.run(
            command, cwd=tmp_path, env=outer | told, timeout=180, capture_output=True, text=True, check=False
        )
    assert ended.returncode == 0, ended.stderr
    report = json.loads(ended.stdout)
    assert report["failures"] == {}
    assert {name for name, outcome in report["calls"].items() if outcome != "ok"} == set()
    assert report["calls"].keys() == {*METHODS, *ONLY_IN_RELEASE_5}
