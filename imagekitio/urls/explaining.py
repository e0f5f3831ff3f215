"""Explain a delivery URL: what it means in words, and why its signature is valid or not.

An explanation is for logs and support tickets, so it contains neither the key nor any signature: a reader could use a
valid signature.

Source: ImageKit docs, "Image transformations" and "Signed URLs".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Literal, NamedTuple

from .endpoint import Endpoint
from .mistakes import find_mistake
from .parsing import parse_url
from .quoting import check_text
from .signing import NEVER
from .transformations.words import explain_on_one_line, explain_steps
from .verifying import check_target, split_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .transformations.words import ExplainedItem
    from .verifying import Verdict

_MAX_LINE = 1000  # characters
_MAX_COMPARED = 90  # characters of each of two texts that differ

# Source: ImageKit docs, "Delivery URLs".
_PARAMETERS = {
    "ik-attachment": "whether browsers download the file instead of showing it",
    "ik-attachment-filename": "name of the downloaded file",
    "ik-obj-version": "version of the file",
    "ik-sanitizeSvg": "whether scripts are removed from an SVG",
    "ik-sdk-version": "release that built the URL; no effect",
    "tr": "ignored, because the URL already has other steps",
    "updatedAt": "time of the last update, so that caches fetch the changed file",
}

# Also finds a signature in a URL that cannot be split because it is escaped or encoded.
_SIGNATURE_VALUE = re.compile("(ik-s(?:=|%(?:25)*3D))[0-9a-f]+", re.IGNORECASE)

_SIGNATURE = re.compile("[0-9a-f]{40}")

_ABSOLUTE_URL = re.compile(r"(?P<origin>https?://[^/?]*)/?(?P<rest>.*)", re.IGNORECASE | re.DOTALL)

Status = Literal["ok", "unsigned", "bad", "expired", "other endpoint"]


class ExplainedParameter(NamedTuple):
    """A query parameter other than `tr`, `ik-t` and `ik-s`: decoded name and value, and its purpose."""

    name: str
    value: str
    words: str


@dataclass(frozen=True)
class ExplainedSignature:
    """Why a signature is valid or not.

    Attributes:
        status: ``ok``, or why `verify_url` refuses the URL: ``unsigned``, ``bad``, ``expired`` or ``other endpoint``.
        reason: The same in words.
        string_to_sign: The text that a valid signature of this URL signs.
        signed_string: The text that the signature of this URL actually signs with the client's key; None if it is not
            known.
        causes: How the URL or the signed text was changed. Each cause was proven by computing the signature.
    """

    status: Status
    reason: str
    string_to_sign: str
    signed_string: str | None = None
    causes: tuple[str, ...] = ()

    @property
    def difference(self) -> int | None:
        """Index of the first character in which `signed_string` and `string_to_sign` differ; None if they do not."""
        if self.signed_string is None or self.signed_string == self.string_to_sign:
            return None
        pairs = zip(self.signed_string, self.string_to_sign, strict=False)
        shorter = min(len(self.signed_string), len(self.string_to_sign))
        return next((position for position, (one, other) in enumerate(pairs) if one != other), shorter)


@dataclass(frozen=True)
class UrlExplanation:
    """The meaning of a URL; `str()` returns it as text of several lines.

    Attributes:
        endpoint: Endpoint of the URL, with a slash at its end. It is guessed if it is not the client's.
        expected_endpoint: Endpoint of the client.
        path: Path of the file, with a leading slash.
        steps: The items of each step of the transformation.
        parameters: Query parameters other than `tr`, `ik-t` and `ik-s`.
        expires_at: Unix time in seconds after which a signed URL is no longer valid; None if it never expires.
        expiry: The same in words; empty for an unsigned URL.
        signature: Why the signature is valid or not.
    """

    endpoint: str
    expected_endpoint: str
    path: str
    steps: tuple[tuple[ExplainedItem, ...], ...]
    parameters: tuple[ExplainedParameter, ...]
    expires_at: int | None
    expiry: str
    signature: ExplainedSignature

    @property
    def is_under_endpoint(self) -> bool:
        """Whether the URL is under the client's endpoint."""
        return self.endpoint == self.expected_endpoint

    def __str__(self) -> str:
        return "\n".join(f"{label:<11}{text}".rstrip() for label, text in self._list_lines())

    def _list_lines(self) -> Iterator[tuple[str, str]]:
        hint = "" if self.is_under_endpoint else f" (not the client's endpoint {self.expected_endpoint})"
        yield "endpoint", _show(self.endpoint) + hint
        yield "file", _show(self.path)
        for number, step in enumerate(self.steps, start=1):
            yield f"step {number}", _show(explain_on_one_line([step]))
        for name, value, words in self.parameters:
            yield "query", _show(f"{name}={value}: {words}")
        if self.expiry:
            yield "expiry", _show(self.expiry)
        signature = self.signature
        yield "signature", _show(signature.reason)
        for cause in signature.causes:
            yield "  cause", _show(cause)
        to_sign, signed, difference = signature.string_to_sign, signature.signed_string, signature.difference
        if signed is None or difference is None:
            yield "  to sign", _show(to_sign)
            return
        start = max(0, difference - _MAX_COMPARED // 2)
        yield "  signed", _show(signed, start, _MAX_COMPARED)
        yield "  to sign", _show(to_sign, start, _MAX_COMPARED)
        indent = " " * len(_escape(to_sign[start:difference])) + (" " if start else "")
        yield "", f"{indent}^ first difference: character {difference + 1}"


def explain_url(url: str, *, endpoint: Endpoint, private_key: str, now: float) -> UrlExplanation:
    """Explain a URL; see `UrlBuilder.explain_url`."""
    # No URL can contain half of a surrogate pair, which is replaced by \ud800 and so on.
    text, _, fragment = check_text("url", url).strip().encode(errors="backslashreplace").decode().partition("#")
    # Split separately from the rest, no part of which may show the signature.
    signature = _explain_signature(*_split_endpoint(text, endpoint), fragment, endpoint, private_key, now)
    prefix, target = _split_endpoint(_hide_signature(text), endpoint)
    # The service uses the first segment that begins with `tr:`, anywhere in the path.
    folders = _find_folders(target)
    parsed = parse_url(prefix + target, endpoint=Endpoint((prefix + folders, "")))
    parameters = parsed.query_parameters
    expiries = [value for name, value in parameters if name == "ik-t"]  # those that are not valid
    return UrlExplanation(
        endpoint=prefix,
        expected_endpoint=endpoint.prefix,
        path=f"/{folders}{parsed.path[1:]}",
        steps=explain_steps(parsed.transformation),
        parameters=tuple(_explain_parameter(name, value) for name, value in parameters if name != "ik-t"),
        expires_at=parsed.expires_at,
        expiry=(
            f"ik-t is not a Unix time in seconds: {expiries[0]}"
            if expiries
            else _explain_expiry(parsed.expires_at, now, is_signed=parsed.signature is not None)
        ),
        signature=signature,
    )


def _split_endpoint(url: str, endpoint: Endpoint) -> tuple[str, str]:
    """Return the endpoint of a URL and what follows it.

    Text that is not an absolute URL is treated as a path, with or without the path of the endpoint.
    """
    rest = endpoint.remove_prefix(url)
    if rest is not None:
        return endpoint.prefix, rest
    endpoint_path = endpoint.prefix.partition("://")[2].partition("/")[2]
    absolute = _ABSOLUTE_URL.fullmatch(url)
    if absolute is None:
        return endpoint.prefix, url.removeprefix("/").removeprefix(endpoint_path)
    origin, rest = absolute["origin"] + "/", absolute["rest"]
    first = rest.partition("?")[0].partition("/")[0] + "/"
    folders = _find_folders(rest)
    if not folders and endpoint_path and rest.startswith(endpoint_path):
        folders = endpoint_path
    elif not folders and endpoint.prefix.startswith(origin) and rest.startswith(first) and not first.startswith("tr:"):
        folders = first  # the same host, so the ID of another account or endpoint
    return origin + folders, rest[len(folders) :]


def _find_folders(target: str) -> str:
    """Return what precedes the first segment of the path that begins with ``tr:``; empty if there is none."""
    path = target.partition("?")[0]
    return path[: found.start() + 1] if (found := re.search("/tr:", path)) and not path.startswith("tr:") else ""


def _explain_parameter(name: str, value: str) -> ExplainedParameter:
    words = _PARAMETERS.get(name, "no effect on the file, but part of the signed text and of the cache key")
    return ExplainedParameter(name, value, words)


def _explain_expiry(expires_at: int | None, now: float, *, is_signed: bool) -> str:
    if expires_at is None or expires_at == NEVER:
        return "never" if is_signed else ""
    try:
        moment = f"{datetime.fromtimestamp(expires_at, timezone.utc):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, OSError, ValueError):  # after the year 9999
        moment = str(expires_at)
    left = expires_at - int(now)
    words = f"{moment}, in {_show_span(left)}" if left >= 0 else f"{moment}, {_show_span(-left)} ago"
    return words if is_signed else f"{words}; without a signature it has no effect"


def _show_span(seconds: int) -> str:
    """Return a span in its two largest units, such as ``2 hours 1 minute``."""
    shown: list[str] = []
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            shown.append(f"{count} {unit}{'s' if count > 1 else ''}")
    return " ".join(shown[:2]) or "0 seconds"


def _explain_signature(
    prefix: str, target: str, fragment: str, endpoint: Endpoint, private_key: str, now: float
) -> ExplainedSignature:
    verdict = check_target("/" + target, endpoint_path="/", private_keys=[private_key], now=now)
    mistake = find_mistake(target, fragment, prefix=prefix, private_key=private_key)
    signed_string, causes = mistake or (None, ())
    is_elsewhere = prefix != endpoint.prefix
    if mistake and not causes:
        if is_elsewhere:
            causes = (f"the URL was signed for the endpoint {prefix}",)
        elif verdict.status == "bad":  # the signature is valid, but ik-t is not a time
            causes = (verdict.reason,)
        elif signed_string != verdict.string_to_sign:
            causes = ("the URL was signed before it was percent-encoded, as older releases do; the service accepts it",)
    return ExplainedSignature(
        status="other endpoint" if is_elsewhere else verdict.status,
        reason=(
            f"the URL is not under the client's endpoint {endpoint.prefix}"
            if is_elsewhere
            else _explain_verdict(verdict, target, is_explained=mistake is not None)
        ),
        string_to_sign=_hide_signature(verdict.string_to_sign),
        signed_string=None if signed_string is None else _hide_signature(signed_string),
        causes=causes,
    )


def _explain_verdict(verdict: Verdict, target: str, *, is_explained: bool) -> str:
    if verdict.status == "ok":
        return "valid: it matches the URL and the client's private key"
    if verdict.status == "expired":
        return f"{verdict.reason}; the signature itself is valid"
    if verdict.status == "unsigned" or is_explained:
        return verdict.reason
    for signature in split_target(target)[1]:
        if not _SIGNATURE.fullmatch(signature):
            hint = f"it must have 40 hexadecimal digits in lower case (ik-s has {len(signature)} characters)"
            return f"{verdict.reason}; {hint}"
    return (
        f"{verdict.reason}; no common mistake explains it: either another private key signed the URL, or its path, its "
        "transformation or its expiry (ik-t) was changed or dropped after signing"
    )


def _hide_signature(text: str) -> str:
    return _SIGNATURE_VALUE.sub(r"\1…", text)


def _escape(text: str) -> str:
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def _show(text: str, start: int = 0, length: int = _MAX_LINE) -> str:
    """Return part of a text without characters that a terminal would interpret."""
    end = start + length
    return f"{'…' if start else ''}{_escape(text[start:end])}{'…' if end < len(text) else ''}"
