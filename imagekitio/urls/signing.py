"""Signatures of delivery URLs and of browser uploads: HMAC-SHA1 with the private key, in lower-case hexadecimal.

Source: ImageKit docs, "Signed URLs" and "Client-side file upload".
"""

from __future__ import annotations

import hashlib

from .quoting import encode

NEVER = 9999999999  # stands in the signed text where a URL has no expiry; `ik-t` is left out then

_BLOCK_SIZE = 64  # bytes; RFC 2104, section 2
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


class Signer:
    """Signs texts with one private key.

    HMAC (RFC 2104) with the two hashes of the key computed once: `hmac.new` computes them again for every message, and
    takes more than twice as long.

    Args:
        private_key: The key.
        beginning: What every text begins with, hashed once too; `sign` is given what follows it.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, private_key: str, beginning: str = "") -> None:
        try:
            key = encode(private_key)
        except ValueError:
            raise ValueError("the private key holds a character that UTF-8 cannot carry") from None
        if len(key) > _BLOCK_SIZE:
            key = hashlib.sha1(key).digest()
        key = key.ljust(_BLOCK_SIZE, b"\0")
        # Copies of a hash leave it as it is, so that threads can share these two.
        self._inner = hashlib.sha1(key.translate(_INNER) + encode(beginning)).copy
        self._outer = hashlib.sha1(key.translate(_OUTER)).copy

    def sign(self, text: str) -> str:
        """Return the signature of `text`: 40 hexadecimal digits."""
        inner = self._inner()
        inner.update(text.encode())
        outer = self._outer()
        outer.update(inner.digest())
        return outer.hexdigest()


def string_to_sign(rest: str, expires_at: int | None = None) -> str:
    """Return the text whose signature proves who made a URL.

    Args:
        rest: The URL behind the URL endpoint and its slash, percent-encoded, without `ik-t` and `ik-s`.
        expires_at: Unix time in seconds; None for a URL that never expires.
    """
    return f"{rest}{NEVER if expires_at is None else expires_at}"
