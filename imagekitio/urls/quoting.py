"""Percent-encoding, one named quoter for each part of a URL.

Written without `urllib.parse`: importing that takes longer than building a hundred thousand URLs, and neither of its
quoters keeps a `%XX` that is already there.
"""

from __future__ import annotations

_ALPHANUMERIC = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

UNRESERVED = _ALPHANUMERIC + b"-._~"  # RFC 3986, section 2.3
PATH_SAFE = UNRESERVED + b"!$&'()*+,;=:@/"  # RFC 3986, section 3.3 "pchar", and the slash between segments
QUERY_SAFE = PATH_SAFE + b"?"  # RFC 3986, section 3.4; the fragment has the same set (3.5)

_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")


def _table(safe: bytes, *, space: str = "%20") -> list[str]:
    table = [chr(byte) if byte in safe else f"%{byte:02X}" for byte in range(256)]
    table[ord(" ")] = space
    return table


_PATH_TABLE = _table(PATH_SAFE)
_QUERY_TABLE = _table(QUERY_SAFE)
_FORM_TABLE = _table(UNRESERVED, space="+")
_COMPONENT_TABLE = _table(UNRESERVED)


def encode(text: str) -> bytes:
    """Return `text` in UTF-8; ValueError for half a surrogate pair, which no URL can carry."""
    try:
        return text.encode()
    except UnicodeEncodeError as exc:
        raise ValueError(f"{text!r} holds half a surrogate pair, which cannot be part of a URL") from exc


def _quote_keeping_triplets(text: str, table: list[str]) -> str:
    head, *tails = text.split("%")
    quoted = [_apply(head, table)]
    for tail in tails:
        is_triplet = len(tail) > 1 and tail[0] in _HEX_DIGITS and tail[1] in _HEX_DIGITS
        quoted.append(("%" if is_triplet else "%25") + _apply(tail, table))
    return "".join(quoted)


def _apply(text: str, table: list[str]) -> str:
    return "".join(map(table.__getitem__, encode(text)))


def quote_path(path: str) -> str:
    """Encode what a path may not hold, ``?`` and ``#`` included. ``%XX`` that is already there stays."""
    if path.isascii() and not path.encode().translate(None, PATH_SAFE):
        return path  # the usual case, found without a look at single characters
    return _quote_keeping_triplets(path, _PATH_TABLE)


def quote_query(query: str) -> str:
    """Encode what a query or a fragment may not hold, whole. ``%XX`` that is already there stays."""
    return _quote_keeping_triplets(query, _QUERY_TABLE)


def quote_component(text: str) -> str:
    """Encode everything but unreserved characters, the slash included, as JavaScript's encodeURIComponent does."""
    if text.isalnum() and text.isascii():
        return text
    return _apply(text, _COMPONENT_TABLE)


def quote_form(text: str) -> str:
    """Encode a name or a value of a query as HTML forms do: a space is ``+``, ``%`` is ``%25``."""
    if text.isalnum() and text.isascii():
        return text
    return quote_form_bytes(encode(text))


def quote_form_bytes(data: bytes) -> str:
    """Encode bytes of any charset likewise."""
    return "".join(map(_FORM_TABLE.__getitem__, data))


def unquote_form(text: str) -> bytes:
    """Undo `quote_form`. Bytes, since nothing says that a foreign query is UTF-8."""
    return unquote(text.replace("+", " "))


def unquote(text: str) -> bytes:
    """Decode every ``%XX`` once; a ``%`` without two hexadecimal digits stays."""
    head, *tails = encode(text).split(b"%")
    decoded = [head]
    for tail in tails:
        try:
            # int() alone would take "+1" and " 1" for hexadecimal.
            decoded.append(bytes.fromhex(tail[:2].decode("ascii")) + tail[2:] if tail[:2].isalnum() else b"%" + tail)
        except ValueError:
            decoded.append(b"%" + tail)
    return b"".join(decoded)
