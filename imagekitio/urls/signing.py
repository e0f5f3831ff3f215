"""Signatures of delivery URLs and of browser uploads: HMAC-SHA1 with the private key, in lower-case hexadecimal.

Source: ImageKit docs, "Signed URLs" and "Client-side file upload".
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from .quoting import check_text, encode

if TYPE_CHECKING:
    from collections.abc import Callable

_KEY_KINDS = ("public", "private")  # the service's keys begin with `public_` and `private_`
NEVER = 9999999999  # stands for the expiry in the text to sign if a URL has none; the URL then has no `ik-t`


def read_key(name: str, key: object) -> str:
    """Return a key without the blanks and quotes that copying may have added around it.

    Args:
        name: Name of the argument, ``public_key`` or ``private_key``, for messages.
        key: Key as given.
    Raises:
        TypeError: `key` is not a str.
        ValueError: `key` is the other key of the account. The message does not show it.
    """
    text = check_text(name, key).strip()
    while len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1].strip()
    for kind in _KEY_KINDS:
        if text.startswith(f"{kind}_") and not name.startswith(kind):
            raise ValueError(f"{name} is a {kind} key, since it starts with '{kind}_'; pass that one as {kind}_key")
    return text


class Signer:
    """A signer of texts with one private key, which is hashed only once. Threads may share it.

    Args:
        private_key: The key.
        beginning: The common beginning of all texts, also hashed only once; `sign` takes the rest.
    Raises:
        ValueError: `private_key` or `beginning` contains half of a surrogate pair.
    """

    __slots__ = ("start",)

    def __init__(self, private_key: str, beginning: str = "") -> None:
        try:
            key = encode(private_key)
        except ValueError:  # its message would show the key
            raise ValueError("the private key contains half of a surrogate pair") from None
        # Returns a copy of the HMAC that has hashed the key and the beginning.
        self.start: Callable[[], hmac.HMAC] = hmac.new(key, encode(beginning), "sha1").copy

    def sign(self, text: str) -> str:
        """Return the signature of `text`: 40 hexadecimal digits."""
        signature = self.start()
        signature.update(text.encode())
        return signature.hexdigest()


def is_expiry(text: str) -> bool:
    """Return whether the value of `ik-t` is a Unix time in whole seconds, as the service requires."""
    return text.isascii() and text.isdigit() and len(text) <= 12


def split_signature(query: str) -> tuple[str, list[str], list[str]]:
    """Return the query without `ik-s` and `ik-t`, the values of `ik-s`, and the values of `ik-t`."""
    kept: list[str] = []
    found: dict[str, list[str]] = {"ik-s": [], "ik-t": []}
    for item in query.split("&"):
        name, _, value = item.partition("=")
        found.get(name, kept).append(value if name in found else item)
    return "&".join(kept), found["ik-s"], found["ik-t"]
