"""Percent-encoding, with a function for each part of a URL.

`urllib.parse` is not used: importing it takes longer than building a hundred thousand URLs, and neither of its quoters
keeps ``%XX`` that is already in the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

_ALPHANUMERIC = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

UNRESERVED = _ALPHANUMERIC + b"-._~"  # RFC 3986, section 2.3
PATH_SAFE = UNRESERVED + b"!$&'()*+,;=:@/"  # RFC 3986, section 3.3 "pchar", and the slash between segments
QUERY_SAFE = PATH_SAFE + b"?"  # RFC 3986, section 3.4; a fragment may contain the same characters (3.5)

_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")


_ENCODED = [f"%{byte:02X}" for byte in range(256)]


def _make_table(safe: bytes, *, space: str = "%20") -> list[str]:
    table = [*_ENCODED]
    for byte in safe:
        table[byte] = chr(byte)
    table[ord(" ")] = space
    return table


_PATH_TABLE = _make_table(PATH_SAFE)
_QUERY_TABLE = _make_table(QUERY_SAFE)
_FORM_TABLE = _make_table(UNRESERVED, space="+")
_COMPONENT_TABLE = _make_table(UNRESERVED)

# For `bytes.translate`: changes every byte that a path may not contain.
PATH_FILTER = bytes(byte if byte in PATH_SAFE else ord("/") for byte in range(256))


def check_text(name: str, value: object) -> str:
    """Return `value`, or raise TypeError if it is not a str; `name` names it in the message."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be text (got {type(value).__name__})")
    return value


def encode(text: str) -> bytes:
    """Return `text` in UTF-8, or raise ValueError if it contains half of a surrogate pair."""
    try:
        return text.encode()
    except UnicodeEncodeError as exc:
        raise ValueError(f"{text!r} contains half of a surrogate pair, which cannot be part of a URL") from exc


def _quote_keeping_triplets(text: str, table: list[str]) -> str:
    head, *tails = text.split("%")
    quoted = [("%" if _is_triplet(tail) else "%25") + _apply(table, tail) for tail in tails]
    return "".join([_apply(table, head), *quoted])


def _is_triplet(text_after_percent: str) -> bool:
    return len(text_after_percent) > 1 and _HEX_DIGITS.issuperset(text_after_percent[:2])


def _apply(table: list[str], text: str) -> str:
    return "".join(map(table.__getitem__, encode(text)))


def quote_path(path: str) -> str:
    """Encode the characters that a path may not contain, including ``?`` and ``#``; keep ``%XX``."""
    encoded = encode(path)
    return path if encoded.translate(PATH_FILTER) == encoded else _quote_keeping_triplets(path, _PATH_TABLE)


def quote_query(query: str) -> str:
    """Encode the characters that a whole query or fragment may not contain; keep ``%XX``."""
    return _quote_keeping_triplets(query, _QUERY_TABLE)


def quote_component(text: str) -> str:
    """Encode all but unreserved characters, including ``/`` and ``%``, as JavaScript's encodeURIComponent does."""
    if text.isalnum() and text.isascii():
        return text
    return _apply(_COMPONENT_TABLE, text)


def quote_segments(path: str) -> str:
    """Encode each segment of a path that is not encoded yet, as `quote_component` does; keep its slashes."""
    return "/".join(map(quote_component, path.split("/")))


def quote_form(text: str) -> str:
    """Encode a name or value in a query as HTML forms do: a space becomes ``+``, ``%`` becomes ``%25``."""
    if text.isalnum() and text.isascii():
        return text
    return quote_form_bytes(encode(text))


def quote_form_bytes(data: bytes) -> str:
    """Encode a name or value like `quote_form`, from bytes in any charset."""
    return "".join(map(_FORM_TABLE.__getitem__, data))


def unquote_form(text: str) -> bytes:
    """Undo `quote_form`. Return bytes, because the query of another site's URL need not be UTF-8."""
    return unquote(text.replace("+", " "))


def unquote(text: str, only: Container[int] = range(256)) -> bytes:
    """Decode every ``%XX`` for a byte in `only`. Keep a ``%`` without two hexadecimal digits."""
    head, *tails = text.split("%")
    decoded = [encode(head)]
    for tail in tails:
        byte = int(tail[:2], 16) if _is_triplet(tail) else -1
        decoded.append(bytes([byte]) + encode(tail[2:]) if byte in only else b"%" + encode(tail))
    return b"".join(decoded)
