from __future__ import annotations

import http.client
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.models.response_metadata import Headers
from imagekitio.webhooks import WebhookVerificationError
from imagekitio.webhooks.headers import read_headers

from .signing import STANDARD

PAIRS = [(name.title(), value) for name, value in STANDARD.items()]
ENVIRON: dict[Any, Any] = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in STANDARD.items()}
ENVIRON |= {"wsgi.input": io.BytesIO(), 5: 6}


class ItemsOnly:
    """Headers of a framework that are not a `Mapping`."""

    def items(self) -> list[tuple[str, str]]:
        return PAIRS


@pytest.mark.parametrize(
    "headers",
    [
        STANDARD,
        {name.upper(): f" {value} " for name, value in STANDARD.items()},
        ENVIRON,
        PAIRS,
        iter(PAIRS),
        [(name.encode(), value.encode()) for name, value in PAIRS],
        [*PAIRS, *PAIRS],
        Headers(STANDARD),
        ItemsOnly(),
        http.client.parse_headers(io.BytesIO("".join(f"{n}: {v}\r\n" for n, v in PAIRS).encode() + b"\r\n")),
    ],
)
def test_headers_are_found_in_any_case_and_any_form(headers: Any) -> None:
    assert read_headers(headers).values == STANDARD


@pytest.mark.parametrize("headers", [None, 5, "webhook-id: a", b"x", ["webhook-id"], [("a", "b", "c")], object()])
def test_headers_of_any_other_type_are_a_type_error(headers: Any) -> None:
    with pytest.raises(TypeError, match="headers must be the headers of the request: a mapping, or pairs"):
        read_headers(headers)


def test_a_header_that_is_not_a_str_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"the header webhook-id must be a str \(got list\)"):
        read_headers({"webhook-id": ["a"]})


def test_a_repeated_header_is_refused_unless_both_values_are_equal() -> None:
    with pytest.raises(WebhookVerificationError, match="webhook-id occurs twice") as caught:
        read_headers([*PAIRS, ("WEBHOOK-ID", "other")])
    assert caught.value.reason == "invalid_header"


def test_the_error_for_a_missing_header_lists_similar_names() -> None:
    headers = read_headers({"webhook-id": "a", "X-Webhook-Timestamp": "1", "host": "example.com", "Webhook-Time\n": ""})
    with pytest.raises(WebhookVerificationError) as caught:
        headers.require("webhook-timestamp")
    hint = "the request has x-webhook-timestamp, webhook-time"
    assert str(caught.value) == f"the header webhook-timestamp is missing; {hint}"
    assert caught.value.reason == "missing_header"


TEXTS = st.text(max_size=20) | st.binary(max_size=20)


@given(st.dictionaries(TEXTS | st.sampled_from([*STANDARD, "X-IK-Signature"]), TEXTS | st.none()) | st.text())
def test_any_headers_raise_only_documented_errors(headers: Any) -> None:
    try:
        found = read_headers(headers)
    except (TypeError, WebhookVerificationError):
        return
    assert found.values.keys() <= {*STANDARD, "x-ik-signature"}
