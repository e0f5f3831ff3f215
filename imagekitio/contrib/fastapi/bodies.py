"""Bodies of requests, read up to a limit, since FastAPI and uvicorn have none unless they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from ..errors import UploadTooLargeError

if TYPE_CHECKING:
    from starlette.requests import Request

# Far more than a request for a token, or a webhook with the metadata of a file.
_MAX_BYTES = 5_000_000


async def read_body(request: Request) -> bytes:
    """Return the body of a request exactly as it came.

    Raises:
        UploadTooLargeError: It is larger than 5 MB.
        HTTPException: It broke off; the status is 400.
    """
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MAX_BYTES:
                raise UploadTooLargeError(None, _MAX_BYTES)
    except ClientDisconnect as exc:  # what FastAPI does with forms; no fault of the application, so no traceback
        raise HTTPException(400) from exc
    return bytes(body)
