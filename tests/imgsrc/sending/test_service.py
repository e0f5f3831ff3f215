"""What differs between img-src.io and other services."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from imagekitio.flow.service import Pace
from imagekitio.imgsrc.operations.images import get_image, list_images
from imagekitio.imgsrc.sending.service import SERVER_URL, ImgsrcService, read_bearer

from ..answers import ID, respond

NOW = 1_704_067_200.0


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("imgsrc_a", "Bearer imgsrc_a"),
        ("Bearer imgsrc_a", "Bearer imgsrc_a"),
        ("bearer imgsrc_a", "bearer imgsrc_a"),
        (" imgsrc_a\n", "Bearer imgsrc_a"),
        (lambda: "imgsrc_b", "Bearer imgsrc_b"),
    ],
)
def test_the_key_is_sent_as_a_bearer(given: Any, sent: str) -> None:
    assert ImgsrcService(given).request_headers() == {"Authorization": sent}


def test_a_function_is_called_before_every_attempt() -> None:
    keys = iter(["imgsrc_a", "imgsrc_b"])
    service = ImgsrcService(lambda: next(keys))
    assert [service.request_headers()["Authorization"][-1] for _ in range(2)] == ["a", "b"]


def test_without_a_key_the_environment_is_read_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMGSRC_API_KEY", raising=False)
    service = ImgsrcService(None)
    with pytest.raises(ValueError, match="pass bearer_auth='imgsrc_…', or set the environment variable IMGSRC_API_KEY"):
        service.request_headers()
    monkeypatch.setenv("IMGSRC_API_KEY", "imgsrc_c")
    assert service.request_headers() == {"Authorization": "Bearer imgsrc_c"}


@pytest.mark.parametrize("key", ["imgsrc_a\r\nX: y", "imgsrc_ü", "\ud800"])
def test_a_key_that_cannot_be_a_header_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ValueError, match="bearer_auth must be an API key") as caught:
        read_bearer(key)
    assert key not in str(caught.value)


@pytest.mark.parametrize("function", [lambda: None, lambda: b"imgsrc_a", lambda: 5])
def test_a_function_must_return_text(function: Any) -> None:
    with pytest.raises(TypeError, match="bearer_auth must return a str"):
        read_bearer(function)


def test_an_empty_key_of_a_function_is_missing() -> None:
    with pytest.raises(ValueError, match="missing"):
        read_bearer(lambda: "Bearer ")


def test_headers_of_one_call_come_last() -> None:
    service = ImgsrcService("imgsrc_a", http_headers={"X-Trace": "1", "Authorization": "Bearer other"})
    assert service.request_headers() == {"Authorization": "Bearer other", "X-Trace": "1"}


def test_nothing_shows_the_key() -> None:
    service = ImgsrcService("imgsrc_secret", http_headers={"X-Secret": "imgsrc_secret"})
    assert "secret" not in repr(service).lower()
    assert pickle.loads(pickle.dumps(service)) == service


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {}, None),
        (429, {"X_RateLimit_Reset": "1704067260"}, 60.0),
        (429, {"X_RateLimit_Reset": "1704067260", "Retry_After": "7"}, 7.0),
        (429, {"X_RateLimit_Reset": "1704067100"}, None),  # has passed: the clocks differ
        (429, {"X_RateLimit_Reset": "soon"}, None),
        (429, {"Retry_After": "Mon, 01 Jan 2024 00:00:30 GMT"}, 30.0),
        (503, {"X_RateLimit_Reset": "1704067260"}, None),  # is sent with all answers
        (503, {"Retry_After": "2"}, 2.0),
    ],
)
def test_the_wait_is_read_from_the_headers(status: int, headers: dict[str, str], seconds: float | None) -> None:
    assert ImgsrcService("a").read_wait(respond(b"", status, **headers), NOW) == seconds


def test_requests_are_not_spaced_because_a_minute_has_room_for_all() -> None:
    assert ImgsrcService("a").read_pace(respond(b"", 429, X_RateLimit_Limit="100")) == Pace(0.0, 0.0)


def test_all_requests_of_a_key_share_one_limit() -> None:
    service = ImgsrcService("a")
    assert service.rate_limit_of(get_image(ID).request) == service.rate_limit_of(list_images().request)
    assert service.rate_limit_of(get_image(ID).request) != ImgsrcService("b").rate_limit_of(get_image(ID).request)
    assert service.base_url(get_image(ID).request) == SERVER_URL
