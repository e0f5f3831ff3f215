"""Find the mistake behind a signature that does not match, by trying what common mistakes would have signed.

Each candidate is proven: its signature is computed with the key and compared in constant time. The result contains no
signature.

Source: ImageKit docs, "Signed URLs", for the text that is signed.
"""

from __future__ import annotations

import hmac
import re
from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

from .quoting import encode, quote_component, quote_form_bytes, unquote, unquote_form
from .signing import NEVER, Signer
from .verifying import list_signable_forms, split_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MAX_CHANGES = 2  # mistakes in one URL
_MAX_EFFORT = 300_000  # characters of all readings of one URL, which take about 300 ms; a usual URL takes a tenth
_EFFORT = 60  # characters that take as long as the fixed cost of a reading
_MAX_SIGNATURES = 3
_MAX_PERMUTED = 4  # query parameters
_MAX_SEGMENTS = 5  # segments of the path that may belong to the endpoint

_DIGITS = 40  # of a signature
# If fewer digits were enough, an attacker could find a valid signature digit by digit with repeated requests.
_MIN_DIGITS = 32

_TRIPLET = re.compile("%[0-9A-Fa-f]{2}")
_SOURCE_URL = re.compile("https?:/.*", re.DOTALL)


class Reading(NamedTuple):
    """A way to read a signed URL.

    Attributes:
        rest: Path and query to sign.
        expiry: Unix time at the end of the text to sign.
        signature: The signature.
        prefix: The endpoint, with a slash at its end.
        causes: How the URL or the signed text must have been changed if this reading is right.
    """

    rest: str
    expiry: str
    signature: str
    prefix: str
    causes: tuple[str, ...] = ()

    def change(
        self, cause: str, *, rest: str | None = None, expiry: str | None = None, signature: str | None = None
    ) -> Reading:
        """Return a copy with one more cause and with other parts."""
        return Reading(
            self.rest if rest is None else rest,
            self.expiry if expiry is None else expiry,
            self.signature if signature is None else signature,
            self.prefix,
            (*self.causes, cause),
        )


class Mistake(NamedTuple):
    """The text that a signature signs, and why it is not the text that it should sign; without causes, it is."""

    signed_string: str
    causes: tuple[str, ...]


def find_mistake(target: str, fragment: str, *, prefix: str, private_key: str) -> Mistake | None:
    """Return what the signature of a URL signs, with as few mistakes as possible; None if nothing matches.

    Args:
        target: Path and query of the URL, without the endpoint.
        fragment: Fragment of the URL; empty if it has none.
        prefix: The endpoint, with a slash at its end.
        private_key: Key with which the URL may have been signed.
    """
    sign = Signer(private_key).sign
    effort = 0
    tried: set[tuple[str, str]] = set()
    for reading in _list_readings(target, fragment, prefix):
        if effort > _MAX_EFFORT:
            break
        effort += len(reading.rest) + _EFFORT
        signature = encode(reading.signature)
        for form in list_signable_forms(reading.rest):
            text = form + reading.expiry
            if (text, reading.signature) in tried:
                continue
            tried.add((text, reading.signature))
            expected = sign(text).encode()[: max(len(signature), _MIN_DIGITS)]
            if hmac.compare_digest(expected, signature):
                return Mistake(text, (*reading.causes, *_describe_cut(len(signature))))
    return None


def _describe_cut(digits: int) -> tuple[str, ...]:
    return () if digits == _DIGITS else (f"ik-s was cut: it has {digits} of {_DIGITS} digits",)


