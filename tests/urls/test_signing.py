from __future__ import annotations

import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.urls.signing import Signer

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(texts, texts, texts)
def test_a_signature_is_the_hmac_of_the_whole_text(key: str, beginning: str, rest: str) -> None:
    expected = hmac.new(key.encode(), (beginning + rest).encode(), hashlib.sha1).hexdigest()
    assert Signer(key, beginning).sign(rest) == Signer(key).sign(beginning + rest) == expected


def test_threads_may_share_a_signer() -> None:
    sign = Signer("private_key_test", "beginning").sign
    numbers = [str(number) for number in range(2000)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(sign, numbers)) == list(map(sign, numbers))


def test_a_key_that_cannot_be_encoded_is_refused_without_showing_it() -> None:
    with pytest.raises(ValueError, match="private key") as caught:
        Signer("private_\ud800")
    assert "private_" not in str(caught.value)
