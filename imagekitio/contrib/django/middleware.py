"""Responses to ImageKit errors that no view handles."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.utils.deprecation import MiddlewareMixin

from ...exceptions import NotFoundException
from ..errors import UploadTooLargeError, answer_for

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ..errors import Answer

logger: logging.Logger = logging.getLogger("imagekitio.contrib.django")

TEMPLATE = "imagekitio/error.html"


class ImageKitErrorMiddleware(MiddlewareMixin):
    """Middleware that gives ImageKit errors their own status instead of a 500: 413, 404, 502, …; see `answer_for`.

    ::

        MIDDLEWARE = [..., "imagekitio.contrib.django.middleware.ImageKitErrorMiddleware"]

    The page is the template ``imagekitio/error.html``, which a project can override; its context has `status` and
    `message`. A client that asks for JSON, or sends it, gets ``{"message": "…"}``. Visitors never see error texts of
    the service. A file that a storage cannot find is a 404. A request above ``DATA_UPLOAD_MAX_MEMORY_SIZE`` is a 413 if
    the view reads it; if Django reads it first, to check the CSRF token of a form, it is a 400. All other errors,
    including mistakes in the application, are left to Django. Works with sync and async views.

    The error is logged with its traceback to the logger ``imagekitio.contrib.django``, even with ``DEBUG``: at level
    ERROR for a 5xx, otherwise WARNING. It has the same extra context as Django's ``django.request``, so Django's
    handlers such as `AdminEmailHandler` work. Django itself logs the response to ``django.request``, as it does for
    every 4xx and 5xx.
    """

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the response to an error that a view raised; None leaves it to Django."""
        answer = _find_answer(exception)
        if answer is None:
            return None
        response = _make_json(answer) if _wants_json(request) else _make_page(request, answer)
        for name, value in answer.headers.items():
            response[name] = value
        logger.log(
            logging.ERROR if answer.status >= 500 else logging.WARNING,
            "%s: %a",  # a path may contain line breaks
            response.reason_phrase,
            request.path,
            exc_info=exception,
            extra={"status_code": answer.status, "request": request},
        )
        return response


def _find_answer(exception: Exception) -> Answer | None:
    if isinstance(exception, RequestDataTooBig):
        return answer_for(UploadTooLargeError(None, settings.DATA_UPLOAD_MAX_MEMORY_SIZE))
    cause = exception.__cause__
    if isinstance(exception, FileNotFoundError) and isinstance(cause, NotFoundException):  # raised by a storage
        return answer_for(cause)
    return answer_for(exception)


def _wants_json(request: HttpRequest) -> bool:
    accepted = {part.partition(";")[0].strip() for part in request.headers.get("Accept", "").lower().split(",")}
    return "text/html" not in accepted and "application/json" in {*accepted, request.content_type}


def _make_json(answer: Answer) -> HttpResponse:
    return JsonResponse({"message": answer.message}, status=answer.status)


def _make_page(request: HttpRequest, answer: Answer) -> HttpResponse:
    context = {"status": answer.status, "message": answer.message}
    try:
        return render(request, TEMPLATE, context, status=answer.status)
    except TemplateDoesNotExist:  # no template engine searches the applications
        return HttpResponse(answer.message, status=answer.status, content_type="text/plain; charset=utf-8")
