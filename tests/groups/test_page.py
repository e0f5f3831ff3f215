"""The tables of `docs/migration/from-5.md` name every call and every exception of release 5."""

from __future__ import annotations

import re

from imagekitio import exceptions, webhooks
from imagekitio.groups.helper import Helper
from imagekitio.groups.table import METHODS
from imagekitio.groups.webhooks import Webhooks

from ..documents import ROOT

PAGE = (ROOT / "docs" / "migration" / "from-5.md").read_text(encoding="utf-8")
# Those without a method of the client; see `METHODS`.
WITHOUT_METHOD = {"helper.build_transformation_string", "webhooks.unsafe_unwrap"}


def read_table(heading: str) -> dict[str, str]:
    """Return the first two columns of all tables below a heading, without backticks."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `([^`]+)` \| `?([^`|]+?)`? \|", section, re.MULTILINE))


def test_every_call_is_listed_with_its_method() -> None:
    rows = read_table("Every call")
    assert {name: method for name, method in rows.items() if name not in WITHOUT_METHOD} == METHODS
    assert rows.keys() >= WITHOUT_METHOD


def test_every_call_of_helper_and_webhooks_is_listed() -> None:
    classes = {"helper": Helper, "webhooks": Webhooks}
    calls = {f"{group}.{name}" for group, one in classes.items() for name in vars(one) if not name.startswith("_")}
    assert calls == {name for name in read_table("Every call") if name.startswith(("helper.", "webhooks."))}


def test_every_exception_is_listed_with_its_class() -> None:
    classes = {name: getattr(exceptions, name).__name__ for name in exceptions.__all__}
    aliases = {name: own for name, own in classes.items() if name != own}
    aliases["APIWebhookValidationError"] = webhooks.APIWebhookValidationError.__name__
    assert len(aliases) == 15
    assert read_table("Every exception") == aliases
