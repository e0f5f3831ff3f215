"""Verifies and parses a webhook in one step."""

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
    """Check that ImageKit sent a webhook just now, and return its event.

    Webhooks may arrive twice, and in any order: `event.id` is the same each time, so store the ids that are done.

    Args:
        body: Body of the request exactly as it came, as bytes: ``request.body`` in Django, ``request.get_data()`` in
            Flask, ``await request.body()`` in FastAPI and Starlette. A str is encoded as UTF-8.
        headers: Headers of the request: any mapping, names in any case, or pairs; Django's ``request.META``, a WSGI
            environment and the headers of an ASGI scope too. One of the two signatures that the service sends must fit.
        secret: Secret of the webhook, ``whsec_…``, or several of which any may have signed, as while it is replaced; by
            default the environment variable ``IMAGEKIT_WEBHOOK_SECRET``.
        tolerance_seconds: Seconds, or a timedelta, by which the time of the signature may differ from `now` in either
            direction; None accepts webhooks of any age, which somebody may have recorded and sent again.
        accept_decoded_secret: Whether the key may also be the base64-decoded text after ``whsec_``, as the
            specification Standard Webhooks has it. The service itself uses the whole text.
        now: Unix time in seconds; by default the current time.
    Returns:
        An object of the class that belongs to the `type` of the event, such as `FileCreatedEvent`; of a type that this
        release does not know, an `UnknownEvent`.
    Raises:
        WebhookVerificationError: A header is missing or malformed, no signature fits, the webhook is too old, or the
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
    """Return the event of a webhook without checking who sent it: anybody can send such a request.

    Meant for tests, and for bodies that were verified before. Everywhere else use `verify_webhook`.

    Args:
        body: Body of the request, as bytes or as a str.
    Returns:
        What `verify_webhook` returns.
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
        raise WebhookVerificationError(f"the body is JSON, but {type(data).__name__} and no object", "invalid_body")
    return read_event(data)


def _read_body(body: object) -> bytes:
    if isinstance(body, bytes):
        return body
    if isinstance(body, (bytearray, memoryview)):
        return bytes(body)
    if not isinstance(body, str):
        raise TypeError(
            f"body must be the bytes of the request (got {type(body).__name__}): what was parsed has other bytes when "
            f"it is written again. The bytes are {_WHERE_BYTES_ARE}"
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
