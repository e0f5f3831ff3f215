from __future__ import annotations

import json
import pickle
import time
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio import AsyncImageKit, ImageKit, WebhookVerificationError, parse_webhook, verify_webhook
from imagekitio.webhooks import FileDeletedEvent

from .signing import BODY, DECODED, IMAGEKIT, NOW, SECRET, STANDARD, sign_standard

CLIENTS = [ImageKit, AsyncImageKit]


@pytest.fixture(autouse=True)
def _no_secret_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMAGEKIT_WEBHOOK_SECRET", raising=False)


def verify(body: Any = BODY, headers: Any = STANDARD, **options: Any) -> Any:
    return verify_webhook(body, headers, **{"secret": SECRET, "now": NOW, **options})


def make_client(kind: Any, **settings: Any) -> ImageKit:
    client: ImageKit = kind("public_a", "private_a", "https://ik.example.com/a", clock=lambda: NOW, **settings)
    return client


@pytest.mark.parametrize("body", [BODY, bytearray(BODY), memoryview(BODY), BODY.decode()])
def test_the_body_can_be_bytes_or_a_matching_str(body: Any) -> None:
    event = verify(body)
    assert isinstance(event, FileDeletedEvent)
    assert (event.id, event.data.file_id) == ("evt_01", "6650a1b2c3d4e5f607182930")


@pytest.mark.parametrize("body", [json.loads(BODY), [1], None, 5, object()])
def test_a_parsed_body_is_a_type_error_that_says_where_the_bytes_are(body: Any) -> None:
    for call in (lambda: verify(body), lambda: parse_webhook(body)):
        with pytest.raises(TypeError, match=r"(?s)body must be the bytes.*request\.body in Django, .*Flask.*FastAPI"):
            call()


def test_a_reserialized_body_is_refused_with_the_usual_causes() -> None:
    again = json.dumps(json.loads(BODY))
    with pytest.raises(WebhookVerificationError, match="the body was parsed and encoded again") as caught:
        verify(again.encode())
    assert caught.value.reason == "wrong_signature"
    assert "is a str" not in str(caught.value)
    with pytest.raises(WebhookVerificationError, match=r"Here, body is a str: pass the bytes.*request\.get_data"):
        verify(again)


def test_a_str_with_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ValueError, match="body contains half of a surrogate pair"):
        verify("\udcff")


@pytest.mark.parametrize("tolerance", [60, 60.0, timedelta(minutes=1)])
def test_the_tolerance_is_in_seconds_or_a_timedelta(tolerance: Any) -> None:
    verify(now=NOW + 60, tolerance_seconds=tolerance)
    with pytest.raises(WebhookVerificationError, match=r"1\.0 s more than the tolerance of 60 s"):
        verify(now=NOW + 61, tolerance_seconds=tolerance)


def test_the_default_tolerance_is_five_minutes_and_none_disables_it() -> None:
    verify(now=NOW + 300)
    with pytest.raises(WebhookVerificationError, match="tolerance of 300 s"):
        verify(now=NOW + 301)
    verify(now=NOW + 10**9, tolerance_seconds=None)


@pytest.mark.parametrize("tolerance", [0, -1, float("nan"), float("inf"), timedelta(0), 10**400])
def test_an_invalid_tolerance_is_a_value_error(tolerance: Any) -> None:
    with pytest.raises(ValueError, match=r"tolerance_seconds must be above 0 and .* or None to accept any age"):
        verify(tolerance_seconds=tolerance)


@pytest.mark.parametrize("tolerance", ["300", True, [300]])
def test_a_tolerance_of_another_type_is_a_type_error(tolerance: Any) -> None:
    with pytest.raises(TypeError, match="tolerance_seconds must be a number, a timedelta or None"):
        verify(tolerance_seconds=tolerance)


@pytest.mark.parametrize(
    ("now", "error"), [("1", TypeError), (True, TypeError), (float("nan"), ValueError), (10**400, ValueError)]
)
def test_an_invalid_time_is_refused(now: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="now must be a Unix time in seconds"):
        verify(now=now)


def test_the_time_defaults_to_the_clock_of_this_machine() -> None:
    with pytest.raises(WebhookVerificationError, match="s ago"):
        verify_webhook(BODY, STANDARD, secret=SECRET)
    headers = sign_standard(BODY, seconds=int(time.time()))
    assert verify_webhook(BODY, headers, secret=SECRET, tolerance_seconds=3600).id == "evt_01"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"null", b"\xff", b"[" * 100_000, b"1" * 5000])
def test_a_body_that_is_not_a_json_object_is_an_error_of_the_same_family(body: bytes) -> None:
    for call in (lambda: verify(body, sign_standard(body)), lambda: parse_webhook(body)):
        with pytest.raises(WebhookVerificationError, match="the body ") as caught:
            call()
        assert caught.value.reason == "invalid_body"


