"""Read request bodies up to a limit, because FastAPI and uvicorn have none by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from ..errors import UploadTooLargeError

if TYPE_CHECKING:
    from starlette.requests import Request

# Far more than a token request, or a webhook with the metadata of a file.
_MAX_BYTES = 5_000_000


async def read_body(request: Request) -> bytes:
    """Return the body of a request exactly as received.

    Raises:
        UploadTooLargeError: The body is larger than 5 MB.
        HTTPException: The body is incomplete; the status is 400.
    """
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MAX_BYTES:
                raise UploadTooLargeError(None, _MAX_BYTES)
    except ClientDisconnect as exc:  # as FastAPI does for forms; not an error of the application, so no traceback
        raise HTTPException(400) from exc
    return bytes(body)
