"""Error responses: the result of `answer_for`, as JSON or as a page."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse

from ...exceptions import EmptyFileError, ImageKitException
from ..errors import UploadRefusedError, answer_for
from .body_limits import BodyLimitMiddleware

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.applications import Starlette
    from starlette.requests import HTTPConnection
    from starlette.responses import Response

    from ..errors import Answer

logger: logging.Logger = logging.getLogger("imagekitio.fastapi")


def install_error_handlers(app: Starlette, make_page: Callable[[Request, Answer], Response] | None = None) -> None:
    """Respond to ImageKit errors with the status and the message from `imagekitio.contrib.errors.answer_for`.

    The response is ``{"detail": "…", "message": "…"}``, with the same text twice: clients of FastAPI read `detail`, and
    code for uploads from the browser reads `message`, as in ImageKit's own responses. Errors with a status of 500 or
    above, which the visitor cannot fix, are logged as errors with their traceback, the others as INFO, to the logger
    ``imagekitio.fastapi``. WebSockets have no responses, so errors in them are raised unchanged.

    Requests above the `max_body_size` of a route or a router, or of Starlette's `RequestBodyLimitMiddleware` if it was
    added before, get the same response as files that are too large. To those above the limit of the whole application,
    ``FastAPI(max_body_size=…)``, FastAPI itself responds with a 413 in plain text.

    ::

        def make_error_page(request: Request, answer: Answer) -> Response:
            return templates.TemplateResponse(request, "error.html", {"message": answer.message}, answer.status)

        install_error_handlers(app, make_error_page)

    Args:
        app: The application, a `FastAPI` or a `Starlette`. A mounted application needs its own call.
        make_page: Function that makes the page for requests that accept HTML, as browsers do when they open a page;
            other requests still get JSON. The headers of the answer are added to the page. None means JSON for all.
    Raises:
        TypeError: `make_page` is not callable.
    """
    if make_page is not None and not callable(make_page):
        raise TypeError(f"make_page must be a function (got {type(make_page).__name__})")
    handle = partial(_handle, make_page)
    for kind in (ImageKitException, EmptyFileError, UploadRefusedError):
        app.add_exception_handler(kind, handle)
    app.add_middleware(BodyLimitMiddleware, make_answer=handle)


async def _handle(
    make_page: Callable[[Request, Answer], Response] | None, connection: HTTPConnection, error: Exception
) -> Response:
    if not isinstance(connection, Request):
        raise error
    answer = _log_answer(connection, error)
    if make_page is None or not _accepts_html(connection):
        return refuse(answer.status, answer.message, answer.headers)
    page = make_page(connection, answer)
    page.headers.update(answer.headers)
    return page


def make_response(request: Request, error: Exception) -> Response:
    """Log an error and return the JSON response to it; re-raise it if it does not come from ImageKit."""
    answer = _log_answer(request, error)
    return refuse(answer.status, answer.message, answer.headers)


def _log_answer(request: Request, error: Exception) -> Answer:
    answer = answer_for(error)
    if answer is None:
        raise error
    # %r keeps a path with line breaks from starting a new line in the log.
    what = (answer.status, request.method, request.url.path, error)
    if answer.status >= 500:
        logger.error("Answered %d to %s %r: %s", *what, exc_info=error)
    else:
        logger.info("Answered %d to %s %r: %s", *what)
    return answer


def _accepts_html(request: Request) -> bool:
    # Scripts send */* by default.
    accepted = ",".join(request.headers.getlist("accept")).lower().split(",")
    return "text/html" in {part.partition(";")[0].strip() for part in accepted}


def refuse(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response that refuses a request."""
    return JSONResponse({"detail": message, "message": message}, status, {**(headers or {})})