def test_the_decoded_key_can_be_enabled() -> None:
    with pytest.raises(WebhookVerificationError):
        verify(headers=DECODED)
    assert verify(headers=DECODED, accept_decoded_secret=True).id == "evt_01"


@pytest.mark.parametrize("switch", ["no", 1, None])
def test_the_switch_must_be_true_or_false(switch: Any) -> None:
    with pytest.raises(TypeError, match="accept_decoded_secret must be True or False"):
        verify(accept_decoded_secret=switch)


def test_a_secret_can_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEKIT_WEBHOOK_SECRET", f"{SECRET}\n")
    assert verify(secret=None).id == verify(secret="").id == "evt_01"
    monkeypatch.setenv("IMAGEKIT_WEBHOOK_SECRET", "whsec_")
    with pytest.raises(ValueError, match="IMAGEKIT_WEBHOOK_SECRET must not be empty"):
        verify(secret=None)


@pytest.mark.parametrize("secret", [None, ""])
@pytest.mark.parametrize("in_environment", [True, False])
def test_the_error_for_a_missing_secret_names_every_way_to_set_it(
    secret: Any, in_environment: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if in_environment:
        monkeypatch.setenv("IMAGEKIT_WEBHOOK_SECRET", "")
    for call in (verify_webhook, make_client(ImageKit).verify_webhook):
        with pytest.raises(
            ValueError, match=r"missing: .*pass it as secret, .*webhook_secret .*IMAGEKIT_WEBHOOK_SECRET"
        ):
            call(BODY, STANDARD, secret=secret)


def test_an_empty_list_of_secrets_never_falls_back_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEKIT_WEBHOOK_SECRET", SECRET)
    for call in (verify_webhook, make_client(ImageKit, webhook_secret=SECRET).verify_webhook):
        with pytest.raises(ValueError, match="secret must not be empty"):
            call(BODY, STANDARD, secret=[], now=NOW)


@pytest.mark.parametrize("kind", CLIENTS)
@pytest.mark.parametrize("given", [{"webhook_secret": SECRET}, {"options": {"webhook_secret": ["whsec_new", SECRET]}}])
def test_a_client_has_its_own_secrets_and_its_own_clock(kind: Any, given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEKIT_WEBHOOK_SECRET", "whsec_other")
    client = make_client(kind, **given)
    for one in (client, pickle.loads(pickle.dumps(make_client_without_clock(kind, **given)))):
        assert one.verify_webhook(BODY, STANDARD, now=NOW).id == "evt_01"
    assert client.verify_webhook(BODY, IMAGEKIT).id == "evt_01"
    with pytest.raises(WebhookVerificationError, match="does not match"):
        client.verify_webhook(BODY, STANDARD, secret="whsec_other")
    with pytest.raises(WebhookVerificationError, match=r"400\.0 s ago"):
        client.verify_webhook(BODY, STANDARD, now=NOW + 400)
    assert "whsec_" not in repr(client)


def make_client_without_clock(kind: Any, **settings: Any) -> ImageKit:
    client: ImageKit = kind("public_a", "private_a", "https://ik.example.com/a", **settings)
    return client


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_client_without_a_secret_uses_that_of_the_environment(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEKIT_WEBHOOK_SECRET", SECRET)
    assert make_client(kind).verify_webhook(BODY, STANDARD).id == "evt_01"
    assert SECRET.encode() not in pickle.dumps(make_client_without_clock(kind))


@pytest.mark.parametrize("kind", CLIENTS)
@pytest.mark.parametrize(
    ("secret", "error", "message"),
    [
        (5, TypeError, r"webhook_secret must be a str, or a list of str \(got int\)"),
        ("", ValueError, "webhook_secret must not be empty"),
        ("private_x", ValueError, "webhook_secret is a private key"),
    ],
)
def test_an_invalid_secret_is_refused_by_the_constructor(
    kind: Any, secret: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make_client(kind, webhook_secret=secret)


def test_the_error_survives_pickle() -> None:
    error = pickle.loads(pickle.dumps(WebhookVerificationError("too late", "too_old")))
    assert (str(error), error.message, error.reason) == ("too late", "too late", "too_old")
    assert isinstance(error, ValueError)


@given(
    st.binary() | st.text() | st.none() | st.integers(),
    st.dictionaries(st.text() | st.sampled_from([*STANDARD, *IMAGEKIT]), st.text() | st.binary() | st.none()),
    st.text() | st.lists(st.text()) | st.none(),
)
def test_any_input_raises_only_documented_errors(body: Any, headers: Any, secret: Any) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        verify_webhook(body, headers, secret=secret, now=NOW)
    assert caught.type in (TypeError, ValueError, WebhookVerificationError)
