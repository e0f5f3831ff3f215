from __future__ import annotations

import json
import pickle
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from imagekitio.urls.builder import UrlBuilder
from imagekitio.urls.endpoint import Endpoint
from imagekitio.urls.verifying import SignatureError, check_target, verify_url

ENDPOINT = "https://ik.example.com/demo"
KEY = "private_key_test"
NOW = 1_700_000_000

REQUESTS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "signature_requests.json").read_text(encoding="utf-8")
)


def sign_url(**options: Any) -> str:
    return UrlBuilder(KEY, ENDPOINT, clock=lambda: NOW).url(path="/a.jpg", signed=True, **options)


def verify(url: str, *, keys: tuple[str, ...] = (KEY,), now: float = NOW) -> Any:
    return verify_url(url, endpoint=Endpoint.read(ENDPOINT), private_keys=keys, now=now)


@pytest.mark.parametrize("request_", [pytest.param(request, id=request["id"]) for request in REQUESTS])
def test_every_request_of_the_reference_gets_the_expected_verdict(request_: dict[str, Any]) -> None:
    verdict = check_target(
        request_["target"],
        endpoint_path=request_["endpoint_path"],
        private_keys=["private_of_another_pair", request_["private_key"]],
        now=request_["now"],
    )
    assert verdict.status == request_["expect"]
    assert verdict.reason


@pytest.mark.parametrize("request_", [pytest.param(request, id=request["id"]) for request in REQUESTS])
def test_verify_url_gives_the_same_verdict_for_the_whole_url(request_: dict[str, Any]) -> None:
    def check() -> object:
        return verify_url(
            "https://ik.example.com" + request_["target"],
            endpoint=Endpoint.read("https://ik.example.com" + request_["endpoint_path"]),
            private_keys=[request_["private_key"]],
            now=request_["now"],
        )

    if request_["expect"] == "ok":
        assert check()
    else:
        with pytest.raises(SignatureError) as caught:
            check()
        assert caught.value.reason == request_["expect"]


def test_verify_url_returns_what_was_signed() -> None:
    found = verify(sign_url(query_parameters={"v": "1"}, expire_seconds=60))
    assert found.url == f"{ENDPOINT}/a.jpg?v=1"
    assert found.expires_at == NOW + 60
    assert found.string_to_sign == f"a.jpg?v=1{NOW + 60}"


def test_a_right_signature_explains_itself_and_a_wrong_one_too() -> None:
    with pytest.raises(SignatureError, match="does not match") as caught:
        verify(sign_url().replace("a.jpg", "b.jpg"))
    assert caught.value.string_to_sign == "b.jpg9999999999"


def test_any_of_several_keys_can_match() -> None:
    assert verify(sign_url(), keys=("private_new", KEY)).url == f"{ENDPOINT}/a.jpg"
    with pytest.raises(SignatureError):
        verify(sign_url(), keys=("private_new",))
    with pytest.raises(SignatureError):
        verify(sign_url(), keys=())


def test_the_error_for_an_expired_url_says_when_it_expired() -> None:
    with pytest.raises(SignatureError, match="expired 40 s ago") as caught:
        verify(sign_url(expire_seconds=60), now=NOW + 100)
    assert caught.value.reason == "expired"


def test_a_url_of_another_endpoint_is_refused() -> None:
    for foreign in ("https://ik.example.com/demonstration/a.jpg?ik-s=0", "https://evil.example/demo/a.jpg"):
        with pytest.raises(SignatureError) as caught:
            verify(foreign)
        assert caught.value.reason == "other endpoint"


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://ik.example.com/d\u00e9mo",
        " https://ik.example.com/demo/\n",
        "https://m\u00fcller.example/a",
        "https://ik.example.com/demo?x=1",
    ],
)
def test_an_endpoint_can_be_written_in_any_form_accepted_for_building_urls(endpoint: str) -> None:
    builder = UrlBuilder("private_fake", endpoint)
    assert builder.verify_url(builder.url(path="/a.jpg", signed=True)).url == builder.url(path="/a.jpg")


@pytest.mark.parametrize("path", ["/a.jpg?ik-s", "/a.jpg?ik-t&v=1", "/a.jpg?ik-t=&ik-s="])
def test_the_remains_of_an_older_signature_in_a_path_are_not_signed_again(path: str) -> None:
    builder = UrlBuilder("private_fake", ENDPOINT)
    assert builder.verify_url(builder.url(path=path, signed=True, expire_seconds=60)).expires_at is not None


def test_a_single_key_is_not_a_list_of_keys_and_a_url_must_be_a_str() -> None:
    builder = UrlBuilder("private_fake", ENDPOINT)
    with pytest.raises(TypeError, match="private_keys must be a list"):
        builder.verify_url(builder.url(path="/a.jpg", signed=True), private_keys="private_fake")
    with pytest.raises(TypeError, match="url must be text"):
        builder.verify_url(None)  # type: ignore[arg-type]


def test_a_fragment_is_ignored_because_no_server_sees_it() -> None:
    assert verify(sign_url() + "#top").url == f"{ENDPOINT}/a.jpg"


def test_a_key_longer_than_a_block_signs_as_hmac_specifies() -> None:
    import hashlib
    import hmac

    key = "private_" + "x" * 200
    url = UrlBuilder(key, ENDPOINT).url(path="a.jpg", signed=True)
    assert url.endswith(hmac.new(key.encode(), b"a.jpg9999999999", hashlib.sha1).hexdigest())


def test_the_error_survives_pickle() -> None:
    error = pickle.loads(pickle.dumps(SignatureError("no", "bad", "text")))
    assert (str(error), error.reason, error.string_to_sign) == ("no", "bad", "text")


@pytest.mark.parametrize("now", ["1700000000", datetime(2030, 1, 1, tzinfo=timezone.utc), True])
def test_a_time_that_is_not_a_number_is_refused(now: Any) -> None:
    urls = UrlBuilder(KEY, "https://ik.example.com/demo")
    with pytest.raises(TypeError, match="now must be a Unix time in seconds"):
        urls.verify_url(urls.url(path="/a.jpg", signed=True), now=now)
