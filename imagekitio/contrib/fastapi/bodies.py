"""Bodies of requests, read up to a limit, since neither FastAPI nor uvicorn has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.requests import Request

# Far more than a request for a token, or a webhook with the metadata of a file.
_MAX_BYTES = 5_000_000


async def read_body(request: Request) -> bytes:
    """Return the body of a request exactly as it came.

    Raises:
        HTTPException: It is larger than 5 MB; the status is 413.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BYTES:
            raise HTTPException(413)
    return bytes(body)
