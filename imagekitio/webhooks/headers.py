"""Find the headers of a webhook in a request, in any form that frameworks and servers use."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from ..exceptions.printing import join_some
from .errors import WebhookVerificationError

IK_SIGNATURE = "x-ik-signature"
ID, TIMESTAMP, SIGNATURE = STANDARD_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
_NAMES = (IK_SIGNATURE, *STANDARD_HEADERS)
# The names in lower case, as in HTTP and as in WSGI and CGI.
_SPELLINGS = {name: name for name in _NAMES} | {f"http_{name.replace('-', '_')}": name for name in _NAMES}


class HeaderMapping(Protocol):
    """Headers with a method `items`, such as a dict or the header classes of frameworks."""

    def items(self) -> Iterable[tuple[str, Any]]:
        """Return the pairs of name and value."""
        ...


WebhookHeaders = HeaderMapping | Iterable[tuple[str | bytes, str | bytes]]


class FoundHeaders(NamedTuple):
    """The headers of a webhook by lower-case name, and all headers of the request as received."""

    values: dict[str, str]
    pairs: list[tuple[object, object]]

    def require(self, name: str) -> str:
        """Return a header.

        Raises:
            WebhookVerificationError: The header is missing.
        """
        if name not in self.values:
            message = f"the header {name} is missing{self.describe_similar(name)}"
            raise WebhookVerificationError(message, "missing_header")
        return self.values[name]

    def describe_similar(self, *names: str) -> str:
        """Return a hint about headers with similar names, for messages; empty if there are none."""
        others = [text for name, _ in self.pairs if (text := _decode(name).lower()) not in _SPELLINGS]
        similar = {one: None for name in names for one in difflib.get_close_matches(name, others)}
        return f"; the request has {join_some([*similar], ', ')}" if similar else ""


def read_headers(headers: WebhookHeaders) -> FoundHeaders:
    """Return the headers of a webhook from the headers of a request.

    Args:
        headers: Mapping with names in any case, also as WSGI and CGI spell them (``HTTP_WEBHOOK_ID``), or pairs of name
            and value, as str or as bytes.
    Raises:
        TypeError: `headers` has another form, or a header of the webhook is neither str nor bytes.
        WebhookVerificationError: A header of the webhook occurs twice, with different values.
    """
    items = getattr(headers, "items", None)
    try:
        given: Any = items() if items else headers
        pairs: list[tuple[object, object]] = [(name, value) for name, value in given]
    except (TypeError, ValueError):  # not iterable, or not pairs
        raise TypeError(
            "headers must be the headers of the request: a mapping, or pairs of name and value "
            f"(got {type(headers).__name__})"
        ) from None
    found: dict[str, str] = {}
    for spelling, value in pairs:
        name = _SPELLINGS.get(_decode(spelling).lower())
        if name is None:
            continue
        if not isinstance(value, (str, bytes)):
            raise TypeError(f"the header {name} must be a str (got {type(value).__name__})")
        text = _decode(value).strip()
        if found.setdefault(name, text) != text:
            raise WebhookVerificationError(f"the header {name} occurs twice, with different values", "invalid_header")
    return FoundHeaders(found, pairs)


def _decode(text: object) -> str:
    return text if isinstance(text, str) else text.decode("latin-1") if isinstance(text, bytes) else ""
