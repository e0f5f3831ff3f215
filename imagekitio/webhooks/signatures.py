"""Check the two signatures of a webhook; both are HMAC-SHA256.

- ``webhook-signature``, from the Standard Webhooks specification, signs ``webhook-id``, ``webhook-timestamp`` (seconds)
  and the body. The key is the text of the whole secret; the specification itself decodes the part after ``whsec_``.
- ``x-ik-signature``, the older one, signs its own time (milliseconds) and the body with the same key.

The service sends both, and one that matches is enough, even if the other does not: each alone proves that somebody who
knows the secret sent this body at that time. Requiring both would stop no attacker, who can remove a header as easily
as change it. The age is that of the matching signature.

Source: ImageKit docs, "Webhooks", "Verify webhook signature".
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, cast

from ..urls.signing import read_key
from .errors import Reason, WebhookVerificationError
from .headers import ID, IK_SIGNATURE, SIGNATURE, STANDARD_HEADERS, TIMESTAMP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .headers import FoundHeaders

_PREFIX = "whsec_"
_MAX_DIGITS = 15  # of a timestamp; enough for milliseconds
# From the least to the most informative.
_RANKS: tuple[Reason, ...] = ("missing_header", "invalid_header", "wrong_signature", "too_old", "too_new")


class Keys(NamedTuple):
    """The keys that are accepted: the secrets as text and, for the standard scheme, also decoded."""

    texts: Sequence[bytes]
    decoded: Sequence[bytes]


def read_secrets(name: str, secrets: object) -> tuple[str, ...]:
    """Return one or several secrets without the blanks and quotes that copying may have added around them.

    Args:
        name: Name of the argument, for messages.
        secrets: A str, or a list of several.
    Raises:
        TypeError: `secrets` is neither.
        ValueError: `secrets` is empty, or a secret is empty or a key of the account. The message does not show it.
    """
    if isinstance(secrets, (bytes, bytearray)) or not isinstance(secrets, Iterable):
        raise TypeError(f"{name} must be a str, or a list of str (got {type(secrets).__name__})")
    given = [secrets] if isinstance(secrets, str) else list(cast("Iterable[object]", secrets))
    found = tuple(read_key(name, secret) for secret in given)
    if not found or not all(secret.removeprefix(_PREFIX) for secret in found):
        raise ValueError(f"{name} must not be empty: pass the secret of the webhook, which begins with {_PREFIX}")
    return found


def make_keys(name: str, secrets: Sequence[str], *, decode: bool) -> Keys:
    """Return the keys of secrets.

    Args:
        name: Name of the argument, for messages.
        secrets: Secrets as `read_secrets` returns them.
        decode: Whether the standard scheme also accepts the base64-decoded bytes after ``whsec_``.
    Raises:
        ValueError: A secret cannot be encoded in UTF-8, or `decode` is set and it is not base64.
    """
    texts: list[bytes] = []
    decoded: list[bytes] = []
    for secret in secrets:
        try:
            texts.append(secret.encode())
            if decode:
                decoded.append(base64.b64decode(secret.removeprefix(_PREFIX), validate=True))
        except UnicodeEncodeError:
            raise ValueError(f"{name} contains half of a surrogate pair") from None
        except ValueError:
            raise ValueError(f"{name} must be base64 after {_PREFIX} for accept_decoded_secret") from None
    return Keys(texts, decoded)


def check_signature(body: bytes, headers: FoundHeaders, keys: Keys, *, now: float, tolerance: float | None) -> None:
    """Raise WebhookVerificationError unless one of the signatures matches and is not too old.

    Args:
        body: Body of the request, exactly as received.
        headers: Headers of the request.
        keys: Keys that are accepted.
        now: Unix time in seconds.
        tolerance: Seconds by which the time of the signature may differ from `now`; None accepts any time.
    """
    if not headers.values:
        raise WebhookVerificationError(
            f"the request has no signature: it needs the header {IK_SIGNATURE}, or {', '.join(STANDARD_HEADERS)}"
            + headers.describe_similar(IK_SIGNATURE, SIGNATURE),
            "missing_header",
        )
    failures: list[WebhookVerificationError] = []
    for check_scheme in (_check_standard, _check_imagekit):
        try:
            signed_at = check_scheme(body, headers, keys)
            if tolerance is not None:
                _check_age(now - signed_at, tolerance)
        except WebhookVerificationError as error:
            failures.append(error)
        else:
            return
    raise max(failures, key=lambda error: _RANKS.index(error.reason))


def _check_standard(body: bytes, headers: FoundHeaders, keys: Keys) -> float:
    """Return the time of the signature in ``webhook-signature``, if it matches."""
    id_, timestamp, entries = headers.require(ID), headers.require(TIMESTAMP), headers.require(SIGNATURE)
    signed_at = _read_digits(TIMESTAMP, timestamp)
    signatures = [_encode(entry[3:]) for entry in entries.split() if entry.startswith("v1,")]
    if not signatures:
        raise WebhookVerificationError(f"{SIGNATURE} must contain v1,… (got {entries!r:.80})", "invalid_header")
    signed = _encode(f"{id_}.{timestamp}.") + body
    expected = [base64.b64encode(hmac.digest(key, signed, "sha256")) for key in (*keys.texts, *keys.decoded)]
    _compare(expected, signatures, f"{ID}, {TIMESTAMP} and {SIGNATURE}")
    return signed_at


def _check_imagekit(body: bytes, headers: FoundHeaders, keys: Keys) -> float:
    """Return the time of the signature in ``x-ik-signature``, if it matches."""
    text = headers.require(IK_SIGNATURE)
    items = [item.strip().partition("=") for item in text.split(",")]
    timestamps = [value for name, _, value in items if name == "t"]
    signatures = [_encode(value) for name, _, value in items if name == "v1"]
    if len(timestamps) != 1 or not signatures:
        raise WebhookVerificationError(f"{IK_SIGNATURE} must be t=…,v1=… (got {text!r:.80})", "invalid_header")
    milliseconds = _read_digits(f"t of {IK_SIGNATURE}", timestamps[0])
    signed = _encode(f"{timestamps[0]}.") + body
    expected = [hmac.digest(key, signed, "sha256").hex().encode() for key in keys.texts]
    _compare(expected, signatures, IK_SIGNATURE)
    return milliseconds / 1000


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "replace")  # invalid text matches no signature


def _read_digits(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        raise WebhookVerificationError(f"{name} must be a Unix time in digits (got {text!r:.80})", "invalid_header")
    return int(text)


def _compare(expected: Sequence[bytes], signatures: Sequence[bytes], names: str) -> None:
    """Raise WebhookVerificationError unless one of the signatures is an expected one.

    All are compared in constant time, so that the duration reveals nothing about a match.
    """
    is_match = False
    for one in expected:
        for signature in signatures:
            is_match |= hmac.compare_digest(one, signature)
    if not is_match:
        raise WebhookVerificationError(
            f"the signature in {names} does not match the body and the secret. Usual causes: the body was parsed and "
            "encoded again, which changes its bytes; the secret is that of another webhook, or was replaced (pass both "
            "the old and the new one); or somebody else sent the request",
            "wrong_signature",
        )


def _check_age(age: float, tolerance: float) -> None:
    # Written so that NaN is refused.
    if not age <= tolerance:
        raise WebhookVerificationError(
            f"the webhook was signed {age:.1f} s ago, {age - tolerance:.1f} s more than the tolerance of {tolerance:g} "
            "s: it was delayed or replayed, or the clock of this machine is fast",
            "too_old",
        )
    if not age >= -tolerance:
        raise WebhookVerificationError(
            f"the webhook was signed {-age:.1f} s in the future, {-age - tolerance:.1f} s more than the tolerance of "
            f"{tolerance:g} s: is the clock of this machine right?",
            "too_new",
        )
