"""Reads the keys of an account, as they come from dashboards, files and environment variables."""

from __future__ import annotations

from .quoting import check_text

_KINDS = ("public", "private")  # the service's keys begin with `public_` and `private_`


def read_key(name: str, key: object) -> str:
    """Return a key without the blanks and quotes around it, which copying adds.

    Args:
        name: Name of the argument, ``public_key`` or ``private_key``, for messages.
        key: Key as it was given.
    Raises:
        TypeError: `key` is not a str.
        ValueError: It is the other key of the account. The message shows no key.
    """
    text = check_text(name, key).strip()
    while len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1].strip()
    for kind in _KINDS:
        if text.startswith(f"{kind}_") and not name.startswith(kind):
            raise ValueError(f"{name} is a {kind} key, since it starts with '{kind}_'; pass that one as {kind}_key")
    return text
