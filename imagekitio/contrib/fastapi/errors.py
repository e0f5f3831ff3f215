"""Answers to errors: what `answer_for` says, as JSON."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse

from ...exceptions import EmptyFileError, ImageKitException
from ..errors import UploadRefusedError, answer_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.applications import Starlette
    from starlette.requests import HTTPConnection
    from starlette.responses import Response

logger: logging.Logger = logging.getLogger("imagekitio.fastapi")


def install_error_handlers(app: Starlette) -> None:
    """Answer errors of ImageKit with the status and the message that `imagekitio.contrib.errors.answer_for` gives.

    The answer is ``{"detail": "…", "message": "…"}``, twice the same text: `detail` is where clients of FastAPI look,
    `message` is where ImageKit's own answers have it, and so what code for uploads from browsers reads. Errors that the
    visitor cannot mend, with a status from 500, are logged as errors with their traceback, the others as INFO, to the
    logger ``imagekitio.fastapi``. In WebSockets, which have no answers, the errors stay as they are.

    Args:
        app: The application, a `FastAPI` or a `Starlette`. A mounted application needs a call of its own.
    """
    for kind in (ImageKitException, EmptyFileError, UploadRefusedError):
        app.add_exception_handler(kind, _handle)


async def _handle(connection: HTTPConnection, error: Exception) -> Response:
    if not isinstance(connection, Request):
        raise error
    return make_response(connection, error)


def make_response(request: Request, error: Exception) -> Response:
    """Log an error and return the answer to it; raise it again if it does not come from ImageKit."""
    answer = answer_for(error)
    if answer is None:
        raise error
    # With %r, a path that a visitor made up cannot begin a line of its own.
    what = (answer.status, request.method, request.url.path, error)
    if answer.status >= 500:
        logger.error("Answered %d to %s %r: %s", *what, exc_info=error)
    else:
        logger.info("Answered %d to %s %r: %s", *what)
    return refuse(answer.status, answer.message, answer.headers)


def refuse(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer with which a request is refused."""
    return JSONResponse({"detail": message, "message": message}, status, {**(headers or {})})
