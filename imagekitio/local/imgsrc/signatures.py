"""Signatures of links to private images: ``?w=400&exp=1767225600&sig=…``.

The service does not document its algorithm, so this one is ours: HMAC-SHA256 over the path, the parameters and the time
at which the link expires.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import TYPE_CHECKING, Literal

from ...urls.quoting import unquote_form

if TYPE_CHECKING:
    from collections.abc import Iterator

EXPIRES_AT, SIGNATURE = "exp", "sig"

_EPOCH = re.compile(r"[0-9]{1,12}", re.ASCII)

Verdict = Literal["unsigned", "good", "bad", "expired"]


def sign(path: str, query: str, expires_at: int, secret: str) -> str:
    """Return the signature of a link, 64 hexadecimal digits.

    Args:
        path: Path of the image in its account with the extension of the link, percent-decoded: ``trips/oslo.webp``.
        query: Other parameters of the link, percent-encoded: ``w=400&p:thumb``. Their order has no effect.
        expires_at: Unix time in seconds from which the link is refused.
        secret: Key that only the server has.
    """
    parameters = sorted(item for item in _parameters(query) if item[0] not in (EXPIRES_AT, SIGNATURE))
    text = json.dumps([path, parameters, expires_at])
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def check(path: str, query: str, secret: str, now: float) -> Verdict:
    """Check the signature of a link, in constant time.

    Args:
        path: Path as in `sign`.
        query: All parameters of the link, percent-encoded.
        secret: Key as in `sign`.
        now: Unix time in seconds.
    """
    given = [item for item in _parameters(query) if item[0] in (EXPIRES_AT, SIGNATURE)]
    if not given:
        return "unsigned"
    values = {name: value for name, _, value in given}
    expires_at, signature = values.get(EXPIRES_AT, ""), values.get(SIGNATURE, "")
    if len(given) != 2 or not _EPOCH.fullmatch(expires_at):
        return "bad"
    expected = sign(path, query, int(expires_at), secret)
    if not hmac.compare_digest(expected.encode(), signature.encode(errors="surrogateescape")):
        return "bad"
    return "expired" if now >= int(expires_at) else "good"


def _parameters(query: str) -> Iterator[tuple[str, str, str]]:
    """Yield the name, ``=`` and value of each parameter, decoded; bytes that are not UTF-8 become surrogates."""
    for item in query.split("&"):
        if item:
            name, equals, value = (unquote_form(part).decode(errors="surrogateescape") for part in item.partition("="))
            yield name, equals, value
