"""Which fields and rows refer to files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError
from django.db.utils import ConnectionHandler

from imagekitio.contrib.django.management import file_fields
from tests.contrib.django.archive.models import Contract

if TYPE_CHECKING:
    from pathlib import Path


def test_each_file_field_is_listed_once_and_not_for_a_proxy() -> None:
    labels = [file_fields.describe_field(field) for field in file_fields.list_file_fields()]
    assert [label for label in labels if label.startswith("archive.")] == [
        "archive.Document.file",
        "archive.Invoice.receipt",
        "archive.Contract.scan",
    ]
    assert len(labels) == len(set(labels))


def test_a_misspelt_field_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(CommandError, match=r"not a file field; did you mean 'archive\.Invoice\.receipt'"):
        file_fields.find_file_field("archive.Invoice.reciept")


def test_only_databases_with_the_table_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any
) -> None:
    database = {"ENGINE": "django.db.backends.sqlite3"}
    names = ("default", "archive", "legacy")
    handler = ConnectionHandler({name: {**database, "NAME": str(tmp_path / name)} for name in names})
    monkeypatch.setattr(file_fields, "connections", handler)
    with django_db_blocker.unblock():
        for name in ("default", "archive"):
            handler[name].cursor().execute("CREATE TABLE archive_contract (id integer)")
        assert [rows.db for rows in file_fields.list_querysets(Contract)] == ["default", "archive"]
        for name in ("default", "archive"):
            handler[name].cursor().execute("DROP TABLE archive_contract")
        with pytest.raises(CommandError, match=r"No database has a table for archive\.Contract\.scan"):
            next(file_fields.read_names(file_fields.find_file_field("archive.Contract.scan")))
        handler.close_all()
