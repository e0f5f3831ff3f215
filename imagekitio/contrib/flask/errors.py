"""Errors of ImageKit that no view handles, as answers for visitors."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, default_exceptions

from ...exceptions import EmptyFileError, ImageKitException
from ..errors import UploadRefusedError, UploadTooLargeError, answer_for

if TYPE_CHECKING:
    from flask import Flask


def register_error_handlers(app: Flask) -> None:
    """Make an application answer errors of ImageKit with their status instead of 500; see `contrib.errors.answer_for`.

    The page is that of the application if it has a handler for this status or for `HTTPException`; or else that of
    Werkzeug, or ``{"message": "…"}`` unless the client prefers HTML. Visitors see no text of the service; the error
    itself goes to the log of the application. Requests larger than ``MAX_CONTENT_LENGTH`` are answered in the same way,
    except where the application has a handler for 413.
    """
    for kind in (ImageKitException, EmptyFileError, UploadRefusedError):
        app.register_error_handler(kind, _answer_error)
    if RequestEntityTooLarge not in app.error_handler_spec[None][RequestEntityTooLarge.code]:
        app.register_error_handler(RequestEntityTooLarge, _answer_large_request)


def _answer_error(error: Exception) -> Response:
    answer = answer_for(error)
    assert answer is not None
    level = logging.ERROR if answer.status >= 500 else logging.INFO
    # With %r, a path that a visitor made up cannot begin a line of its own.
    current_app.logger.log(level, "Answered %s to %s %r", answer.status, request.method, request.path, exc_info=error)
    page = default_exceptions.get(answer.status, HTTPException)(answer.message)
    page.code = answer.status  # Werkzeug has no class for some that an UploadRefusedError may have
    response = _find_page(page)
    response.headers.update(answer.headers)
    return response


def make_json(message: str, status: int) -> Response:
    """Return an answer as scripts read it."""
    response = jsonify(message=message)
    response.status_code = status
    return response


def _answer_large_request(error: RequestEntityTooLarge) -> Response:
    limit, size = request.max_content_length, request.content_length
    # Werkzeug also raises it for a form with too many fields, for example; a text of somebody else stays.
    is_plain = error.description == RequestEntityTooLarge.description
    is_too_large = "Transfer-Encoding" in request.headers if size is None else size > (limit or 0)
    if is_plain and limit is not None and is_too_large:
        error = RequestEntityTooLarge(str(UploadTooLargeError(size, limit)))
    # Of the general class, since for its own the handler is this function.
    page = HTTPException(error.description, error.response)
    page.code = error.code
    return _find_page(page)


def _find_page(page: HTTPException) -> Response:
    own_page = current_app.handle_http_exception(page)
    return _make_page(page) if own_page is page else current_app.make_response(own_page)


def _make_page(error: HTTPException) -> Response:
    # With */*, which scripts send unless told otherwise, it is the first.
    if request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html":
        return current_app.make_response(error)
    return make_json(error.description or error.name, error.code or 500)
