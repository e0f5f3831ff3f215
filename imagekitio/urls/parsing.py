"""Takes URLs apart again: `parse_url` inverts `url()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .building import read_endpoint
from .quoting import quote_form, quote_path, unquote, unquote_form
from .steps import write_steps
from .transformation_names import CODES, FLAGS, PATHS


@dataclass(frozen=True)
class ParsedUrl:
    """The parts of a URL under an endpoint.

    Attributes:
        path: The path of the file, with a leading slash and decoded where that loses nothing.
        transformation: The steps, as `url()` takes them. A step that says more than names and values do (a layer, a
            condition) is ``{"raw": "…"}``.
        transformation_position: Where the steps stand: ``path`` or ``query``.
        query: The other query parameters, as they stand in the URL.
        expires_at: Unix time in seconds after which a signed URL ends; None when it does not.
        signature: The signature, None for an unsigned URL. `verify_url` checks it.
    """

    path: str
    transformation: list[dict[str, Any]]
    transformation_position: str
    query: str = ""
    expires_at: int | None = None
    signature: str | None = None

    @property
    def query_parameters(self) -> list[tuple[str, str]]:
        """The names and values of `query`, decoded and in their order; a name may be there twice."""
        pairs = [item.partition("=") for item in self.query.split("&") if item]
        return [(_form_decoded(name), _form_decoded(value)) for name, _, value in pairs]

    @property
    def options(self) -> dict[str, Any]:
        """The options with which `url()` gives the URL again, but for its signature."""
        options: dict[str, Any] = {"path": self.path, "transformation_position": self.transformation_position}
        if self.transformation:
            options["transformation"] = self.transformation
        parameters = dict(self.query_parameters)
        if "&".join(f"{quote_form(name)}={quote_form(value)}" for name, value in parameters.items()) == self.query:
            if parameters:
                options["query_parameters"] = parameters
        else:  # a dict cannot hold a name twice, or one without a value; the query of a path can
            options["path"] = f"{quote_path(self.path)}?{self.query}"
        return options


def parse_url(url: str, *, url_endpoint: str) -> ParsedUrl:
    """Return the parts of a URL that `url()` could have built.

    Args:
        url: An absolute URL.
        url_endpoint: The endpoint under which it is.

    Raises:
        TypeError: `url` is no text.
        ValueError: `url` is not under the endpoint.
    """
    if not isinstance(url, str):
        raise TypeError(f"url must be text (got {type(url).__name__})")
    prefix, _ = read_endpoint(url_endpoint)
    if not url.startswith(prefix):
        raise ValueError(f"the URL is not under the endpoint {prefix} (got {url!r})")
    path, _, query = url[len(prefix) :].partition("#")[0].partition("?")
    steps, position = "", "path"
    if path.startswith("tr:"):
        steps, _, path = path[len("tr:") :].partition("/")
        steps = _decoded(steps)
    others: list[str] = []
    signature, expires_at = None, None
    for item in query.split("&") if query else ():
        name, _, value = item.partition("=")
        if name == "ik-s":
            signature = value
        elif name == "ik-t" and value.isascii() and value.isdigit():
            expires_at = int(value)
        elif name == "tr" and not steps:
            steps, position = _form_decoded(value), "query"
        else:
            others.append(item)
    transformation = [_parse_step(step) for step in steps.split(":")] if _is_flat(steps) else [{"raw": steps}]
    return ParsedUrl(
        "/" + _decoded(path), transformation if steps else [], position, "&".join(others), expires_at, signature
    )


def _form_decoded(text: str) -> str:
    return unquote_form(text).decode(errors="replace")


def _decoded(text: str) -> str:
    """Decode, unless another text would come out of encoding it again."""
    decoded = unquote(text).decode(errors="replace")
    return decoded if quote_path(decoded) == text and not set("?%") & set(decoded) else text


def _is_flat(steps: str) -> bool:
    """Whether ``:`` and ``,`` only separate: no layer and no condition holds steps of its own."""
    return not any(token.startswith(("l-", "if-")) for step in steps.split(":") for token in step.split(","))


# A code that two names share gets the one that takes any value.
_NAMES: dict[str, str] = {}
for _name, _code in CODES.items():
    if _code not in _NAMES or _NAMES[_code] in FLAGS:
        _NAMES[_code] = _name


def _parse_step(step: str) -> dict[str, Any]:
    items: dict[str, Any] = {}
    for token in step.split(",") if step else ():
        code = _code_of(token)
        name, text = _NAMES.get(code, code), token[len(code) + 1 :]
        value: Any = text if len(token) > len(code) else "-"
        if name in PATHS:
            value = value.replace("@@", "/")
        elif value.isascii() and value.isdigit() and str(int(value)) == value:
            value = int(value)
        items[name] = value
    # Whatever does not come out the same, a code that stands twice for example, is kept as it is.
    return items if write_steps([items], quote=str) == step else {"raw": step}


def _code_of(token: str) -> str:
    """Return the longest known code that `token` starts with; codes hold dashes themselves (``e-sharpen-10``)."""
    parts = token.split("-")
    for length in range(len(parts), 0, -1):
        code = "-".join(parts[:length])
        if code in _NAMES:
            return code
    return parts[0]
