"""Responses to ImageKit errors that no view handles."""

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
    """Give ImageKit errors their own status instead of 500; see `contrib.errors.answer_for`.

    If the application has a handler for this status or for `HTTPException`, that makes the page. Otherwise the response
    is ``{"message": "…"}``, or Werkzeug's page if the client prefers HTML. Visitors never see error texts of the
    service; the error itself is written to the log of the application. Requests larger than ``MAX_CONTENT_LENGTH`` are
    handled in the same way, unless the application has a handler for 413.
    """
    for kind in (ImageKitException, EmptyFileError, UploadRefusedError):
        app.register_error_handler(kind, _answer_error)
    if RequestEntityTooLarge not in app.error_handler_spec[None][RequestEntityTooLarge.code]:
        app.register_error_handler(RequestEntityTooLarge, _answer_large_request)


def _answer_error(error: Exception) -> Response:
    answer = answer_for(error)
    assert answer is not None
    level = logging.ERROR if answer.status >= 500 else logging.INFO
    # %r keeps a path with line breaks from starting a new line in the log.
    current_app.logger.log(level, "Answered %s to %s %r", answer.status, request.method, request.path, exc_info=error)
    page = default_exceptions.get(answer.status, HTTPException)(answer.message)
    page.code = answer.status  # Werkzeug has no class for some statuses of an UploadRefusedError
    response = _find_page(page)
    response.headers.update(answer.headers)
    return response


def make_json(message: str, status: int) -> Response:
    """Return a JSON response for scripts."""
    response = jsonify(message=message)
    response.status_code = status
    return response


def _answer_large_request(error: RequestEntityTooLarge) -> Response:
    limit, size = request.max_content_length, request.content_length
    # Werkzeug also raises it for other reasons, such as a form with too many fields. Custom descriptions are kept.
    is_plain = error.description == RequestEntityTooLarge.description
    is_too_large = "Transfer-Encoding" in request.headers if size is None else size > (limit or 0)
    if is_plain and limit is not None and is_too_large:
        error = RequestEntityTooLarge(str(UploadTooLargeError(size, limit)))
    # The base class, because this function handles the class itself.
    page = HTTPException(error.description, error.response)
    page.code = error.code
    return _find_page(page)


def _find_page(page: HTTPException) -> Response:
    own_page = current_app.handle_http_exception(page)
    return _make_page(page) if own_page is page else current_app.make_response(own_page)


def _make_page(error: HTTPException) -> Response:
    # For */*, which scripts send by default, the first type wins.
    if request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html":
        return current_app.make_response(error)
    return make_json(error.description or error.name, error.code or 500)
