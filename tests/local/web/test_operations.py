"""Which operation a request means."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from imagekitio.local.app import OPERATIONS
from imagekitio.local.web.operations import DELIVERY, NAMES, operation_name

TABLE = list(csv.DictReader((Path(__file__).parents[2] / "data" / "operations.csv").read_text().splitlines()))


def test_the_names_are_those_of_the_table_of_operations() -> None:
    assert {row["operation"] for row in TABLE} | {DELIVERY} == NAMES


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["operation"])
def test_a_request_means_the_operation_of_its_row(row: dict[str, str]) -> None:
    path = re.sub(r"\{\w+\}", "65e6c5a9b7d1f2034a5b6c7d", row["path"])
    has_key = not row["operation"].endswith("client_side")
    assert operation_name(row["http_method"], path, has_key=has_key) == row["operation"]


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _, _ in OPERATIONS])
def test_every_route_has_a_name(method: str, path: str) -> None:
    assert operation_name(method, re.sub(r"\{\w+\}", "65e6c5a9b7d1f2034a5b6c7d", path), has_key=True) is not None


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/nothing", "/v1/files/a/b/c/d", "/local/a.jpg"])
def test_other_paths_have_none(path: str) -> None:
    assert operation_name("GET", path, has_key=True) is None
