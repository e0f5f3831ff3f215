"""Errors of ImageKit that no view handles, as answers for visitors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.utils.deprecation import MiddlewareMixin
from django.utils.log import log_response

from ...exceptions import NotFoundException
from ..errors import UploadTooLargeError, answer_for

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ..errors import Answer

TEMPLATE = "imagekitio/error.html"


class ImageKitErrorMiddleware(MiddlewareMixin):
    """Answer an error of ImageKit with its status instead of a 500: 413, 404, 502, …; see `answer_for`.

    ::

        MIDDLEWARE = [..., "imagekitio.contrib.django.middleware.ImageKitErrorMiddleware"]

    The page is the template ``imagekitio/error.html``, which a project can replace; it gets `status` and `message`. A
    client that asks for JSON, or sends it, gets ``{"message": "…"}``. Visitors see no text of the service; the error
    itself goes to the logger ``django.request``, also with ``DEBUG``. A file that a storage does not find is a 404, and
    a request above ``DATA_UPLOAD_MAX_MEMORY_SIZE`` a 413, if the view is what reads it: where Django checks the CSRF
    token of a form before, its answer is a 400. All other errors are left to Django, mistakes of the application among
    them. Works for sync and async views.
    """

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the answer to an error that a view raised; None leaves it to Django."""
        answer = _find_answer(exception)
        if answer is None:
            return None
        response = _make_json(answer) if _wants_json(request) else _make_page(request, answer)
        for name, value in answer.headers.items():
            response[name] = value
        # Django's own function, so that Django does not log the answer a second time.
        log_response(
            "%s: %s", response.reason_phrase, request.path, response=response, request=request, exception=exception
        )
        return response


def _find_answer(exception: Exception) -> Answer | None:
    if isinstance(exception, RequestDataTooBig):
        return answer_for(UploadTooLargeError(None, settings.DATA_UPLOAD_MAX_MEMORY_SIZE))
    cause = exception.__cause__
    if isinstance(exception, FileNotFoundError) and isinstance(cause, NotFoundException):  # of a storage
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
    except TemplateDoesNotExist:  # no engine that looks into applications
        return HttpResponse(answer.message, status=answer.status, content_type="text/plain; charset=utf-8")
