from __future__ import annotations

from typing import Any, get_args

import pytest

from imagekitio.local.events.subscriptions import EVENT_TYPES
from imagekitio.models.account import ListWebhooksResult, WebhookRequestOptions, WebhookResult
from imagekitio.models.account.webhooks import WebhookEventType
from imagekitio.models.response_metadata import ResponseMetadata

RAW = {"id": "wh_1", "endpoint": "https://a.example", "events": ["file.created"], "enabled": True, "secret": "whsec_x"}


def test_the_event_types_are_those_that_local_imagekit_sends() -> None:
    assert get_args(WebhookEventType) == EVENT_TYPES


def test_an_unknown_event_type_is_sent() -> None:
    assert WebhookRequestOptions(events=["file.created", "asset.viewed"]).to_json() == {
        "events": ["file.created", "asset.viewed"]
    }


@pytest.mark.parametrize("url", ["https://shop.example/hook?x=1#y", "http://127.0.0.1:8000", "https://u:p@[::1]:8/a"])
def test_any_http_url_can_be_an_endpoint(url: str) -> None:
    assert WebhookRequestOptions(endpoint=url).to_json() == {"endpoint": url}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"events": "file.created"}, TypeError, "events must be a list of str .got str."),
        ({"events": []}, ValueError, "events must not be empty"),
        ({"events": [None]}, TypeError, "events must be a list of str .it contains None."),
        ({"enabled": "yes"}, TypeError, "enabled must be True or False .got 'yes'."),
        ({"endpoint": "shop.example/hook"}, ValueError, "endpoint must be a URL that starts with https:// or http://"),
        ({"endpoint": "https://"}, ValueError, "endpoint must be a URL"),
        ({"endpoint": "https://a b.example"}, ValueError, "endpoint must be a URL"),
        ({"endpoint": "https://a.example/\n"}, ValueError, "endpoint must be a URL"),
        ({"endpoint": "https://a.example:x"}, ValueError, "endpoint must be a URL"),
        ({"endpoint": "https://[::1"}, ValueError, "endpoint must be a URL"),
        ({"endpoint": ""}, ValueError, "endpoint must be a URL"),
        ({"endpoint": 5}, TypeError, "endpoint must be a str .got int."),
    ],
)
def test_an_invalid_value_is_refused_by_name(options: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^{message}"):
        WebhookRequestOptions.of(options).to_json()


def test_the_secret_is_an_attribute_but_not_shown() -> None:
    webhook = WebhookResult.from_json(RAW)
    listed = ListWebhooksResult.from_answer(ResponseMetadata([RAW], 200))
    assert webhook.secret == listed[0].secret == webhook.to_dict()["secret"] == "whsec_x"
    assert "whsec" not in repr(webhook) + repr(listed)
    assert "https://a.example" in repr(listed)
