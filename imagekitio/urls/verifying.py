"""Checks signed URLs, as the service does when they are fetched.

Source: ImageKit docs, "Signed URLs". Older releases signed some characters raw which HTTP clients encode on the way;
their URLs are tried in every form that release can have signed.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Literal, NamedTuple

from .building import read_endpoint
from .quoting import encode
from .signing import Signer, string_to_sign

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Status = Literal["ok", "unsigned", "bad", "expired"]


class Verdict(NamedTuple):
    """What a check found: `reason` says it to people, `string_to_sign` is the text that a right signature signs."""

    status: Status
    reason: str
    string_to_sign: str
    expires_at: int | None = None


class SignatureError(ValueError):
    """A URL is not what the holder of the key signed, or no longer valid.

    Attributes:
        reason: ``unsigned``, ``bad``, ``expired`` or ``other endpoint``.
        string_to_sign: The text that a right signature would have signed; empty where the URL is not of the endpoint.
    """

    def __init__(self, message: str, reason: str = "bad", string_to_sign: str = "") -> None:
        super().__init__(message, reason, string_to_sign)
        self.message: str = message
        self.reason: str = reason
        self.string_to_sign: str = string_to_sign

    def __str__(self) -> str:
        return self.message


class SignedUrl(NamedTuple):
    """A URL whose signature was found right.

    Attributes:
        url: The URL without `ik-t` and `ik-s`: what was signed.
        expires_at: Unix time in seconds after which it is no longer valid; None when it never expires.
        string_to_sign: The text that the signature signs.
    """

    url: str
    expires_at: int | None
    string_to_sign: str


def verify_url(url: str, *, url_endpoint: str, private_keys: Sequence[str], now: float) -> SignedUrl:
    """Return what was signed, or raise with the reason.

    Args:
        url: The URL as it was fetched.
        url_endpoint: The endpoint under which it was signed.
        private_keys: The keys that may have signed it; several while keys are rotated.
        now: Unix time in seconds.

    Raises:
        SignatureError: The URL is not under the endpoint, not signed, signed otherwise, or expired.
    """
    url = url.partition("#")[0]
    endpoint, _ = read_endpoint(url_endpoint)
    if not url.startswith(endpoint):
        raise SignatureError(f"the URL is not under the endpoint {endpoint}", "other endpoint")
    rest = url[len(endpoint) :]
    verdict = check_target("/" + rest, endpoint_path="/", private_keys=private_keys, now=now)
    if verdict.status != "ok":
        raise SignatureError(verdict.reason, verdict.status, verdict.string_to_sign)
    path, query, *_ = _take_apart(rest)
    return SignedUrl(
        f"{endpoint}{path}?{query}" if query else endpoint + path, verdict.expires_at, verdict.string_to_sign
    )


def check_target(target: str, *, endpoint_path: str, private_keys: Sequence[str], now: float) -> Verdict:
    """Check the signature and the expiry of a request as it came over the wire.

    Args:
        target: Path and query of the request, still percent-encoded.
        endpoint_path: The path of the URL endpoint with a slash at both ends, such as ``/demo/``.
        private_keys: Every key that is valid now.
        now: Unix time in seconds. A URL is still valid in the very second of its expiry.

    Returns:
        The verdict; the time is looked at only when the signature is right, so that it tells strangers nothing.
    """
    if not target.startswith(endpoint_path):
        return Verdict("bad", f"the request is not under {endpoint_path}", "")
    path, query, signatures, expiries = _take_apart(target[len(endpoint_path) :])
    rest = f"{path}?{query}" if query else path
    if not signatures:
        return Verdict("unsigned", "the URL carries no signature (ik-s)", string_to_sign(rest))
    if len(signatures) > 1 or len(expiries) > 1:
        return Verdict("bad", "the URL carries ik-s or ik-t more than once", string_to_sign(rest))
    expires_at: int | None = None
    if expiries:
        if not (expiries[0].isascii() and expiries[0].isdigit() and len(expiries[0]) <= 12):
            return Verdict("bad", f"ik-t must be a Unix time in seconds (got {expiries[0]!r})", string_to_sign(rest))
        expires_at = int(expiries[0])
    expected_text = rest + expiries[0] if expiries else string_to_sign(rest)
    suffix = expected_text[len(rest) :]
    given = encode(signatures[0])
    matches = [
        hmac.compare_digest(Signer(key).sign(candidate + suffix).encode(), given)
        for key in private_keys
        for candidate in _forms_that_may_have_been_signed(path, query)
    ]
    if not any(matches):
        return Verdict("bad", "the signature does not fit the URL and the key", expected_text, expires_at)
    if expires_at is not None and now > expires_at:
        return Verdict(
            "expired",
            f"the URL expired {int(now - expires_at)} s ago (ik-t={expires_at})",
            expected_text,
            expires_at,
        )
    return Verdict("ok", "the signature is right", expected_text, expires_at)


def _take_apart(rest: str) -> tuple[str, str, list[str], list[str]]:
    path, _, query = rest.partition("?")
    kept, signatures, expiries = [], [], []
    for item in query.split("&") if query else ():
        name, _, value = item.partition("=")
        if name == "ik-s":
            signatures.append(value)
        elif name == "ik-t":
            expiries.append(value)
        else:
            kept.append(item)
    return path, "&".join(kept), signatures, expiries


def _forms_that_may_have_been_signed(path: str, query: str) -> Iterator[str]:
    paths, queries = (
        {path: None, _before_client_encoding(path): None},
        {query: None, _before_client_encoding(query): None},
    )
    for candidate_path in paths:
        for candidate_query in queries:
            yield f"{candidate_path}?{candidate_query}" if query else candidate_path
    # Release 4.x encoded a path that holds any non-ASCII character, but only to sign it.
    encoded = _quote_as_4x(_before_client_encoding(path))
    yield f"{encoded}?{query}" if query else encoded


# What HTTP clients encode of a URL that holds it raw: non-ASCII, the space, and these.
_ADDED_BY_CLIENTS = frozenset(range(0x80, 0x100)) | frozenset(b" \"<>\\^`{|}'")
_SAFE_IN_4X = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~@#$&()*!+=:;,?/'")


def _before_client_encoding(text: str) -> str:
    if "%" not in text:
        return text
    head, *tails = encode(text).split(b"%")
    decoded = [head]
    for tail in tails:
        try:
            byte = int(tail[:2], 16) if tail[:2].isalnum() and len(tail) > 1 else -1
        except ValueError:
            byte = -1
        decoded.append(bytes([byte]) + tail[2:] if byte in _ADDED_BY_CLIENTS else b"%" + tail)
    try:
        return b"".join(decoded).decode()
    except UnicodeDecodeError:
        return text


def _quote_as_4x(path: str) -> str:
    return "".join(chr(byte) if byte in _SAFE_IN_4X else f"%{byte:02X}" for byte in encode(path))
