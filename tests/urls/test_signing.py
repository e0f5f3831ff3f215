from __future__ import annotations

import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.urls.builder import UrlBuilder
from imagekitio.urls.signing import Signer, read_key

ENDPOINT = "https://ik.example.com/demo"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(texts, texts, texts)
def test_a_signature_is_the_hmac_of_the_whole_text(key: str, beginning: str, rest: str) -> None:
    expected = hmac.new(key.encode(), (beginning + rest).encode(), hashlib.sha1).hexdigest()
    assert Signer(key, beginning).sign(rest) == Signer(key).sign(beginning + rest) == expected


def test_threads_can_share_a_signer() -> None:
    sign = Signer("private_key_test", "beginning").sign
    numbers = [str(number) for number in range(2000)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(sign, numbers)) == list(map(sign, numbers))


def test_a_key_that_cannot_be_encoded_is_refused_without_showing_it() -> None:
    with pytest.raises(ValueError, match="private key") as caught:
        Signer("private_\ud800")
    assert "private_" not in str(caught.value)


@pytest.mark.parametrize(
    "key", ["private_x", " private_x\n", '"private_x"', "'private_x'", '"private_x"\n', "\t' private_x '\r\n"]
)
def test_spaces_and_quotes_around_a_key_are_removed(key: str) -> None:
    assert read_key("private_key", key) == "private_x"
    expected = UrlBuilder("private_x", ENDPOINT).url(path="/a.jpg", signed=True)
    assert UrlBuilder(key, ENDPOINT).url(path="/a.jpg", signed=True) == expected
    assert UrlBuilder("other", ENDPOINT).verify_url(expected, private_keys=["old", key]).url == f"{ENDPOINT}/a.jpg"


def test_spaces_and_quotes_inside_a_key_are_kept() -> None:
    assert read_key("private_key", 'it\'s a "key"') == 'it\'s a "key"'
    assert read_key("private_key", '"') == '"'
    assert read_key("private_key", "''") == ""


@pytest.mark.parametrize(("name", "key"), [("private_key", " public_secret"), ("public_key", "'private_secret'")])
def test_the_wrong_kind_of_key_is_refused_without_being_shown(name: str, key: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is a (public|private) key") as refusal:
        read_key(name, key)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("key", [None, b"private_x", 5])
def test_a_key_that_is_not_a_str_is_refused(key: Any) -> None:
    with pytest.raises(TypeError, match="private_key must be text"):
        read_key("private_key", key)
