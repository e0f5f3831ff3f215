"""Who uploads: the tag that marks what a visitor uploads from the browser."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from ..browser_uploads import make_uploader_tag

if TYPE_CHECKING:
    from django.http import HttpRequest

SESSION_KEY = "_imagekitio_uploader"


def get_uploader_tag(request: HttpRequest) -> str:
    """Return the tag of the visitor who sent `request`: the user who is logged in, or else the session.

    The session of an anonymous visitor gets a random id, because the key of a session changes: at login, and with
    sessions in cookies at each change.

    Raises:
        ImproperlyConfigured: Nobody is logged in and the request has no session, or the user has no primary key.
    """
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        if user.pk is None:
            raise ImproperlyConfigured("Uploads need a user who is saved: this one has no primary key.")
        return make_uploader_tag(settings.SECRET_KEY, f"user:{user.pk}")
    session = getattr(request, "session", None)
    if session is None:
        raise ImproperlyConfigured(
            "Uploads from the browser need sessions: add 'django.contrib.sessions.middleware.SessionMiddleware' to"
            " MIDDLEWARE, and 'django.contrib.auth.middleware.AuthenticationMiddleware' after it."
        )
    uploader = session.setdefault(SESSION_KEY, secrets.token_urlsafe(16))
    return make_uploader_tag(settings.SECRET_KEY, f"session:{uploader}")
