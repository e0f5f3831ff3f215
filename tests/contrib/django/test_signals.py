"""Each kind of event has its signal."""

from __future__ import annotations

from typing import get_args

from imagekitio.contrib.django import signals
from imagekitio.webhooks import UnknownEvent, WebhookEvent


def test_each_event_has_a_signal_of_its_name() -> None:
    types = [event.type for event in get_args(WebhookEvent) if event is not UnknownEvent]
    assert sorted(signals.SIGNALS) == sorted(types)
    for type_, signal in signals.SIGNALS.items():
        assert getattr(signals, type_.replace(".", "_").replace("-", "_")) is signal
