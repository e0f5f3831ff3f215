"""Parses delivery URLs: `parse_url` is the inverse of `url()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .quoting import check_text, quote_form, quote_path, unquote, unquote_form
from .steps import write_steps
from .transformation_names import CODES, FLAGS, PATHS

if TYPE_CHECKING:
    from .endpoint import Endpoint


@dataclass(frozen=True)
class ParsedUrl:
    """The parts of a URL under an endpoint.

    Attributes:
        path: Path of the file, with a leading slash; decoded if encoding it again gives the same text.
        transformation: The steps, as `url()` takes them. A step that is more than names and values (a layer, a
            condition) is ``{"raw": "…"}``.
        transformation_position: Where the steps stand: ``path`` or ``query``.
        query: The other query parameters, encoded as in the URL.
        expires_at: Unix time in seconds after which a signed URL is no longer valid; None if it never expires.
        signature: The signature, unverified; None for an unsigned URL.
    """

    path: str
    transformation: list[dict[str, Any]]
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
        """The options with which `url()` builds the URL again, without its signature."""
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
        elif name == "ik-t" and value.isascii() and value.isdigit():
            expires_at = int(value)
        elif name == "tr" and not steps:
            steps, position = _decode_form(value), "query"
        else:
            others.append(item)
    transformation = [_parse_step(step) for step in steps.split(":")] if _is_flat(steps) else [{"raw": steps}]
    path = "/" + _decode_path(path)
    return ParsedUrl(path, transformation if steps else [], position, "&".join(others), expires_at, signature)


def _decode_form(text: str) -> str:
    return unquote_form(text).decode(errors="replace")


def _decode_path(text: str) -> str:
    """Decode a path, unless encoding it again would give a different one."""
    decoded = unquote(text).decode(errors="replace")
    return decoded if quote_path(decoded) == text and not set("?%") & set(decoded) else text


def _is_flat(steps: str) -> bool:
    """Tell whether ``:`` and ``,`` only separate steps and items: no layer or condition contains any."""
    return not any(token.startswith(("l-", "if-")) for step in steps.split(":") for token in step.split(","))


# Of several names for one code, the first that takes any value.
_NAMES: dict[str, str] = {}
for _name, _code in CODES.items():
    if _code not in _NAMES or _NAMES[_code] in FLAGS:
        _NAMES[_code] = _name


def _parse_step(step: str) -> dict[str, Any]:
    items: dict[str, Any] = {}
    for token in step.split(",") if step else ():
        code = _find_code(token)
        name, text = _NAMES.get(code, code), token[len(code) + 1 :]
        value: Any = text if len(token) > len(code) else "-"
        if name in PATHS:
            value = value.replace("@@", "/")
        elif value.isascii() and value.isdigit() and str(int(value)) == value:
            value = int(value)
        items[name] = value
    # A step that would be written differently, because a code occurs twice for example, is kept as it is.
    return items if write_steps([items], quote=str) == step else {"raw": step}


def _find_code(token: str) -> str:
    """Return the longest known code that `token` starts with; a code may contain a dash (``e-sharpen-10``)."""
    parts = token.split("-")
    for length in range(len(parts), 0, -1):
        code = "-".join(parts[:length])
        if code in _NAMES:
            return code
    return parts[0]
