"""The calls of the API, from the library's own tables, each with the subject to which it belongs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ...groups.table import METHODS
from ...local.web.operations import CLIENT_SIDE, OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

# The subjects are the groups of release 5, apart from these.
_SUBJECTS = {"assets": "files", "beta": "files", "usage_analytics": "usage"}
_PAGED = {"list_files": "iter_files"}


class Call(NamedTuple):
    """A call of the API.

    Attributes:
        name: Name of the client's method. An upload from a browser has the name of the server's upload, and a suffix.
        subject: Subject, such as ``Files``.
        method: HTTP method.
        path: Path on the host, with ``{names}`` for the variable parts.
    """

    name: str
    subject: str
    method: str
    path: str

    @property
    def is_client_side(self) -> bool:
        """Whether browsers make this call, with a token instead of the private key."""
        return self.name.endswith(CLIENT_SIDE)

    @property
    def method_name(self) -> str:
        """Name of the client's method that has the arguments of the call."""
        return self.name.removesuffix(CLIENT_SIDE)

    @property
    def changes_something(self) -> bool:
        """Whether the call changes something in the account."""
        return self.method != "GET"

    @property
    def deletes(self) -> bool:
        """Whether the call deletes something."""
        return "delete" in self.name

    @property
    def may_ask(self) -> bool:
        """Whether the call needs a confirmation, at least for some arguments."""
        return self.deletes or self.name == "purge_file_cache"

    @property
    def iterator(self) -> str | None:
        """Name of the client's method that iterates over all pages of the listing; None if it has no pages."""
        return _PAGED.get(self.name)


@cache
def read_calls() -> Mapping[str, Call]:
    """Return the calls by name."""
    groups = {method: name.split(".") for name, method in METHODS.items()}
    found: dict[str, Call] = {}
    for operation in OPERATIONS:
        if operation.name in found:
            continue  # a second path for the same call
        first, second, *_ = groups[operation.name]
        group = second if first == "accounts" else first
        subject = _SUBJECTS.get(group, group).replace("_", " ").capitalize().replace("Url", "URL")
        names = [operation.name, *([operation.name + CLIENT_SIDE] if operation.is_for_browsers else [])]
        found |= {name: Call(name, subject, operation.method, operation.path) for name in names}
    return found


def group_by_subject() -> Mapping[str, list[Call]]:
    """Return the calls by subject."""
    found: dict[str, list[Call]] = {}
    for call in read_calls().values():
        found.setdefault(call.subject, []).append(call)
    return found
