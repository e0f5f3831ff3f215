"""Verify and parse a webhook in one step."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from ..clock import read_now
from .errors import WebhookVerificationError
from .events import read_event
from .headers import read_headers
from .signatures import check_signature, make_keys, read_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .events import WebhookEvent
    from .headers import WebhookHeaders

    WebhookBody = bytes | bytearray | memoryview | str

VARIABLE = "IMAGEKIT_WEBHOOK_SECRET"
TOLERANCE = 300  # seconds
_MAX_TOLERANCE = 10**10  # seconds; more than any age
_WHERE_BYTES_ARE = "request.body in Django, request.get_data() in Flask, await request.body() in FastAPI and Starlette"


def verify_webhook(
    body: WebhookBody,
    headers: WebhookHeaders,
    *,
    secret: str | Iterable[str] | None = None,
    tolerance_seconds: float | timedelta | None = TOLERANCE,
    accept_decoded_secret: bool = False,
    now: float | None = None,
) -> WebhookEvent:
    """Verify that ImageKit sent a webhook recently, and return its event.

    Webhooks may arrive more than once, and in any order. `event.id` is the same each time, so store the IDs of the
    events that you have processed.

    Args:
        body: Body of the request exactly as received, as bytes: ``request.body`` in Django, ``request.get_data()`` in
            Flask, ``await request.body()`` in FastAPI and Starlette. A str is encoded as UTF-8.
        headers: Headers of the request: a mapping or pairs, with names in any case; Django's ``request.META``, a WSGI
            environment and the headers of an ASGI scope work too. One of the two signatures that the service sends must
            match.
        secret: Secret of the webhook, ``whsec_…``, or several secrets, any of which is accepted, as during a
            rotation; by default the environment variable ``IMAGEKIT_WEBHOOK_SECRET``.
        tolerance_seconds: Seconds, or a timedelta, by which the time of the signature may differ from `now` in either
            direction; None accepts webhooks of any age, including replayed ones.
        accept_decoded_secret: Whether the key may also be the base64-decoded text after ``whsec_``, as the Standard
            Webhooks specification requires. The service itself uses the whole text.
        now: Unix time in seconds; by default the current time.
    Returns:
        An object of the class for the `type` of the event, such as `FileCreatedEvent`, or an `UnknownEvent` if this
        release does not know the type.
    Raises:
        WebhookVerificationError: A header is missing or malformed, no signature matches, the webhook is too old, or the
            body is not a JSON object; `reason` says which. It is a ValueError.
        TypeError: `body` is a parsed object, or another argument has the wrong type.
        ValueError: There is no secret, or an argument is not valid.
    """
    content = _read_body(body)
    name, given = ("secret", secret) if secret not in (None, "") else (VARIABLE, os.environ.get(VARIABLE))
    if not given and name == VARIABLE:
        raise ValueError(
            "missing: the secret of the webhook; pass it as secret, or as webhook_secret to the client, or set "
            f"{VARIABLE}"
        )
    if not isinstance(cast("object", accept_decoded_secret), bool):
        raise TypeError(f"accept_decoded_secret must be True or False (got {accept_decoded_secret!r})")
    keys = make_keys(name, read_secrets(name, given), decode=accept_decoded_secret)
    tolerance = _read_tolerance(tolerance_seconds)
    try:
        check_signature(content, read_headers(headers), keys, now=read_now(now), tolerance=tolerance)
    except WebhookVerificationError as error:
        if isinstance(body, str) and error.reason == "wrong_signature":
            message = f"{error.message}. Here, body is a str: pass the bytes of the request ({_WHERE_BYTES_ARE})"
            raise WebhookVerificationError(message, error.reason) from None
        raise
    return parse_webhook(content)


def parse_webhook(body: WebhookBody) -> WebhookEvent:
    """Return the event of a webhook without verifying its sender: anybody can send such a request.

    Use it in tests, and for bodies that were verified earlier; otherwise use `verify_webhook`.

    Args:
        body: Body of the request, as bytes or as a str.
    Returns:
        The event, as `verify_webhook` returns it.
    Raises:
        WebhookVerificationError: The body is not a JSON object.
        TypeError: `body` is neither bytes nor a str.
    """
    content = _read_body(body)
    try:
        data: Any = json.loads(content)
    except (ValueError, RecursionError) as exc:
        raise WebhookVerificationError(f"the body is not JSON: {exc}", "invalid_body") from exc
    if not isinstance(data, dict):
        raise WebhookVerificationError(f"the body must be a JSON object (got {type(data).__name__})", "invalid_body")
    return read_event(data)


def _read_body(body: object) -> bytes:
    if isinstance(body, bytes):
        return body
    if isinstance(body, (bytearray, memoryview)):
        return bytes(body)
    if not isinstance(body, str):
        raise TypeError(
            f"body must be the bytes of the request (got {type(body).__name__}): encoding a parsed body again may "
            f"change its bytes. The bytes are {_WHERE_BYTES_ARE}"
        )
    try:
        return body.encode()
    except UnicodeEncodeError:
        raise ValueError("body contains half of a surrogate pair: pass the bytes of the request") from None


def _read_tolerance(given: object) -> float | None:
    if given is None:
        return None
    seconds = given.total_seconds() if isinstance(given, timedelta) else given
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise TypeError(f"tolerance_seconds must be a number, a timedelta or None (got {given!r})")
    if not 0 < seconds <= _MAX_TOLERANCE:
        raise ValueError(
            f"tolerance_seconds must be above 0 and at most {_MAX_TOLERANCE}, or None to accept any age (got {given!r})"
        )
    return float(seconds)
