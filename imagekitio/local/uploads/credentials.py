"""Authentication of uploads, with the private key or, in browsers, with a signature or token.

In version 1 of the API, a signature covers a one-time token and an expiry (api.md, chapter 21). In version 2, a JSON
Web Token covers all fields (ImageKit docs, "Upload API V2"). PyJWT reads it, so that mistakes in the tokens made by
`imagekitio.operations.upload_tokens` are found.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING, Any

from ..base.errors import ApiError
from ..base.json_values import as_object, read_json
from ..web.auth import FOREIGN_KEY, NO_CREDENTIALS, authenticate, check_access, is_same

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jwt.algorithms import HMACAlgorithm

    from ..base.settings import KeyPair, Settings
    from ..library.store import Store
    from ..library.tables.transactions import Transaction

MAX_EXPIRE_SECONDS = 3600  # a signature of version 1 expires less than this far ahead
SIGNATURE_FIELDS = ("token", "expire", "signature")

MAX_LIFE_SECONDS = 3600  # the lifetime of a token of version 2
INVALID = "Your request has invalid token."
_TIMES = {"iat", "exp"}


def authenticate_v1(authorization: str | None, fields: Mapping[str, str], store: Store) -> bool:
    """Check an upload by its header or by the fields of a browser; a valid signature uses up its token.

    The token stays used even if the upload fails later (api.md, point 82).

    Returns:
        Whether the private key authorises the fields, which a signature of this version does not cover.
    Raises:
        ApiError: 400, 401 or 403 if it is refused.
    """
    signed = [name for name in SIGNATURE_FIELDS if fields.get(name)]
    if authorization is not None:
        authenticate(authorization, store.settings, need="read-write")
        if signed:
            raise ApiError(
                400,
                "Your request contains both signature and basic auth parameter. Use only one method, you might be "
                "exposing your private API key.",
            )
        return True
    if not signed and not fields.get("publicKey"):
        raise ApiError(401, NO_CREDENTIALS)
    for name in ("publicKey", *SIGNATURE_FIELDS):
        if not fields.get(name):
            raise ApiError(400, f"Your request is missing {name} parameter.")
    pair = next((pair for pair in store.settings.keys if is_same(pair.public_key, fields["publicKey"])), None)
    if pair is None:
        raise ApiError(403, FOREIGN_KEY)
    check_access(pair, store.settings, "read-write")
    _check_signature(pair, fields["token"], fields["expire"], fields["signature"], now=store.settings.clock.time())
    with store.write() as transaction:
        use_up(transaction, fields["token"])
    return False


def _check_signature(pair: KeyPair, token: str, expire: str, signature: str, *, now: float) -> None:
    if not re.match(r"[0-9]{1,18}\Z", expire) or not now < int(expire) < now + MAX_EXPIRE_SECONDS:
        raise ApiError(
            400,
            "Your request contains invalid expire parameter. Expire parameter should be a Unix time in less than 1 "
            "hour into the future.",
        )
    # Computed as in the documentation, not with imagekitio.urls, so that a mistake there does not go unnoticed.
    expected = hmac.new(pair.private_key.encode(), (token + expire).encode(), hashlib.sha1).hexdigest()
    if not is_same(expected, signature):
        raise ApiError(400, "Your request contains invalid signature parameter.")


def authenticate_v2(authorization: str | None, fields: Mapping[str, str], store: Store) -> bool:
    """Check an upload by its header or by its token; return True, as both authorise all fields with the private key.

    A token with a valid signature that has not expired is used up, even if the upload fails later or the payload does
    not match, as only its owner can send it.

    Raises:
        ApiError: 400, 401 or 403, in the order of the checks: method, key, signature, lifetime, reuse, payload.
    """
    token = fields.get("token")
    if authorization is not None:
        authenticate(authorization, store.settings, need="read-write")
        if token:
            raise ApiError(
                400,
                "Your request contains both token and basic auth parameter. Use only one method, you might be exposing "
                "your private API key.",
            )
        return True
    if not token:
        raise ApiError(400, "Your request is missing token parameter.")
    claims = _verify(token, store.settings)
    with store.write() as transaction:
        use_up(transaction, token)
    sent = {name: text for name, text in fields.items() if name != "token"}
    if {name: _wire_text(value) for name, value in claims.items() if name not in _TIMES} != sent:
        message = "Your request contains invalid payload. It does not match with the payload used to generate token."
        raise ApiError(400, message)
    return True


def _verify(token: str, settings: Settings) -> dict[str, Any]:
    """Return the claims of a token that was signed with a key of the account and has not expired."""
    import jwt

    # PyJWT checks only the signature, because the lifetime depends on the clock of local ImageKit, not on real time.
    signatures = jwt.PyJWS(algorithms=[])
    signatures.register_algorithm("HS256", _hs256())
    try:
        pair = _pair(signatures.get_unverified_header(token).get("kid"), settings)
        claims = as_object(read_json(signatures.decode(token, pair.private_key, algorithms=["HS256"])))
    except (jwt.InvalidTokenError, ValueError):
        claims = None
    if claims is None:
        raise ApiError(400, INVALID)
    issued_at, expires_at = _moment(claims, "iat"), _moment(claims, "exp")
    if expires_at - issued_at > MAX_LIFE_SECONDS:
        raise ApiError(400, INVALID)
    if expires_at <= settings.clock.time():
        raise ApiError(400, "Your request contains expired token.")
    return claims


def _hs256() -> HMACAlgorithm:
    """Return HMAC without a warning about short keys, as keys of tests are short."""
    from jwt.algorithms import HMACAlgorithm

    class AnyLength(HMACAlgorithm):
        def check_key_length(self, key: bytes) -> str | None:
            return None

    return AnyLength(HMACAlgorithm.SHA256)


def _pair(public_key: object, settings: Settings) -> KeyPair:
    if not isinstance(public_key, str):
        raise ApiError(400, INVALID)
    pair = next((pair for pair in settings.keys if pair.public_key == public_key), None)
    if pair is None:
        raise ApiError(403, FOREIGN_KEY)
    check_access(pair, settings, "read-write")
    return pair


def _wire_text(value: object) -> object:
    """Return numbers and booleans in the form of a form field; they should be texts, but the docs do not require it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else value


def _moment(claims: Mapping[str, Any], name: str) -> int:
    value = claims.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ApiError(400, INVALID)
    return value


def use_up(transaction: Transaction, token: str) -> None:
    """Mark `token` as used; raise a 400 if it was used before."""
    if transaction.connection.execute("SELECT 1 FROM used_tokens WHERE token = ?", (token,)).fetchone():
        raise ApiError(
            400,
            f"The token with value '{token}' has been used before. We suggest using V4 UUIDs, or another random "
            "string with enough entropy to avoid collisions.",
        )
    transaction.connection.execute("INSERT INTO used_tokens VALUES (?, ?)", (token, transaction.now))
