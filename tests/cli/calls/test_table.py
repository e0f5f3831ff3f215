"""The commands for calls against the table of the API (tests/data/operations.csv), and what they read of the client."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from imagekitio.cli.calls.examples import EXAMPLES
from imagekitio.cli.calls.parameters import RESERVED, read_signature
from imagekitio.cli.calls.table import group_by_subject, read_calls
from imagekitio.models.uploads import UploadFileKeywords

TABLE = Path(__file__).parents[2] / "data" / "operations.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
NAMES = [row["operation"] for row in ROWS]


def test_every_operation_of_the_table_is_a_call_with_its_method_and_path() -> None:
    found = {call.name: (call.method, call.path) for call in read_calls().values()}
    assert found == {row["operation"]: (row["http_method"], row["path"]) for row in ROWS}
    assert EXAMPLES.keys() == found.keys()


def test_each_call_belongs_to_one_subject() -> None:
    grouped = [call.name for calls in group_by_subject().values() for call in calls]
    assert sorted(grouped) == sorted(NAMES)
    assert len(group_by_subject()) == 10


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_has_a_text_without_markup_and_a_unique_name(name: str) -> None:
    signature = read_signature(read_calls()[name].method_name)
    shown = [parameter.shown for parameter in signature.parameters]
    assert len({*shown}) == len(shown)
    assert not RESERVED & {*shown}
    for text in (signature.text, *(parameter.text for parameter in signature.parameters)):
        assert text
        assert "`" not in text
        assert not {"None", "True", "False", "str"} & {*text.replace(".", " ").replace(",", " ").split()}


def test_options_come_from_the_option_class() -> None:
    names = {parameter.name for parameter in read_signature("upload_file").parameters}
    assert names == {"file", "file_name", *UploadFileKeywords.__annotations__}


def test_the_secrets_are_those_that_the_option_classes_hide() -> None:
    secrets = {parameter.name for parameter in read_signature("create_origin").parameters if parameter.is_secret}
    keys = {"access_key", "secret_key", "private_key", "sas_token"}
    assert secrets == keys | {"client_id", "client_secret", "username", "password"}
