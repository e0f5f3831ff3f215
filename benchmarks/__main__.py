"""Print every budget next to its floor: ``python -m benchmarks``, or some of them: ``python -m benchmarks urls``.

Three parts run only by name: `neighbours`, since it installs other image servers from the registries of Python and npm,
`released`, since it installs other SDKs from PyPI, and `static_files`, since it needs Django.
With ``--write``, also write the table to RESULTS.md, with a chart, the machine and the date; all parts run then, and
those three if they are named.
"""

from __future__ import annotations

import importlib
import platform
import sys

from .budgets import format_table
from .results import write_results

PARTS = ("urls", "webhooks", "startup", "calls", "uploads", "async_calls", "bulk", "imgsrc", "similar", "local")
BY_NAME = ("neighbours", "released", "static_files")


def main(arguments: list[str]) -> int:
    parts = [argument for argument in arguments if argument != "--write"]
    unknown = set(parts) - {*PARTS, *BY_NAME}
    if unknown:
        known = ", ".join((*PARTS, *BY_NAME))
        print(f"unknown part {', '.join(sorted(unknown))}; the parts are {known}", file=sys.stderr)
        return 2
    is_written = len(parts) < len(arguments)
    if is_written and not set(parts) <= set(BY_NAME):
        print(f"--write is for the whole table: name no part but {' or '.join(BY_NAME)}", file=sys.stderr)
        return 2
    if is_written or not parts:
        parts = [*PARTS, *parts]
    rows = [row for part in parts for row in importlib.import_module(f"benchmarks.{part}").measure()]
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}\n")
    print(format_table(rows))
    if is_written:
        write_results(rows)
    return 0 if all(row.is_held for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
