"""What CI runs and prints, and the files that the host of the repository reads."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tomli
import yaml

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"

PASSED = "====== 12 passed in 1.50s ======"
ALL_PASSED = "=== 9000 passed, 3 warnings in 101.20s (0:01:41) ==="
FAILED = "FAILED tests/urls/test_sign.py::test_a_key[a b] - AssertionError: assert 'a' == 'b'"
ERROR = "ERROR tests/test_aio.py::test_it - OSError: no space left"
LOG = f"""
lint: commands[0]> ruff check
  lint: OK (1.00=setup[0.50]+cmd[0.50] seconds)
py310: commands[0]> pytest -n 2
{PASSED}
py313: commands[0]> pytest -n 2
______ test_a_key[a b] ______
E       AssertionError: FAILED somehow
=========================== short test summary info ===========================
{FAILED}
{ERROR}
=== 1 failed, 20 passed, 1 error in 3.00s ===
wheel: commands[3]> pytest -n 2
{ALL_PASSED}
  py310: OK (3.00=setup[0.50]+cmd[2.50] seconds)
  py312: SKIP (0.01 seconds)
  py313: FAIL code 1 (3.00=setup[0.50]+cmd[2.50] seconds)
  evaluation failed :( (9.00 seconds)
"""


def summarize(log: str, folder: Path) -> list[str]:
    file = folder / "log"
    file.write_text(log, "utf-8")
    command = [sys.executable, str(ROOT / ".ci" / "summary.py"), str(file)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def test_the_log_ends_with_the_failed_tests_the_failed_environments_and_a_summary(tmp_path: Path) -> None:
    assert summarize(LOG, tmp_path) == [
        f"py313: {FAILED}",
        f"py313: {ERROR}",
        "py313: FAIL code 1 (3.00=setup[0.50]+cmd[2.50] seconds)",
        "=== 1 failed, 20 passed, 1 error in 3.00s ===",
    ]


def test_if_nothing_failed_the_last_line_is_the_summary_of_the_longest_run(tmp_path: Path) -> None:
    assert summarize(f"{PASSED}\n{ALL_PASSED}\n{PASSED}\n", tmp_path) == [ALL_PASSED]


def test_if_no_test_failed_the_failed_environment_is_named(tmp_path: Path) -> None:
    log = f"{PASSED}\n  \x1b[31mlint: FAIL code 1 (0.50 seconds)\x1b[0m\n"
    assert summarize(log, tmp_path) == ["lint: FAIL code 1 (0.50 seconds)", PASSED]


def test_ci_prints_the_summary_last() -> None:
    *_, summary, end = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert (summary, end) == ('python3 .ci/summary.py "$log"', 'exit "$status"')


def test_every_file_that_the_host_reads_can_be_parsed() -> None:
    files = sorted(GITHUB.rglob("*.yml"))
    assert {"ci.yml", "bug_report.yml", "feature_request.yml", "config.yml"} == {file.name for file in files}
    for file in files:
        assert isinstance(yaml.safe_load(file.read_text("utf-8")), dict), file


def test_the_workflow_runs_what_ci_runs_with_every_supported_python() -> None:
    text = (GITHUB / "workflows" / "ci.yml").read_text("utf-8")
    workflow: dict[str, Any] = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    ((_, job),) = workflow["jobs"].items()
    assert [step["run"] for step in job["steps"] if "run" in step] == ["bash .ci/run"]
    (pythons,) = [
        step["with"]["python-version"].split() for step in job["steps"] if "setup-python" in step.get("uses", "")
    ]
    classifiers = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["classifiers"]
    supported = [found[1] for name in classifiers if (found := re.search(r"Python :: (3\.\d+)$", name))]
    assert pythons == supported


@pytest.mark.parametrize("name", ["bug_report.yml", "feature_request.yml"])
def test_a_form_has_the_fields_that_the_host_requires(name: str) -> None:
    form: dict[str, Any] = yaml.safe_load((GITHUB / "ISSUE_TEMPLATE" / name).read_text("utf-8"))
    assert form.keys() >= {"name", "description", "body"}
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert all(field["attributes"]["label"] for field in fields)
    ids = [field["id"] for field in fields]
    assert len(set(ids)) == len(ids)


def test_a_bug_report_asks_for_what_is_needed_to_reproduce_it() -> None:
    text = (GITHUB / "ISSUE_TEMPLATE" / "bug_report.yml").read_text("utf-8")
    for needed in ("imagekit --version", "python --version", "imagekit doctor", "private key"):
        assert needed in text
