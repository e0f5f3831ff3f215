"""The table of operations, and the handlers and descriptions for its names."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from imagekitio.local.app import HANDLERS, UPLOADS, USAGE
from imagekitio.local.openapi.descriptions import DESCRIPTIONS
from imagekitio.local.web.operations import NAMES, OPERATIONS, find_route, name_call
from imagekitio.local.web.site import DELIVERY

TABLE = list(csv.DictReader((Path(__file__).parents[2] / "data" / "operations.csv").read_text().splitlines()))


def test_the_names_match_the_published_table() -> None:
    assert {row["operation"] for row in TABLE} | {DELIVERY} == NAMES


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["operation"])
def test_a_request_is_matched_to_the_operation_of_its_row(row: dict[str, str]) -> None:
    path = re.sub(r"\{\w+\}", "65e6c5a9b7d1f2034a5b6c7d", row["path"])
    route = find_route(row["http_method"], path)
    assert route is not None
    assert name_call(route, has_key=not row["operation"].endswith("client_side")) == row["operation"]


def test_every_operation_has_one_handler_and_one_description() -> None:
    names = {operation.name for operation in OPERATIONS}
    assert DESCRIPTIONS.keys() == names
    assert {*HANDLERS} | {*UPLOADS} | {*USAGE} == names
    assert len(HANDLERS) + len(UPLOADS) + len(USAGE) == len(names)
