"""Answers to errors: what `answer_for` says, as JSON or as a page."""

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
    """Answer errors of ImageKit with the status and the message that `imagekitio.contrib.errors.answer_for` gives.

    The answer is ``{"detail": "…", "message": "…"}``, twice the same text: `detail` is where clients of FastAPI look,
    `message` is where ImageKit's own answers have it, and so what code for uploads from browsers reads. Errors that the
    visitor cannot mend, with a status from 500, are logged as errors with their traceback, the others as INFO, to the
    logger ``imagekitio.fastapi``. In WebSockets, which have no answers, the errors stay as they are.

    Requests above the `max_body_size` of a route or a router, or of Starlette's `RequestBodyLimitMiddleware` if it was
    added before, are answered as files that are too large. FastAPI answers those above the limit of the whole
    application, ``FastAPI(max_body_size=…)``, itself, with 413 in plain text.

    ::

        def make_error_page(request: Request, answer: Answer) -> Response:
            return templates.TemplateResponse(request, "error.html", {"message": answer.message}, answer.status)

        install_error_handlers(app, make_error_page)

    Args:
        app: The application, a `FastAPI` or a `Starlette`. A mounted application needs a call of its own.
        make_page: Makes the page for requests that accept HTML, as those of browsers do when they open a page; the
            others get JSON nevertheless. The headers of the answer are added to it. None means JSON for all.
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
    """Log an error and return the answer to it as JSON; raise it again if it does not come from ImageKit."""
    answer = _log_answer(request, error)
    return refuse(answer.status, answer.message, answer.headers)


def _log_answer(request: Request, error: Exception) -> Answer:
    answer = answer_for(error)
    if answer is None:
        raise error
    # With %r, a path that a visitor made up cannot begin a line of its own.
    what = (answer.status, request.method, request.url.path, error)
    if answer.status >= 500:
        logger.error("Answered %d to %s %r: %s", *what, exc_info=error)
    else:
        logger.info("Answered %d to %s %r: %s", *what)
    return answer


def _accepts_html(request: Request) -> bool:
    # Scripts send */* unless told otherwise.
    accepted = ",".join(request.headers.getlist("accept")).lower().split(",")
    return "text/html" in {part.partition(";")[0].strip() for part in accepted}


def refuse(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer with which a request is refused."""
    return JSONResponse({"detail": message, "message": message}, status, {**(headers or {})})
