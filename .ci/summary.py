"""Print again what a reader of a long log looks for: failed tests, failed environments, and last a summary by pytest.

Usage: summary.py LOG

The last line is the last summary that tells of failures, or else the one with the most tests.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_COMMAND = re.compile(r"(\S+): commands(?:_pre)?\[\d+\]> ")
_FAILED_TEST = re.compile(r"(?:FAILED|ERROR) \S+\.py\b")
_FAILED_ENVIRONMENT = re.compile(r"  \S+: FAIL\b")
_SUMMARY = re.compile(r"=+ .*\b(?:passed|failed|errors?)\b.* in [\d.]+s.*=+$")


def summarize(log: str) -> list[str]:
    """Return the lines to print; each failed test begins with the environment of tox in which it failed."""
    environment, tests, environments, summaries = "", list[str](), list[str](), list[str]()
    for line in _COLOURS.sub("", log).splitlines():
        if command := _COMMAND.match(line):
            environment = f"{command[1]}: "
        elif _FAILED_TEST.match(line):
            tests.append(environment + line)
        elif _FAILED_ENVIRONMENT.match(line):
            environments.append(line.strip())
        elif _SUMMARY.match(line):
            summaries.append(line)
    failures = [line for line in summaries if re.search(r"\d (?:failed|errors?)\b", line)]
    last = failures[-1:] or sorted(summaries, key=_count)[-1:]
    return [*tests, *environments, *last]


def _count(summary: str) -> int:
    passed = re.search(r"(\d+) passed", summary)
    return int(passed[1]) if passed else 0


if __name__ == "__main__":
    print(*summarize(Path(sys.argv[1]).read_text("utf-8", errors="replace")), sep="\n")
