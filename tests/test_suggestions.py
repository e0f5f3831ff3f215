from __future__ import annotations

import pytest

from imagekitio.suggestions import did_you_mean

KNOWN = {"public_key", "url_endpoint", "timeout", "f-auto"}


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("publickey", "public_key"),
        ("publicKey", "public_key"),
        ("PUBLIC_KEY", "public_key"),
        ("url-endpoint", "url_endpoint"),
        ("time_out", "timeout"),
        ("tiemout", "timeout"),
        ("f_Auto", "f-auto"),
    ],
)
def test_the_nearest_name_is_found_regardless_of_case_and_separators(name: str, nearest: str) -> None:
    assert did_you_mean(name, KNOWN) == f"; did you mean {nearest!r}?"


def test_a_name_that_shares_some_letters_is_not_similar() -> None:
    assert did_you_mean("remote_files", ["email"]) == "; expected one of email"


def test_without_a_similar_name_all_are_listed() -> None:
    assert did_you_mean("xyz", iter(KNOWN)) == "; expected one of f-auto, public_key, timeout, url_endpoint"