def _list_readings(target: str, fragment: str, prefix: str) -> Iterator[Reading]:
    """Yield the readings of a URL: first without a change, then with one, then with two."""
    starts = [*_read_signatures(target, prefix)]
    for cause, changed in _undo_escaping(target):
        starts += [reading.change(cause) for reading in _read_signatures(changed, prefix)]
    changes: list[Callable[[Reading], Iterator[Reading]]] = [
        _change_parameters,
        _change_encoding,
        lambda reading: _change_place(reading, fragment),
        _change_expiry,
        _change_signature,
    ]

    def vary(reading: Reading, first: int, count: int) -> Iterator[Reading]:
        if not count:
            yield reading
            return
        for position in range(first, len(changes)):
            for changed in changes[position](reading):
                yield from vary(changed, position + 1, count - 1)

    for count in range(_MAX_CHANGES + 1):
        for start in starts:
            yield from vary(start, 0, count)


def _read_signatures(target: str, prefix: str) -> Iterator[Reading]:
    rest, signatures, expiries = split_target(target)
    causes = ("ik-s or ik-t occurs more than once",) if len(signatures) > 1 or len(expiries) > 1 else ()
    for signature in [*dict.fromkeys(signatures)][:_MAX_SIGNATURES]:
        for expiry in [*dict.fromkeys(expiries or [str(NEVER)])][:_MAX_SIGNATURES]:
            yield Reading(rest, expiry, signature, prefix, causes)


def _undo_escaping(target: str) -> Iterator[tuple[str, str]]:
    if "&amp;" in target:
        yield "the URL is escaped for HTML: it must contain & instead of &amp;", target.replace("&amp;", "&")
    if "?" not in target and "%3f" in target.lower():
        yield "the whole URL was percent-encoded, with the ? before its query", _decode(target)


def _change_parameters(reading: Reading) -> Iterator[Reading]:
    """Remove query parameters, and change their order."""
    path, _, query = reading.rest.partition("?")
    items = query.split("&") if query else []
    for order in _list_orders(items):
        if [*order] == [*range(len(items))]:
            continue
        chosen = set(order)
        added = [item.partition("=")[0] for position, item in enumerate(items) if position not in chosen]
        causes: list[str] = []
        if added:
            causes.append(f"{', '.join(added)} {'was' if len(added) == 1 else 'were'} added to the query after signing")
        if [*order] != sorted(order):
            causes.append("the query parameters were reordered after signing")
        kept = "&".join(items[position] for position in order)
        yield reading.change("; ".join(causes), rest=f"{path}?{kept}" if kept else path)


def _list_orders(items: list[str]) -> Iterator[tuple[int, ...]]:
    """Yield selections of query parameters, by position: all of them, or only likely ones of many parameters."""
    every = tuple(range(len(items)))
    if len(items) <= _MAX_PERMUTED:
        for count in range(len(items), -1, -1):
            yield from permutations(every, count)
        return
    yield from (every[:position] + every[position + 1 :] for position in every)  # one was added
    yield from (every[:count] for count in every)  # some were added at the end
    yield tuple(sorted(every, key=lambda position: items[position]))
    steps = [position for position in every if items[position].startswith("tr=")]
    others = [position for position in every if position not in steps]
    yield from ((*steps, *others), (*others, *steps), tuple(steps))


def _change_encoding(reading: Reading) -> Iterator[Reading]:
    path, mark, query = reading.rest.partition("?")
    encoded_later = "the URL was percent-encoded after signing"
    variants = (
        ("the URL was percent-encoded twice: %25 stands for %", path.replace("%25", "%"), query.replace("%25", "%")),
        ("spaces became + after signing", path.replace("+", "%20"), query.replace("+", "%20")),
        ("spaces became %20 after signing", path.replace("%20", "+"), query.replace("%20", "+")),
        (encoded_later, _decode(path), _decode(query)),
        (encoded_later, _decode(path), _decode(query.replace("+", " "))),
        ("the query was decoded after signing", path, _encode_query(query)),
        ("the source URL in the path was decoded after signing", _encode_source(path), query),
        ("%XX was written in upper case after signing", _lower_triplets(path), _lower_triplets(query)),
        ("%XX was written in lower case after signing", _upper_triplets(path), _upper_triplets(query)),
    )
    for cause, changed_path, changed_query in variants:
        for rest in (changed_path + mark + changed_query, path + mark + changed_query, changed_path + mark + query):
            if rest != reading.rest:
                yield reading.change(cause, rest=rest)


