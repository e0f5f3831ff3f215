"""Verify signed URLs, as the service does when they are requested.

Older releases signed some characters unencoded that HTTP clients encode in a request. Therefore a signature is compared
with that of each form of the URL that a release may have signed.

Source: ImageKit docs, "Signed URLs".
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Literal, NamedTuple

from .quoting import encode, unquote
from .signing import NEVER, Signer, is_expiry, split_signature

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .endpoint import Endpoint

Status = Literal["ok", "unsigned", "bad", "expired"]


class Verdict(NamedTuple):
    """The result of a check: `reason` explains it, and `string_to_sign` is the text that a valid signature signs."""

    status: Status
    reason: str
    string_to_sign: str
    expires_at: int | None = None


class SignatureError(ValueError):
    """A URL has no valid signature or has expired.

    Attributes:
        reason: ``unsigned``, ``bad``, ``expired`` or ``other endpoint``.
        string_to_sign: The text that a valid signature signs; empty for a URL that is not under the endpoint.
    """

    def __init__(self, message: str, reason: str = "bad", string_to_sign: str = "") -> None:
        super().__init__(message, reason, string_to_sign)
        self.message: str = message
        self.reason: str = reason
        self.string_to_sign: str = string_to_sign

    def __str__(self) -> str:
        return self.message


class SignedUrl(NamedTuple):
    """A URL whose signature is valid.

    Attributes:
        url: The URL that was signed, without `ik-t` and `ik-s`.
        expires_at: Unix time in seconds after which it is no longer valid; None if it never expires.
        string_to_sign: The text that the signature signs.
    """

    url: str
    expires_at: int | None
    string_to_sign: str


def verify_url(url: str, *, endpoint: Endpoint, private_keys: Sequence[str], now: float) -> SignedUrl:
    """Return what was signed, or raise SignatureError; see `UrlBuilder.verify_url`."""
    rest = endpoint.remove_prefix(url.partition("#")[0])
    if rest is None:
        raise SignatureError(f"the URL is not under the endpoint {endpoint.prefix}", "other endpoint")
    verdict = check_target("/" + rest, endpoint_path="/", private_keys=private_keys, now=now)
    if verdict.status != "ok":
        raise SignatureError(verdict.reason, verdict.status, verdict.string_to_sign)
    return SignedUrl(endpoint.prefix + split_target(rest)[0], verdict.expires_at, verdict.string_to_sign)


def check_target(target: str, *, endpoint_path: str, private_keys: Sequence[str], now: float) -> Verdict:
    """Check the signature of a request target and, if it is valid, the expiry.

    Args:
        target: Path and query of the request, percent-encoded as received.
        endpoint_path: Path of the URL endpoint with a slash at both ends, such as ``/demo/``.
        private_keys: All keys that are valid now.
        now: Unix time in seconds. A URL is still valid in the second in which it expires.
    """
    if not target.startswith(endpoint_path):
        return Verdict("bad", f"the request is not under {endpoint_path}", "")
    rest, signatures, expiries = split_target(target[len(endpoint_path) :])
    suffix, expires_at = str(NEVER), None
    if not signatures:
        return Verdict("unsigned", "the URL has no signature (ik-s)", rest + suffix)
    if len(signatures) > 1 or len(expiries) > 1:
        return Verdict("bad", "the URL has ik-s or ik-t more than once", rest + suffix)
    for expiry in expiries:
        if not is_expiry(expiry):
            return Verdict("bad", f"ik-t must be a Unix time in seconds (got {expiry!r})", rest + suffix)
        suffix, expires_at = expiry, int(expiry)
    signature = encode(signatures[0])
    matches = [
        hmac.compare_digest(Signer(key).sign(candidate + suffix).encode(), signature)
        for key in private_keys
        for candidate in list_signable_forms(rest)
    ]
    if not any(matches):
        return Verdict("bad", "the signature does not match the URL and the key", rest + suffix, expires_at)
    if expires_at is not None and now > expires_at:
        reason = f"the URL expired {int(now - expires_at)} s ago (ik-t={expires_at})"
        return Verdict("expired", reason, rest + suffix, expires_at)
    return Verdict("ok", "the signature is valid", rest + suffix, expires_at)


def split_target(target: str) -> tuple[str, list[str], list[str]]:
    """Return the target without signatures and expiries, and the values of both."""
    path, _, query = target.partition("?")
    query, signatures, expiries = split_signature(query)
    return f"{path}?{query}" if query else path, signatures, expiries


def list_signable_forms(rest: str) -> Iterator[str]:
    """Yield the texts that a release may have signed for the path and query of a request; the first is unchanged."""
    path, mark, query = rest.partition("?")
    raw_path = _undo_client_encoding(path)
    for candidate_path in dict.fromkeys((path, raw_path)):
        for candidate_query in dict.fromkeys((query, _undo_client_encoding(query))):
            yield candidate_path + mark + candidate_query
    # Release 4.x encoded a path that contains any non-ASCII character, but only to sign it.
    path_in_4x = "".join(chr(byte) if byte in _SAFE_IN_4X else f"%{byte:02X}" for byte in encode(raw_path))
    yield path_in_4x + mark + query


# The bytes that HTTP clients encode in a URL: those outside ASCII, the space, and a few others.
_ADDED_BY_CLIENTS = frozenset(range(0x80, 0x100)) | frozenset(b" \"<>\\^`{|}'")
_SAFE_IN_4X = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~@#$&()*!+=:;,?/'")


def _undo_client_encoding(text: str) -> str:
    try:
        return unquote(text, only=_ADDED_BY_CLIENTS).decode()
    except UnicodeDecodeError:
        return text
