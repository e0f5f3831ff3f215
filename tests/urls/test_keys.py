from __future__ import annotations

from typing import Any

import pytest

from imagekitio.urls.builder import UrlBuilder
from imagekitio.urls.keys import read_key

ENDPOINT = "https://ik.example.com/demo"


@pytest.mark.parametrize(
    "key", ["private_x", " private_x\n", '"private_x"', "'private_x'", '"private_x"\n', "\t' private_x '\r\n"]
)
def test_blanks_and_quotes_around_a_key_are_dropped(key: str) -> None:
    assert read_key("private_key", key) == "private_x"
    expected = UrlBuilder("private_x", ENDPOINT).url(path="/a.jpg", signed=True)
    assert UrlBuilder(key, ENDPOINT).url(path="/a.jpg", signed=True) == expected
    assert UrlBuilder("other", ENDPOINT).verify_url(expected, private_keys=["old", key]).url == f"{ENDPOINT}/a.jpg"


def test_what_is_inside_of_a_key_stays() -> None:
    assert read_key("private_key", 'it\'s a "key"') == 'it\'s a "key"'
    assert read_key("private_key", '"') == '"'
    assert read_key("private_key", "''") == ""


@pytest.mark.parametrize(("name", "key"), [("private_key", " public_secret"), ("public_key", "'private_secret'")])
def test_the_other_key_of_the_account_is_refused_without_being_shown(name: str, key: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is a (public|private) key") as refusal:
        read_key(name, key)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("key", [None, b"private_x", 5])
def test_a_key_that_is_not_text_is_refused(key: Any) -> None:
    with pytest.raises(TypeError, match="private_key must be text"):
        read_key("private_key", key)
