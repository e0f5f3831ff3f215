"""Print every budget next to its floor: ``python -m benchmarks``, or some of them: ``python -m benchmarks urls``.

`neighbours` runs only by name, since it installs other image servers from the registries of Python and npm.
With ``--write``, also write the table to RESULTS.md, with a chart, the machine and the date.
"""

from __future__ import annotations

import importlib
import platform
import sys

from .budgets import format_table
from .results import write_results

PARTS = ("urls", "startup", "calls", "uploads", "async_calls", "bulk", "similar", "local")
BY_NAME = ("neighbours",)


def main(arguments: list[str]) -> int:
    parts = [argument for argument in arguments if argument != "--write"]
    unknown = set(parts) - {*PARTS, *BY_NAME}
    if unknown:
        known = ", ".join((*PARTS, *BY_NAME))
        print(f"unknown part {', '.join(sorted(unknown))}; the parts are {known}", file=sys.stderr)
        return 2
    rows = [row for part in parts or PARTS for row in importlib.import_module(f"benchmarks.{part}").measure()]
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}\n")
    print(format_table(rows))
    if len(parts) < len(arguments):
        write_results(rows)
    return 0 if all(row.is_held for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
