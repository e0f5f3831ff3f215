"""Views: upload tokens for browsers, and webhooks.

Neither sends anything to the service. Under ASGI, Django runs them in a thread, and receivers may be coroutines (Django
5.0 and later).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.contrib.auth import decorators
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, RequestDataTooBig
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import View

from ...webhooks import WebhookVerificationError
from ..browser_uploads import UploadRules, read_json
from ..errors import UploadRefusedError, answer_for
from ..events import identify_event
from .configuration import get_client
from .signals import SIGNALS, webhook_received
from .uploaders import get_uploader_tag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.http import HttpRequest

    from ...client import ImageKit
    from ...webhooks import WebhookEvent

logger: logging.Logger = logging.getLogger("imagekitio.contrib.django")

# From Django 5.1 on, LoginRequiredMiddleware would redirect both views to the login page.
login_not_required: Callable[[Any], Any] = getattr(decorators, "login_not_required", lambda view: view)


@method_decorator([csrf_protect, login_not_required], name="dispatch")
class UploadTokenView(View):
    """View that gives a browser the token for one upload directly to the service.

    ::

        class PhotoTokenView(UploadTokenView):
            def get_upload_rules(self, request):
                return UploadRules(f"/users/{request.user.pk}", max_bytes=5_000_000, accept=["image/*"])

        urlpatterns = [path("photos/token/", PhotoTokenView.as_view())]

    The browser posts JSON, ``{"file_name": "a.jpg", "size": 1024, "type": "image/jpeg"}``, with Django's CSRF token in
    the header ``X-CSRFToken``. It gets ``url`` and ``fields`` for the upload, ``token`` and ``expire``; see
    `ImageKit.get_upload_token`. A refusal is ``{"message": "…"}``: 400 if the request or the type of the file is not
    accepted, 403 for visitors who are not logged in or may not upload, 413 if the file or the request is too large.

    Attributes:
        open_to_strangers: Whether visitors who are not logged in get tokens too. Anyone with a token can upload a file
            to the account.
    """

    http_method_names: Sequence[str] = ("post", "options")
    open_to_strangers: bool = False

    def get_upload_rules(self, request: HttpRequest) -> UploadRules:
        """Return what the visitor may upload, and into which folder; every subclass must override this.

        Raises:
            PermissionDenied: The visitor may not upload anything; the response is a 403.
            UploadRefusedError: The visitor may not upload now; the response is a 400 with its message.
        """
        raise ImproperlyConfigured(f"{type(self).__name__} needs a method get_upload_rules(request)")

    def get_client(self) -> ImageKit:
        """Return the client whose keys sign the token; by default that of the setting `IMAGEKIT`."""
        return get_client()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Respond with a token, or with the reason for a refusal."""
        if not (self.open_to_strangers or _is_logged_in(request)):
            return _answer({"message": "Please log in to upload files."}, 403)
        try:
            rules = self.get_upload_rules(request)
            if not isinstance(rules, UploadRules):
                raise ImproperlyConfigured(
                    f"{type(self).__name__}.get_upload_rules must return UploadRules (got {type(rules).__name__})"
                )
            token = rules.make_token(self.get_client(), read_json(request.body), tag=get_uploader_tag(request))
        except PermissionDenied:
            return _answer({"message": "You may not upload files here."}, 403)
        except RequestDataTooBig:
            return _answer({"message": "The request is too large."}, 413)
        except UploadRefusedError as error:
            answer = answer_for(error)
            return _answer({"message": answer.message}, answer.status)
        return _answer(token)


@method_decorator([csrf_exempt, login_not_required, transaction.non_atomic_requests], name="dispatch")
class WebhookView(View):
    """View that receives the webhooks of the service and sends a signal for each event; see `signals`.

    ::

        urlpatterns = [path("imagekit/webhook/", WebhookView.as_view())]

    The secret comes from ``IMAGEKIT["webhook_secret"]``, or from the environment variable ``IMAGEKIT_WEBHOOK_SECRET``.

    The service redelivers an event until it gets a 200, for up to 18 hours, and may deliver an event twice. Django's
    cache remembers the ids, so receivers do not see an event again once it is handled. If a receiver raises an error,
    the others are still called, the response is a 500, and all are called again at the next delivery: a receiver must
    be able to handle an event twice. What receivers write to the database is committed immediately, even with
    ``ATOMIC_REQUESTS``, so that no event counts as handled before its data is stored.

    Responses: 200 if the event is handled, or was before; 400 for a request that the service did not send; 503 while
    another process handles the same event.

    Attributes:
        secret: Secret of the webhook, or several; None for that of the settings.
        cache_alias: Alias of the cache for the ids. All processes must share it, which they do not with Django's
            default, a cache in memory.
        busy_seconds: Seconds after which an event counts as not handled if the process that was handling it was killed.
        remember_seconds: Seconds for which the ids of handled events are kept; longer than the service redelivers.
    """

    http_method_names: Sequence[str] = ("post", "options")
    secret: str | Sequence[str] | None = None
    cache_alias: str = "default"
    busy_seconds: int = 300
    remember_seconds: int = 3 * 24 * 3600

    def get_client(self) -> ImageKit:
        """Return the client that verifies webhooks; by default that of the setting `IMAGEKIT`."""
        return get_client()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Verify a webhook and send the signals of its event, unless they were sent before."""
        client = self.get_client()
        try:
            event = client.verify_webhook(request.body, request.META, secret=self.secret)
        except WebhookVerificationError as error:
            logger.warning("Webhook refused: %s", error)
            return HttpResponse("This is not an ImageKit webhook.", status=400, content_type="text/plain")
        except ValueError as error:
            raise ImproperlyConfigured(f'WebhookView needs IMAGEKIT["webhook_secret"]: {error}') from error
        cache, key = caches[self.cache_alias], f"imagekitio.webhook.{identify_event(event.id, request.body)}"
        if not cache.add(key, _BUSY, self.busy_seconds):
            if cache.get(key) == _DONE:
                return HttpResponse()
            return HttpResponse(status=503, headers={"Retry-After": "5"})
        try:
            self.send_signals(event)
        except BaseException:  # so that the service can deliver it again
            cache.delete(key)
            raise
        cache.set(key, _DONE, self.remember_seconds)
        return HttpResponse()

    def send_signals(self, event: WebhookEvent) -> None:
        """Send `webhook_received`, and the signal for the type of `event` if there is one.

        Raises:
            Exception: The error of the first receiver that failed, after all have been called.
        """
        signals = [webhook_received]
        if (type_ := str(event.type)) in SIGNALS:
            signals.append(SIGNALS[type_])
        responses = [pair for signal in signals for pair in signal.send_robust(sender=type(self), event=event)]
        for _, response in responses:
            if isinstance(response, Exception):
                raise response


_BUSY, _DONE = "busy", "done"


def _is_logged_in(request: HttpRequest) -> bool:
    if not hasattr(request, "user"):
        raise ImproperlyConfigured(
            "UploadTokenView needs 'django.contrib.auth.middleware.AuthenticationMiddleware' in MIDDLEWARE, or"
            " open_to_strangers = True if visitors who are not logged in may upload"
        )
    return request.user.is_authenticated


def _answer(data: Mapping[str, Any], status: int = 200) -> HttpResponse:
    # A token works once, so nothing between here and the browser may cache it.
    return JsonResponse(data, status=status, headers={"Cache-Control": "no-store"})
