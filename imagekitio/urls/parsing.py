"""Parse delivery URLs: `parse_url` is the inverse of `url()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .quoting import check_text, quote_form, quote_path, unquote, unquote_form
from .signing import is_expiry
from .transformations.parsing import StepParser
from .transformations.steps import write_path_steps, write_query_steps

if TYPE_CHECKING:
    from .endpoint import Endpoint


@dataclass(frozen=True)
class ParsedUrl:
    """The parts of a URL under an endpoint.

    Attributes:
        path: Path of the file, with a leading slash; decoded unless encoding it again would give a different text.
        transformation: The steps, as `url()` accepts them; a layer is an `overlay` dict. Parts that have no name, such
            as a condition, are ``{"raw": "…"}``.
        transformation_position: Part of the URL that contains the steps: ``path`` or ``query``.
        query: The other query parameters, encoded as in the URL.
        expires_at: Unix time in seconds after which a signed URL is no longer valid; None if it never expires.
        signature: The signature, unverified; None for an unsigned URL.
    """

    path: str
    transformation: list[Any]  # of `Transformation`, but type checkers reject reading keys that may be missing
    transformation_position: str
    query: str = ""
    expires_at: int | None = None
    signature: str | None = None

    @property
    def query_parameters(self) -> list[tuple[str, str]]:
        """The names and values of `query`, decoded and in order; a name may occur more than once."""
        pairs = [item.partition("=") for item in self.query.split("&") if item]
        return [(_decode_form(name), _decode_form(value)) for name, _, value in pairs]

    @property
    def options(self) -> dict[str, Any]:
        """The options from which `url()` builds the URL again, without its signature."""
        options: dict[str, Any] = {"path": self.path, "transformation_position": self.transformation_position}
        if self.transformation:
            options["transformation"] = self.transformation
        parameters = dict(self.query_parameters)
        if "&".join(f"{quote_form(name)}={quote_form(value)}" for name, value in parameters.items()) == self.query:
            if parameters:
                options["query_parameters"] = parameters
        else:  # a dict cannot contain a name twice, or without a value; the query of a path can
            options["path"] = f"{quote_path(self.path)}?{self.query}"
        return options


def parse_url(url: str, *, endpoint: Endpoint) -> ParsedUrl:
    """Return the parts of a URL under an endpoint; see `UrlBuilder.parse_url`."""
    rest = endpoint.remove_prefix(check_text("url", url))
    if rest is None:
        raise ValueError(f"the URL is not under the endpoint {endpoint.prefix} (got {url!r})")
    path, _, query = rest.partition("#")[0].partition("?")
    steps, position = "", "path"
    if path.startswith("tr:"):
        steps, _, path = path[len("tr:") :].partition("/")
        steps = _decode_path(steps)
    others: list[str] = []
    signature, expires_at = None, None
    for item in query.split("&") if query else ():
        name, _, value = item.partition("=")
        if name == "ik-s":
            signature = value
        elif name == "ik-t" and is_expiry(value):
            expires_at = int(value)
        elif name == "tr" and not steps:
            steps, position = _decode_form(value), "query"
        else:
            others.append(item)
    transformation = StepParser(write_path_steps if position == "path" else write_query_steps).parse(steps)
    path = "/" + _decode_path(path)
    return ParsedUrl(path, transformation, position, "&".join(others), expires_at, signature)


def _decode_form(text: str) -> str:
    return unquote_form(text).decode(errors="replace")


def _decode_path(text: str) -> str:
    """Decode a path, unless encoding it again would give a different one."""
    decoded = unquote(text).decode(errors="replace")
    return decoded if quote_path(decoded) == text and not set("?%") & set(decoded) else text
