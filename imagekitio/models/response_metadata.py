"""The HTTP side of a response: status, headers and the decoded body."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast


class Headers(Mapping[str, str]):
    """Response headers; names are case-insensitive (RFC 9110, section 5.1)."""

    __slots__ = ("_by_lower_name",)

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        self._by_lower_name = {name.lower(): value for name, value in (headers or {}).items()}

    def __getitem__(self, name: str) -> str:
        return self._by_lower_name[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_lower_name)

    def __len__(self) -> int:
        return len(self._by_lower_name)

    def __repr__(self) -> str:
        return f"Headers({self._by_lower_name!r})"


@dataclass(frozen=True)
class ResponseMetadata:
    """The HTTP response behind a result or an exception.

    Attributes:
        raw: The decoded JSON body; the body as text if it is not valid JSON; None if there is no body.
        http_status_code: The HTTP status. None if no response arrived, which happens only with a `NetworkException`;
            the type does not include None, so that code written for 4.x, which compares the status, passes type
            checkers.
        headers: The response headers; names are case-insensitive.
    """

    raw: Any = None
    http_status_code: int = cast("int", None)
    headers: Headers = field(default_factory=Headers)

    @property
    def status_code(self) -> int:
        """The HTTP status, by its name in release 5."""
        return self.http_status_code

    @property
    def text(self) -> str:
        """The body as text. JSON is encoded again, so whitespace may differ from the original."""
        if self.raw is None or isinstance(self.raw, str):
            return self.raw or ""
        return json.dumps(self.raw, ensure_ascii=False)

    def json(self) -> Any:
        """Return the decoded JSON body.

        Raises:
            ValueError: The body is not valid JSON, or there is none.
        """
        if self.raw is None or isinstance(self.raw, str):
            raise ValueError(f"the response has no JSON body (got {self.text[:60]!r})")
        return self.raw
