"""Paths and file names."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.base.errors import ApiError
from imagekitio.local.imgsrc.api.names import place_upload, read_path, sanitise_filename


@pytest.mark.parametrize(
    ("name", "sanitised"),
    [
        ("oslo.png", "oslo.png"),
        ("my photo (1).jpg", "my-photo-1.jpg"),
        ("e\u0301te\u0301_1.jpg", "été_1.jpg"),
        ("日本/../a&b.png", "日本..ab.png"),
        ("?", ""),
    ],
)
def test_a_name_is_sanitised_for_urls(name: str, sanitised: str) -> None:
    assert sanitise_filename(name) == sanitised


@given(st.text())
def test_sanitising_is_idempotent(name: str) -> None:
    once = sanitise_filename(name)
    assert sanitise_filename(once) == once
    assert not set(once) & set(" /?#%&\\\"'")


@given(st.text(max_size=30), st.text(max_size=30))
def test_an_upload_gets_a_path_of_plain_segments_or_is_refused(target_path: str, filename: str) -> None:
    with suppress(ApiError):
        path = place_upload(target_path, filename)
        assert path
        assert read_path("path", path) == path
        assert not {"", ".", ".."} & set(path.split("/"))


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ApiError):
        read_path("path", "a\ud800")
