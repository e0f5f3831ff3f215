"""The account in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from imagekitio.local.api import fields
from imagekitio.local.api.presets.webhooks import WEBHOOKS
from imagekitio.local.library.fields import Field, insert
from imagekitio.local.web.calls import Call

if TYPE_CHECKING:
    from imagekitio.local.library.store import Store

FIELD = {"name": "price", "label": "Price", "schema": {"type": "Number"}}
WEBHOOK = {"endpoint": "https://shop.example/hook", "events": ["file.created"]}


def test_the_account_has_the_current_fields(store: Store) -> None:
    assert store.account().field_schemas == {}
    field_id = fields.create_field(store, Call(body=FIELD)).body["id"]
    assert store.account().field_schemas == {"price": {"type": "Number"}}
    body = {"schema": {"type": "Number", "minValue": 1}}
    fields.update_field(store, Call({"id": field_id}, body=body))
    assert store.account().field_schemas == {"price": {"type": "Number", "minValue": 1}}
    fields.delete_field(store, Call({"id": field_id}))
    assert store.account().field_schemas == {}


def test_the_account_knows_whether_there_are_webhooks(store: Store) -> None:
    assert not store.account().has_webhooks
    webhook_id = WEBHOOKS.create(store, Call(body=WEBHOOK)).body["id"]
    assert store.account().has_webhooks
    WEBHOOKS.update(store, Call({"id": webhook_id}, body={"enabled": False}))
    assert store.account().has_webhooks
    WEBHOOKS.delete(store, Call({"id": webhook_id}))
    assert not store.account().has_webhooks


def test_a_reset_restores_the_initial_account(store: Store) -> None:
    before = store.account()
    fields.create_field(store, Call(body=FIELD))
    WEBHOOKS.create(store, Call(body=WEBHOOK))
    store.reset()
    assert store.account() == before


def test_changes_that_are_rolled_back_are_never_visible(store: Store) -> None:
    def fail() -> None:
        with store.write() as transaction:
            insert(transaction, Field(id="1", name="price", label="Price", schema={"type": "Number"}))
            assert store.account().field_schemas == {}
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        fail()
    assert store.account().field_schemas == {}
