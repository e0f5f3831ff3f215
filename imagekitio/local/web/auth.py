"""Who may do what: Basic authentication and signed uploads from browsers (api.md, chapters 2 and 21)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from typing import TYPE_CHECKING

from ..base.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..base.settings import Access, KeyPair, Settings
    from ..storage.rows import Work

MAX_EXPIRE_SECONDS = 3600  # an upload signature expires less than this far ahead
SIGNATURE_FIELDS = ("token", "expire", "signature")

NO_CREDENTIALS = "Your request does not contain private API key."
FOREIGN_KEY = (
    "Your account cannot be authenticated. Local ImageKit takes only the keys it was started with, so that no "
    "production key ends up in a test."
)


def authenticate(authorization: str | None, settings: Settings, *, need: Access) -> None:
    """Check an ``Authorization`` header against the account's keys.

    Args:
        need: What the operation takes: a key for reading, for reading and writing, or an unrestricted one.
    Raises:
        ApiError: 401 without a readable header, 403 for a key that is not the account's or may not do this.
    """
    user = _basic_user(authorization)
    pairs = [pair for pair in settings.keys if _same(pair.private_key, user)]
    if not pairs:
        raise ApiError(403, FOREIGN_KEY)
    check_access(pairs[0], settings, need)


def authenticate_upload(authorization: str | None, fields: Mapping[str, str], settings: Settings, work: Work) -> None:
    """Check an upload by its header or by the fields of a browser; a valid signature uses up its token.

    `work` is a transaction of its own: a token stays used when the upload fails later (api.md, point 82).
    """
    signed = [name for name in SIGNATURE_FIELDS if fields.get(name)]
    if authorization is not None:
        authenticate(authorization, settings, need="read-write")
        if signed:
            raise ApiError(
                400,
                "Your request contains both signature and basic auth parameter. Use only one method, you might be "
                "exposing your private API key.",
            )
        return
    if not signed and not fields.get("publicKey"):
        raise ApiError(401, NO_CREDENTIALS)
    for name in ("publicKey", *SIGNATURE_FIELDS):
        if not fields.get(name):
            raise ApiError(400, f"Your request is missing {name} parameter.")
    pair = next((pair for pair in settings.keys if _same(pair.public_key, fields["publicKey"])), None)
    if pair is None:
        raise ApiError(403, FOREIGN_KEY)
    check_access(pair, settings, "read-write")
    _check_signature(pair, fields["token"], fields["expire"], fields["signature"], work)


def check_access(pair: KeyPair, settings: Settings, need: Access) -> None:
    if pair.is_expired:
        raise ApiError(403, "Your request contains expired private API key.")
    if settings.is_disabled:
        raise ApiError(403, "Your account is disabled.")
    if not pair.allows(need):
        raise ApiError(403, "Your account cannot be authenticated.")


def _check_signature(pair: KeyPair, token: str, expire: str, signature: str, work: Work) -> None:
    if not re.match(r"[0-9]{1,18}\Z", expire) or not work.now < int(expire) < work.now + MAX_EXPIRE_SECONDS:
        raise ApiError(
            400,
            "Your request contains invalid expire parameter. Expire parameter should be a Unix time in less than 1 "
            "hour into the future.",
        )
    # From the documentation, not from imagekitio.urls: a shared mistake would go unnoticed.
    expected = hmac.new(pair.private_key.encode(), (token + expire).encode(), hashlib.sha1).hexdigest()
    if not _same(expected, signature):
        raise ApiError(400, "Your request contains invalid signature parameter.")
    use_up(work, token)


def use_up(work: Work, token: str) -> None:
    """Note that `token` was used; 400 when it was before."""
    if work.connection.execute("SELECT 1 FROM used_tokens WHERE token = ?", (token,)).fetchone():
        raise ApiError(
            400,
            f"The token with value '{token}' has been used before. We suggest using V4 UUIDs, or another random "
            "string with enough entropy to avoid collisions.",
        )
    work.connection.execute("INSERT INTO used_tokens VALUES (?, ?)", (token, work.now))


def _basic_user(authorization: str | None) -> str:
    """The user name; the password is ignored."""
    scheme, _, credentials = (authorization or "").partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError(scheme)
        user, colon, _ = base64.b64decode(credentials.strip(), validate=True).decode().partition(":")
    except (ValueError, binascii.Error):
        raise ApiError(401, NO_CREDENTIALS) from None
    if not user or not colon:
        raise ApiError(401, NO_CREDENTIALS)
    return user


def _same(expected: str, given: str) -> bool:
    """Equal, compared in constant time."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))
