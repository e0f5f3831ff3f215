"""The raw responses that `with_raw_response` returns, from which the result can be parsed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..operations.core import Operation, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..exceptions import ImageKitException
    from ..models.response_metadata import Headers

T = TypeVar("T")


class _Raw(Generic[T]):
    def __init__(self, response: Response, result: T) -> None:
        self._response, self._result = response, result

    def __repr__(self) -> str:
        return f"{type(self).__name__}(status_code={self.status_code})"

    @property
    def status_code(self) -> int:
        """The HTTP status."""
        return self._response.status

    @property
    def headers(self) -> Headers:
        """The headers; names are case-insensitive."""
        return self._response.headers


class RawResponse(_Raw[T]):
    """A response that has been read completely."""

    def parse(self) -> T:
        """Return the result of the call, as without `with_raw_response`."""
        return self._result

    def read(self) -> bytes:
        """Return the body."""
        return self._response.body

    def text(self) -> str:
        """Return the body as text."""
        return self._response.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the decoded JSON body.

        Raises:
            ValueError: The body is not valid JSON.
        """
        return json.loads(self._response.body)


class AsyncRawResponse(_Raw[T]):
    """A response that has been read completely. Its methods are coroutines, as in release 5."""

    async def parse(self) -> T:
        """Return the result of the call, as without `with_raw_response`."""
        return self._result

    async def read(self) -> bytes:
        """Return the body."""
        return self._response.body

    async def text(self) -> str:
        """Return the body as text."""
        return self._response.body.decode("utf-8", "replace")

    async def json(self) -> Any:
        """Return the decoded JSON body.

        Raises:
            ValueError: The body is not valid JSON.
        """
        return json.loads(self._response.body)


def keep_response(operation: Operation[Any], keep: Callable[[Response, Any], T]) -> Operation[T]:
    """Return an operation whose result `keep` builds from the response and the original result."""

    def parse(response: Response) -> T:
        return keep(response, operation.parse(response))

    find = operation.recover
    if find is None:
        return Operation(operation.request, parse)

    def recover(reply: Response | ImageKitException, seconds: float) -> Operation[T | None]:
        search = find(reply, seconds)

        def parse_search(response: Response) -> T | None:
            found = search.parse(response)
            # Not the response to the upload, which was lost, but an equivalent built from the search.
            return None if found is None else keep(_write_response(found), found)

        return Operation(search.request, parse_search)

    return Operation(operation.request, parse, recover)


def _write_response(result: Any) -> Response:
    metadata = result.response_metadata
    return Response(metadata.http_status_code, metadata.headers, json.dumps(metadata.raw).encode())
