"""A client created before a test freezes the time reads the frozen clock."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from freezegun import freeze_time

from imagekitio import AsyncImageKit, ImageKit, InternalServerException, Retry, SignatureError

from ..transports.calls import open_quiet_loop
from ..transports.faults import PATIENCE_SECONDS, answer, run_server
from .callers import ANSWER, FILE_ID, make_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    Freeze = Callable[[datetime], AbstractContextManager[object]]

MOMENT = datetime(2040, 2, 29, 12, 0, tzinfo=timezone.utc)
UNIX_TIME = int(MOMENT.timestamp())
BUSY = answer(503, b"", f"Retry-After: {format_datetime(MOMENT + timedelta(seconds=30), usegmt=True)}")
TOOLS: dict[str, Freeze] = {
    "freezegun": partial(freeze_time, real_asyncio=True),
    "time-machine": partial(time_machine.travel, tick=False),
}

each_tool = pytest.mark.parametrize("freeze", TOOLS.values(), ids=TOOLS.keys())
each_client = pytest.mark.parametrize("make_client", [ImageKit, AsyncImageKit])


@each_client
@each_tool
def test_urls_and_tokens_expire_by_the_frozen_clock(freeze: Freeze, make_client: Callable[..., Any]) -> None:
    client = make_client(**make_settings("https://ik.example"))
    template = client.url_template(signed=True, expire_seconds=300)
    with freeze(MOMENT):
        assert f"ik-t={UNIX_TIME + 300}&" in client.url(path="/a.jpg", signed=True, expire_seconds=300)
        assert f"ik-t={UNIX_TIME + 300}&" in template("/a.jpg")
        # A time in the past, or more than an hour ahead, would give a warning.
        assert client.get_authentication_parameters(expire=UNIX_TIME + 60)["expire"] == UNIX_TIME + 60
        assert client.get_authentication_parameters(expire=timedelta(minutes=10))["expire"] == UNIX_TIME + 600


@each_client
@each_tool
def test_urls_are_verified_by_the_frozen_clock(freeze: Freeze, make_client: Callable[..., Any]) -> None:
    client = make_client(**make_settings("https://ik.example"))
    url = client.url(path="/a.jpg", signed=True, expire_seconds=300)
    client.verify_url(url)
    with freeze(MOMENT), pytest.raises(SignatureError, match="expired"):
        client.verify_url(url)


@each_tool
def test_a_retry_after_date_counts_from_the_frozen_clock(freeze: Freeze) -> None:
    with run_server(BUSY) as service, ImageKit(**make_settings(service.url, retry=Retry(attempts=1))) as client:
        with freeze(MOMENT), pytest.raises(InternalServerException) as caught:
            client.get_file_details(FILE_ID)
        assert caught.value.retry_after_seconds == 30.0


@each_tool
def test_a_retry_after_date_counts_from_the_frozen_clock_in_a_loop(freeze: Freeze) -> None:
    async def call(url: str) -> None:
        async with AsyncImageKit(**make_settings(url, retry=Retry(attempts=1))) as client:
            with freeze(MOMENT), pytest.raises(InternalServerException) as caught:
                await client.get_file_details(FILE_ID)
            assert caught.value.retry_after_seconds == 30.0

    with run_server(BUSY) as service, open_quiet_loop() as wait:
        wait(call(service.url))


@each_tool
def test_a_rate_limit_met_while_time_is_frozen_does_not_delay_later_calls(freeze: Freeze) -> None:
    async def call(url: str) -> None:
        async with AsyncImageKit(**make_settings(url)) as client:
            with freeze(MOMENT):
                await client.get_file_details(FILE_ID)
            await asyncio.wait_for(client.get_file_details(FILE_ID), PATIENCE_SECONDS)

    limits = "X-RateLimit-Limit: 100", "X-RateLimit-Interval: 1000", "X-RateLimit-Reset: 1"
    with run_server(answer(429, b"", *limits), ANSWER) as service, open_quiet_loop() as wait:
        wait(call(service.url))
        assert len(service.seen) == 3
