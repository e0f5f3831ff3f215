"""Authentication with private keys, and the rights of keys (api.md, chapters 2 and 21)."""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import TYPE_CHECKING

from ..base.errors import ApiError

if TYPE_CHECKING:
    from ..base.settings import Access, KeyPair, Settings


NO_CREDENTIALS = "Your request does not contain private API key."
FOREIGN_KEY = (
    "Your account cannot be authenticated. Local ImageKit accepts only the keys it was started with, so that no "
    "production key ends up in a test."
)


def authenticate(authorization: str | None, settings: Settings, *, need: Access) -> None:
    """Check an ``Authorization`` header against the account's keys.

    Args:
        need: Access that the operation needs.
    Raises:
        ApiError: 401 without a valid header; 403 for a key that is not the account's or lacks the access.
    """
    user = _basic_user(authorization)
    pairs = [pair for pair in settings.keys if is_same(pair.private_key, user)]
    if not pairs:
        raise ApiError(403, FOREIGN_KEY)
    check_access(pairs[0], settings, need)


def check_access(pair: KeyPair, settings: Settings, need: Access) -> None:
    if pair.is_expired:
        raise ApiError(403, "Your request contains expired private API key.")
    if settings.is_disabled:
        raise ApiError(403, "Your account is disabled.")
    if not pair.allows(need):
        raise ApiError(403, "Your account cannot be authenticated.")


def _basic_user(authorization: str | None) -> str:
    """Return the user name; the password is ignored."""
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


def is_same(expected: str, given: str) -> bool:
    """Return whether two texts are equal, in constant time."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))
