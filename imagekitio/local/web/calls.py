"""API calls and answers as plain data for handlers, and checks that many handlers share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.addresses import UrlEndpoints
from ..base.errors import ApiError, invalid_parameter
from ..base.names import is_object_id

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = Any  # a value for json.dumps

NO_ENDPOINTS = UrlEndpoints("")  # for a call without a request
_INTEGER = re.compile(r"-?[0-9]{1,18}\Z")


@dataclass(frozen=True)
class Call:
    """One request.

    Attributes:
        path: Variables in the path.
        query: Query parameters.
        body: JSON body; an empty object if there is none.
        endpoints: URL endpoints for the address that the client uses.
    """

    path: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])
    endpoints: UrlEndpoints = NO_ENDPOINTS


class Answer(NamedTuple):
    """A status and a JSON body; None means no body."""

    status: int
    body: Json = None


NO_CONTENT = Answer(204)


def path_id(call: Call, name: str) -> str:
    """Return the id `name` in the path; raise a 400 if it is not valid."""
    if not is_object_id(call.path[name]):
        raise ApiError(400, f"Your request contains invalid {name} parameter.")
    return call.path[name]


def query_flag(call: Call, name: str, default: bool = False) -> bool:
    text = call.query.get(name) or str(default)
    return read_flag(name, text)


def read_flag(name: str, text: str) -> bool:
    """Return a boolean from ``true`` or ``false``, regardless of case."""
    if text.lower() not in ("true", "false"):
        raise invalid_parameter(name, "It should be true or false.")
    return text.lower() == "true"


def query_integer(call: Call, name: str, default: int) -> int:
    text = call.query.get(name) or str(default)
    if not _INTEGER.match(text):
        raise invalid_parameter(name, "It should be an integer.")
    return int(text)


def split_list(text: str) -> list[str]:
    """Return the trimmed elements of a comma-separated list; 4.x joins with a comma and a space."""
    return [element for element in map(str.strip, text.split(",")) if element]


def check_missing(call: Call, *names: str) -> None:
    """Raise a 400 ``MISSING_PARAMETER`` if the body lacks one of `names`, or it is empty."""
    if any(call.body.get(name) in (None, "") for name in names):
        message = "Your request is missing parameters / contains invalid parameters."
        raise ApiError(400, message, "MISSING_PARAMETER")


def body_text(call: Call, name: str) -> str:
    return str(_of_type(call, name, str, "a string"))


def body_flag(call: Call, name: str, default: bool = False) -> bool:
    return default if call.body.get(name) is None else bool(_of_type(call, name, bool, "true or false"))


def _of_type(call: Call, name: str, wanted: type, words: str) -> Any:
    value = call.body[name]
    if not isinstance(value, wanted):
        raise ApiError(400, f"The value of {name} parameter should be {words}.", "INVALID_PARAMETER")
    return value
