"""What every answer carries besides its content: status, headers and the decoded body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast


class Headers(Mapping[str, str]):
    """Response headers; names compare without letter case (RFC 9110, section 5.1)."""

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
    """The answer behind a result or an exception.

    Attributes:
        raw: The decoded JSON body; the text when it was no JSON; None when there was none.
        http_status_code: The HTTP status. None when no answer came, which only a `NetworkException` can have: its type
            is that of every result, so that code for 4.x, which compares it, type-checks.
        headers: The response headers, whatever the letter case.
    """

    raw: Any = None
    http_status_code: int = cast("int", None)
    headers: Headers = field(default_factory=Headers)