def _decode(text: str) -> str:
    try:
        return unquote(text).decode()
    except UnicodeDecodeError:
        return text


def _encode_query(query: str) -> str:
    pairs = [item.partition("=") for item in query.split("&")]
    return "&".join(f"{name}{equals}{quote_form_bytes(unquote_form(value))}" for name, equals, value in pairs)


def _encode_source(path: str) -> str:
    return _SOURCE_URL.sub(lambda found: quote_component(found[0]), path)


def _lower_triplets(text: str) -> str:
    return _TRIPLET.sub(lambda found: found[0].lower(), text)


def _upper_triplets(text: str) -> str:
    return _TRIPLET.sub(lambda found: found[0].upper(), text)


def _change_place(reading: Reading, fragment: str) -> Iterator[Reading]:
    """Split the URL elsewhere: the signed text is what follows the endpoint and its slash."""
    rest, prefix = reading.rest, reading.prefix
    yield reading.change("the signed text begins with a slash, which belongs to the endpoint", rest=f"/{rest}")
    yield reading.change("the whole URL was signed, with the endpoint", rest=prefix + rest)
    scheme, _, host, *folders = prefix.rstrip("/").split("/")
    for count in range(len(folders)):
        shorter = "/".join([scheme, "", host, *folders[:count]])
        longer = "/".join([*folders[count:], rest])
        for slash in ("", "/"):
            yield reading.change(f"the URL was signed for the endpoint {shorter}/", rest=slash + longer)
    path, mark, query = rest.partition("?")
    first, *others = path.split("/")
    if first.startswith("tr:"):
        cause = "the transformation in the path was added after signing"
        yield reading.change(cause, rest="/".join(others) + mark + query)
    else:
        for count in range(1, min(len(others), _MAX_SEGMENTS) + 1):
            longer = prefix + "/".join([first, *others[: count - 1]])
            cause = f"the URL was signed for the endpoint {longer}/"
            yield reading.change(cause, rest="/".join(others[count - 1 :]) + mark + query)
    stripped = path.rstrip("/")
    cause = "the slash at the end of the path was " + ("dropped" if path == stripped else "added") + " after signing"
    yield reading.change(cause, rest=(f"{path}/" if path == stripped else stripped) + mark + query)
    if "//" in path:
        cause = "slashes in the path were doubled after signing"
        yield reading.change(cause, rest=re.sub("//+", "/", path) + mark + query)
    if fragment:
        yield reading.change("the fragment was signed, which no server sees", rest=f"{rest}#{fragment}")


def _change_expiry(reading: Reading) -> Iterator[Reading]:
    expiry = reading.expiry
    yield reading.change(f"the signed text lacks the expiry at its end, {expiry}", expiry="")
    if expiry == str(NEVER):
        return
    yield reading.change(f"the URL was signed without an expiry ({NEVER}); ik-t was added later", expiry=str(NEVER))
    yield reading.change("the expiry was signed in milliseconds", expiry=f"{expiry}000")
    if expiry.endswith("000"):
        yield reading.change("ik-t is in milliseconds; the expiry was signed in seconds", expiry=expiry[:-3])
    query = f"{reading.rest}{'&' if '?' in reading.rest else '?'}ik-t={expiry}"
    for end in (expiry, ""):
        yield reading.change("the text was signed with ik-t in the query, not only at its end", rest=query, expiry=end)


def _change_signature(reading: Reading) -> Iterator[Reading]:
    signature = reading.signature.lower()
    if signature != reading.signature:
        yield reading.change("ik-s is written in upper case", signature=signature)
    if len(signature) > _DIGITS:
        yield reading.change(f"characters follow the {_DIGITS} digits of ik-s", signature=signature[:_DIGITS])
