"""Every block of the README runs: Python against local ImageKit, line by line as a reader would type it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

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


@pytest.mark.slow
@pytest.mark.usefixtures("account")
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # examples call open() without with
def test_every_python_block_prints_what_its_comments_say() -> None:
    assert len(read_blocks(README, "python")) > 5
    run_python(README)["imagekit"].close()


def test_the_commands_in_shell_blocks_are_run_by_other_tests() -> None:
    commands = [line for _, block in read_blocks(README, "sh") for line in block.splitlines()]
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    tour, everything = commands[:2]
    assert tour == "python3 sample/run.py"
    assert everything == "python3 -m venv .venv && .venv/bin/pip install -q tox && .venv/bin/tox"
    assert tour in ci
    assert everything in ci


def test_the_readme_is_short() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 250


def test_every_figure_of_the_comparison_is_a_result_of_the_benchmarks() -> None:
    measured = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\|[^|]+((?:\| [\d,.]+ [^|]+ |\| – )+)\|$", README.read_text(encoding="utf-8"), re.MULTILINE)
    figures = [cell.strip() for row in rows for cell in row.split("|") if cell.strip("– ")]
    assert len(figures) > 20
    results = [_read_figure(text) for text in re.findall(r"\| ([\d,.]+ [^ |]+) ", measured)]
    for figure in figures:
        number, unit = _read_figure(figure)
        decimals = len(figure.split()[0].partition(".")[2])
        assert any(found == unit and round(value, decimals) == number for value, found in results), figure


def test_every_link_to_a_file_works() -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", README.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_extra_is_named() -> None:
    found = re.search(r"The extras are (.*?);", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    assert _extras() == set(found[1].split("`")[1::2])


def test_pip_is_told_to_install_this_repository_with_every_extra() -> None:
    project = _project()
    installation = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    assert f"Python {project['requires-python'].removeprefix('>=')} or later" in installation
    sources = re.findall(r'^pip install "?([^"#\n]*[^"#\s])', installation, re.MULTILINE)
    wheel = f"dist/{project['name']}-{project['version']}-py3-none-any.whl"
    assert {re.sub(r"\[\w+\]", "", source).split("git+")[0] for source in sources} == {".", wheel, "imagekitio @ "}
    assert set(re.findall(r"^pip install .\.\[(\w+)\]", installation, re.MULTILINE)) == _extras()


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def _read_figure(text: str) -> tuple[float, str]:
    number, unit = text.split()
    return float(number.replace(",", "")), unit


def _extras() -> set[str]:
    # The extra for tests is not named, because pytest finds the plugin by itself.
    return set(_project()["optional-dependencies"]) - {"testing"}
