"""Finds the headers of a webhook among those of a request, in the forms in which frameworks and servers have them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol, cast

from ..exceptions.printing import join_some
from .errors import WebhookVerificationError

IK_SIGNATURE = "x-ik-signature"
ID, TIMESTAMP, SIGNATURE = STANDARD_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
_NAMES = frozenset({IK_SIGNATURE, *STANDARD_HEADERS})


class HeaderMapping(Protocol):
    """Headers with the method `items`, as a dict has it, and as the classes of frameworks have it."""

    def items(self) -> Iterable[tuple[str, Any]]:
        """Return the pairs of name and value."""
        ...


WebhookHeaders = HeaderMapping | Iterable[tuple[str | bytes, str | bytes]]


class FoundHeaders(NamedTuple):
    """The headers of a webhook by their names in lower case, and the names of the other headers of the request."""

    values: dict[str, str]
    others: list[str]

    def require(self, name: str) -> str:
        """Return a header.

        Raises:
            WebhookVerificationError: It is missing.
        """
        if name not in self.values:
            raise WebhookVerificationError(
                f"the header {name} is missing{self.describe_similar(name)}", "missing_header"
            )
        return self.values[name]

    def describe_similar(self, *names: str) -> str:
        """Return what a message says of headers with similar names; empty if there are none."""
        similar = {one: None for name in names for one in difflib.get_close_matches(name, self.others)}
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
    found = FoundHeaders({}, [])
    for name, value in _list_pairs(headers):
        text = name.decode("latin-1") if isinstance(name, bytes) else str(name)
        key = text.lower().replace("_", "-").removeprefix("http-")
        if key not in _NAMES:
            found.others.append(key)
            continue
        if isinstance(value, bytes):
            value = value.decode("latin-1")
        if not isinstance(value, str):
            raise TypeError(f"the header {key} must be a str (got {type(value).__name__})")
        value = value.strip()
        if found.values.setdefault(key, value) != value:
            raise WebhookVerificationError(f"the header {key} is there twice, with different values", "invalid_header")
    return found


def _list_pairs(headers: object) -> list[tuple[object, object]]:
    items = getattr(headers, "items", None)
    given = items() if callable(items) else headers
    try:
        return [(name, value) for name, value in cast("Iterable[tuple[object, object]]", given)]
    except (TypeError, ValueError):  # nothing to iterate over, or not pairs
        raise TypeError(
            "headers must be the headers of the request: a mapping, or pairs of name and value "
            f"(got {type(headers).__name__})"
        ) from None
