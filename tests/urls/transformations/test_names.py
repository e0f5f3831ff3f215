from __future__ import annotations

import csv
from pathlib import Path

from imagekitio.urls.transformations.names import (
    CODES,
    FLAGS,
    FLAGS_WITH_OPTIONAL_VALUE,
    KEYWORDS,
    NAMELESS_CODES,
    PATHS,
)

with (Path(__file__).parents[2] / "data" / "transformation_names.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def test_the_table_has_every_name_of_every_generation_and_no_other() -> None:
    named = {row["name"]: row["code"] for row in ROWS if row["generations"] != "verbatim"}
    documented = {
        name: code for name, code in named.items() if not name.startswith("overlay.") and name not in KEYWORDS
    }
    assert documented == CODES


def test_the_table_has_the_codes_without_a_name() -> None:
    assert {row["name"] for row in ROWS if row["generations"] == "verbatim"} - {"if"} == NAMELESS_CODES


def test_the_special_names_are_names_or_codes() -> None:
    assert set(CODES) >= FLAGS | FLAGS_WITH_OPTIONAL_VALUE
    assert set(CODES) | set(CODES.values()) >= PATHS
    assert not FLAGS & FLAGS_WITH_OPTIONAL_VALUE
