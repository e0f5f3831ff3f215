"""Check that each public name of the package has a type: ``python -m scripts.verify_types``.

It runs ``pyright --verifytypes`` on the installed package, and prints incomplete types and a summary.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

PACKAGE = "imagekitio"
# Wagtail has no types, so classes derived from its classes cannot be complete.
_WITHOUT_TYPES = ("imagekitio.contrib.django.wagtail.",)


def main() -> int:
    """Print incomplete types, and return the exit status."""
    command = ["pyright", "--verifytypes", PACKAGE, "--ignoreexternal", "--outputjson"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        report: dict[str, Any] = json.loads(done.stdout)["typeCompleteness"]
    except (ValueError, KeyError):
        print(done.stdout, done.stderr, sep="\n")
        return 1
    exported = [symbol for symbol in report["symbols"] if symbol["isExported"]]
    incomplete = [
        symbol
        for symbol in exported
        if (symbol["isTypeAmbiguous"] or not symbol["isTypeKnown"]) and not symbol["name"].startswith(_WITHOUT_TYPES)
    ]
    for symbol in incomplete:
        print(symbol["name"], *(one["message"] for one in symbol["diagnostics"]), sep="\n    ")
    print(f"{len(exported)} public names, {len(incomplete)} without a complete type")
    return 1 if incomplete or not exported else 0


if __name__ == "__main__":
    sys.exit(main())
