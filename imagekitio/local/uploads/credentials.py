"""Who may upload: whoever has the private key, and browsers that were given a signature or a token.

In version 1 of the API a signature covers a one-time token and an expiry (api.md, chapter 21). In version 2 a JSON Web
Token binds every field (ImageKit docs, "Upload API V2"); PyJWT reads it, so that a mistake in the tokens that
`imagekitio.operations.upload_tokens` makes is seen.
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

MAX_LIFE_SECONDS = 3600  # of a token of version 2
INVALID = "Your request has invalid token."
_TIMES = {"iat", "exp"}


def authenticate_v1(authorization: str | None, fields: Mapping[str, str], store: Store) -> bool:
    """Check an upload by its header or by the fields of a browser; a valid signature uses up its token.

    The token stays used when the upload fails later (api.md, point 82).

    Returns:
        Whether somebody who has the private key chose the fields: a signature of this version does not cover them.
    Raises:
        ApiError: 400, 401 or 403.
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
    # From the documentation, not from imagekitio.urls: a shared mistake would go unnoticed.
    expected = hmac.new(pair.private_key.encode(), (token + expire).encode(), hashlib.sha1).hexdigest()
    if not is_same(expected, signature):
        raise ApiError(400, "Your request contains invalid signature parameter.")


def authenticate_v2(authorization: str | None, fields: Mapping[str, str], store: Store) -> bool:
    """Check an upload by its header or by its token; return True, for either binds every field to the private key.

    A token with a right signature that has not expired is used up, whatever fails later: a payload that does not match
    included, for its holder alone can send one.

    Raises:
        ApiError: 400, 401 or 403, in the order of the checks: method, key, signature, life, reuse, payload.
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
    claims = _verified(token, store.settings)
    with store.write() as transaction:
        use_up(transaction, token)
    sent = {name: text for name, text in fields.items() if name != "token"}
    if {name: _wire_text(value) for name, value in claims.items() if name not in _TIMES} != sent:
        message = "Your request contains invalid payload. It does not match with the payload used to generate token."
        raise ApiError(400, message)
    return True


def _verified(token: str, settings: Settings) -> dict[str, Any]:
    """The claims of a token that one of the account's keys signed and that has not expired."""
    import jwt

    # Only the signature is PyJWT's business: the clock of local ImageKit decides about the life, not the real one.
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
    """HMAC without a warning about short keys: an account's key is what it is, that of tests is short."""
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
    """Numbers and booleans as a form has them; they ought to be texts, but the docs do not insist."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else value


def _moment(claims: Mapping[str, Any], name: str) -> int:
    value = claims.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ApiError(400, INVALID)
    return value


def use_up(transaction: Transaction, token: str) -> None:
    """Note that `token` was used; 400 when it was before."""
    if transaction.connection.execute("SELECT 1 FROM used_tokens WHERE token = ?", (token,)).fetchone():
        raise ApiError(
            400,
            f"The token with value '{token}' has been used before. We suggest using V4 UUIDs, or another random "
            "string with enough entropy to avoid collisions.",
        )
    transaction.connection.execute("INSERT INTO used_tokens VALUES (?, ?)", (token, transaction.now))
