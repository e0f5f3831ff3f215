"""Finds the headers of a webhook among those of a request, in the forms in which frameworks and servers have them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from ..exceptions.printing import join_some
from .errors import WebhookVerificationError

IK_SIGNATURE = "x-ik-signature"
ID, TIMESTAMP, SIGNATURE = STANDARD_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
_NAMES = (IK_SIGNATURE, *STANDARD_HEADERS)
# Their names in lower case: as HTTP spells them, and as WSGI and CGI do.
_SPELLINGS = {name: name for name in _NAMES} | {f"http_{name.replace('-', '_')}": name for name in _NAMES}


class HeaderMapping(Protocol):
    """Headers with the method `items`, as a dict has it, and as the classes of frameworks have it."""

    def items(self) -> Iterable[tuple[str, Any]]:
        """Return the pairs of name and value."""
        ...


WebhookHeaders = HeaderMapping | Iterable[tuple[str | bytes, str | bytes]]


class FoundHeaders(NamedTuple):
    """The headers of a webhook by their names in lower case, and all headers of the request as they came."""

    values: dict[str, str]
    pairs: list[tuple[object, object]]

    def require(self, name: str) -> str:
        """Return a header.

        Raises:
            WebhookVerificationError: It is missing.
        """
        if name not in self.values:
            message = f"the header {name} is missing{self.describe_similar(name)}"
            raise WebhookVerificationError(message, "missing_header")
        return self.values[name]

    def describe_similar(self, *names: str) -> str:
        """Return what a message says of headers with similar names; empty if there are none."""
        others = [text for name, _ in self.pairs if (text := _decode(name).lower()) not in _SPELLINGS]
        similar = {one: None for name in names for one in difflib.get_close_matches(name, others)}
        return f"; there is {join_some([*similar], ', ')}" if similar else ""


def read_headers(headers: WebhookHeaders) -> FoundHeaders:
    """Return what is of interest among the headers of a request.

    Args:
        headers: Mapping of names in any case, names as WSGI and CGI spell them (``HTTP_WEBHOOK_ID``) included, or pairs
            of name and value, as str or as bytes.
    Raises:
        TypeError: `headers` has another form, or a header of interest is neither str nor bytes.
        WebhookVerificationError: A header of interest is there twice, with different values.
    """
    items = getattr(headers, "items", None)
    try:
        given: Any = items() if items else headers
        pairs: list[tuple[object, object]] = [(name, value) for name, value in given]
    except (TypeError, ValueError):  # nothing to iterate over, or not pairs
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
            raise WebhookVerificationError(f"the header {name} is there twice, with different values", "invalid_header")
    return FoundHeaders(found, pairs)


def _decode(text: object) -> str:
    return text if isinstance(text, str) else text.decode("latin-1") if isinstance(text, bytes) else ""
