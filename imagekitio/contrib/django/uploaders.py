"""The tags that mark files as uploaded by a visitor from the browser."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from ..browser_uploads import make_fallback_tags, make_uploader_tag

if TYPE_CHECKING:
    from django.http import HttpRequest

SESSION_KEY = "_imagekitio_uploader"


def get_uploader_tag(request: HttpRequest) -> str:
    """Return the tag of the visitor who sent `request`: the user who is logged in, or else the session.

    The session of an anonymous visitor gets a random id, because session keys change: at login, and with sessions in
    cookies at each change. The tag is made with ``SECRET_KEY``; see also `get_fallback_tags`.

    Raises:
        ImproperlyConfigured: Nobody is logged in and the request has no session, or the user has no primary key.
    """
    return make_uploader_tag(settings.SECRET_KEY, _identify(request))


def get_fallback_tags(request: HttpRequest) -> list[str]:
    """Return the visitor's tags under each of ``SECRET_KEY_FALLBACKS``, which uploads from before a key rotation have.

    ::

        rules.check_file(file, tag=get_uploader_tag(request), fallback_tags=get_fallback_tags(request))

    Raises:
        ImproperlyConfigured: ``SECRET_KEY_FALLBACKS`` is not a list of secrets; or see `get_uploader_tag`.
    """
    uploader = _identify(request)
    try:
        return make_fallback_tags(settings.SECRET_KEY_FALLBACKS, uploader)
    except (TypeError, ValueError) as exc:
        raise ImproperlyConfigured(f"SECRET_KEY_FALLBACKS is not valid: {exc}") from exc


def _identify(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        if user.pk is None:
            raise ImproperlyConfigured("Uploads need a saved user: this one has no primary key.")
        return f"user:{user.pk}"
    session = getattr(request, "session", None)
    if session is None:
        raise ImproperlyConfigured(
            "Uploads from the browser need sessions: add 'django.contrib.sessions.middleware.SessionMiddleware' to"
            " MIDDLEWARE, and 'django.contrib.auth.middleware.AuthenticationMiddleware' after it."
        )
    uploader = session.setdefault(SESSION_KEY, secrets.token_urlsafe(16))
    return f"session:{uploader}"
