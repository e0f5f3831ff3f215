"""Recognize base64: in text, and in bytes that may be a file or the base64 of one."""

from __future__ import annotations

import base64
import re
import string

_LETTERS_AND_DIGITS = (string.ascii_letters + string.digits).encode()
_STANDARD = _LETTERS_AND_DIGITS + b"+/"
_URL_SAFE = _LETTERS_AND_DIGITS + b"-_"
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")

_DATA_URI = re.compile(rb"data:[\w.+/;=-]*;base64,")

# The first bytes of common file types, which text in the base64 alphabet hardly ever decodes to by chance.
_SIGNATURES = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|RIFF....(?:WEBP|AVI |WAVE)|....ftyp|II[*+]\x00|MM\x00[*+]|8BPS\x00"
    rb"|\x00\x00[\x01\x02]\x00[\x01-\xff]\x00...\x00|BM....\x00{4}....[\x0c(,48@l|]\x00{3}|\x00\x00\x00\x0cJXL \r\n"
    rb"|\x1aE\xdf\xa3|OggS|ID3[\x02-\x04]|fLaC"
    rb"|%PDF-|PK\x03\x04|PK\x05\x06|\x1f\x8b\x08[\x00-\x1f]|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|wOFF|wOF2|OTTO\x00"
    rb"|(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml|(?i:!doctype|html))",
    re.DOTALL,
)
# So short that text could decode to them: BMP, JPEG XL, MP3 without tags. They count only in longer base64.
_WEAK_SIGNATURES = re.compile(rb"BM|\xff\x0a|\xff[\xe2\xe3\xf2\xf3\xfa\xfb][^\xf0-\xff]", re.DOTALL)
_WEAK_FROM_CHARACTERS = 64

_PREFIX_CHARACTERS = 128  # 96 bytes of content, more than any signature needs
# A shorter text may have upper- and lower-case letters without being base64.
_PLAUSIBLE_FROM_CHARACTERS = 16
# A word in one case, Capitalized or camelCase, or a number; base64 of text rarely looks like this.
_PLAIN_WORD = re.compile(rb"[a-z0-9]*(?:[A-Z][a-z]+)*[0-9]*|[A-Z0-9]*")


def join_lines(text: str) -> str:
    """Return base64 without its line breaks, and without the blanks that indent its lines."""
    return "".join(line.strip(" \t\r") for line in text.split("\n")) if "\n" in text else text


def find_base64_fault(text: str) -> str | None:
    """Return why text is not base64 in the standard alphabet, with or without padding; None if it is."""
    symbols = text.rstrip("=")
    try:
        foreign = symbols.encode("ascii").translate(None, _STANDARD)
    except UnicodeEncodeError as exc:
        return f"it contains {symbols[exc.start]!r}"
    if foreign:
        url_safe = "the URL-safe '-' or '_', which base64.urlsafe_b64decode() turns into bytes"
        return f"it contains {url_safe if not foreign.strip(b'-_') else repr(chr(foreign[0]))}"
    if not _has_valid_length(symbols, padding=len(text) - len(symbols)):
        return "its length is not possible in base64"
    return None


def read_content(content: bytes) -> bytes:
    """Return the content of a file given as bytes, which are decoded if they are the base64 of a file.

    Code for release 4.x passes ``base64.b64encode(…)``. Bytes look like base64 if they use one alphabet (standard or
    URL-safe), with or without padding, in one line or in lines of the same length. If they decode to a known file type,
    or are a data URI, they are decoded. Otherwise they are refused if an encoder may have produced them: if they have
    upper- and lower-case letters and are long, or decode to text without being an ordinary word.

    Raises:
        ValueError: The bytes may be either base64 or the content itself.
    """
    prefix = _DATA_URI.match(content)
    if prefix is None and content[:_PREFIX_CHARACTERS].translate(None, _STANDARD + b"-_=\r\n"):
        return content  # binary content and ordinary text end here, without examining the rest
    joined = _join_equal_lines(content[prefix.end() :] if prefix else content)
    symbols = _read_symbols(joined)
    if not symbols:
        if prefix is None:
            return content
        raise ValueError("file begins like a data URI, but is not base64: pass io.BytesIO(file) if it is the content")
    padding = len(joined) - len(symbols)
    is_known = prefix is not None or _begins_like_a_file(symbols)
    if is_known and _has_valid_length(symbols, padding):
        return _decode(symbols)
    if is_known or (_has_valid_length(symbols, padding) and _is_plausible(symbols, padding)):
        decode = "base64.urlsafe_b64decode(file)" if joined.translate(None, _STANDARD + b"=") else "file.decode()"
        raise ValueError(
            "file is bytes that may be base64 or the content itself: "
            f"pass {decode} if it is base64, or io.BytesIO(file) if it is the content"
        )
    return content


def _join_equal_lines(content: bytes) -> bytes:
    """Join lines of equal length, as encoders write them; return an empty result for other lines."""
    first, *others = content.rstrip(b"\r\n").replace(b"\r\n", b"\n").split(b"\n")
    width = len(first)
    if others and (width % 4 or len(others[-1]) > width or any(len(line) != width for line in others[:-1])):
        return b""
    return b"".join((first, *others))


def _read_symbols(joined: bytes) -> bytes:
    """Return base64 of either alphabet without its padding, in the standard alphabet; empty if it is not base64."""
    symbols = joined.rstrip(b"=")
    if not symbols.translate(None, _STANDARD):
        return symbols
    return b"" if symbols.translate(None, _URL_SAFE) else symbols.translate(_TO_STANDARD)


def _has_valid_length(symbols: str | bytes, padding: int) -> bool:
    return len(symbols) % 4 != 1 and padding in (0, -len(symbols) % 4)


def _decode(symbols: bytes) -> bytes:
    return base64.b64decode(symbols + b"=" * (-len(symbols) % 4))


def _begins_like_a_file(symbols: bytes) -> bool:
    prefix = symbols[:_PREFIX_CHARACTERS]
    head = _decode(prefix[:-1] if len(prefix) % 4 == 1 else prefix)
    if _SIGNATURES.match(head):
        return True
    return len(symbols) >= _WEAK_FROM_CHARACTERS and bool(_WEAK_SIGNATURES.match(head)) and _has_both_cases(symbols)


def _is_plausible(symbols: bytes, padding: int) -> bool:
    tail = symbols[len(symbols) // 4 * 4 :]
    if tail and base64.b64encode(_decode(tail)).rstrip(b"=") != tail:
        return False  # the last character has bits that no encoder sets
    if len(symbols) >= _PLAUSIBLE_FROM_CHARACTERS and _has_both_cases(symbols):
        return True
    return (padding > 0 or not _PLAIN_WORD.fullmatch(symbols)) and _is_text(_decode(symbols))


def _has_both_cases(symbols: bytes) -> bool:
    return re.search(rb"[a-z]", symbols) is not None and re.search(rb"[A-Z]", symbols) is not None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character in "\t\r\n" for character in text)
