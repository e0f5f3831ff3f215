"""Lets the tests import the sample."""

from __future__ import annotations

import sys
from pathlib import Path


def pytest_configure() -> None:
    # At the end, so that an installed package comes first.
    sys.path.append(str(Path(__file__).parents[2]))
