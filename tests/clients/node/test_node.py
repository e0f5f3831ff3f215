"""npm's ``@imagekit/nodejs``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from imagekitio.local.coverage import CLIENTS

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENT = CLIENTS["@imagekit/nodejs"]
DRIVER = Path(__file__).parent / "driver.mjs"


def test_every_call_works_unmodified(
    npm_environment: Callable[[str, str], Path], drive: Callable[[list[str | Path], Path], dict[str, Any]]
) -> None:
    report = drive(["node", DRIVER], npm_environment(CLIENT.package, CLIENT.version))
    assert report["version"] == CLIENT.version
    left_out = {name: outcome for name, outcome in report["calls"].items() if outcome != "ok"}
    assert left_out.keys() == CLIENT.left_out.keys(), f"{left_out}\n" + "\n".join(report["failures"].values())
    assert report["failures"] == {}
    assert len(report["calls"]) == CLIENT.calls
