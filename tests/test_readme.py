"""Every block of the README runs: Python against local ImageKit, line by line as a reader would type it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import tomli

from .documents import ROOT, open_account, read_blocks, run_python

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from imagekitio.local import LocalImageKit

README = ROOT / "README.md"


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalImageKit]:
    with open_account(tmp_path, monkeypatch) as server:
        yield server


@pytest.mark.usefixtures("account")
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # open() without with, as examples have it
def test_every_python_block_prints_what_it_says() -> None:
    assert len(read_blocks(README, "python")) > 20
    run_python(README)["imagekit"].close()


def test_the_shell_blocks_are_the_commands_that_are_run_elsewhere() -> None:
    commands = [line for _, block in read_blocks(README, "sh") for line in block.splitlines()]
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    tour, everything = commands[:2]
    assert tour == "python3 sample/run.py"
    assert everything == "python3 -m venv .venv && .venv/bin/pip install -q tox && .venv/bin/tox"
    assert tour in ci
    assert everything in ci


def test_pip_is_told_to_install_this_repository_with_every_extra() -> None:
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (installation,) = re.findall(r"^## Installation\n(.*?)^## ", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert f"Python {project['requires-python'].removeprefix('>=')} or later" in installation
    sources = re.findall(r'^pip install "?([^"#\n]*[^"#\s])', installation, re.MULTILINE)
    wheel = f"dist/{project['name']}-{project['version']}-py3-none-any.whl"
    assert {re.sub(r"\[\w+\]", "", source).split("git+")[0] for source in sources} == {".", wheel, "imagekitio @ "}
    # That for tests is there for tools only, since pytest finds the plugin by itself.
    assert set(re.findall(r"^pip install .\.\[(\w+)\]", installation, re.MULTILINE)) == (
        project["optional-dependencies"].keys() - {"testing"}
    )
