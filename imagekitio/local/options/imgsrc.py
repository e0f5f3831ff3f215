"""The command line of local img-src."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, ClassVar, get_args

from ..imgsrc.settings import PLAN_LIMITS, ApiKey, ImgsrcSettings, KeyScope
from ..server.imgsrc import LocalImgsrc
from .base import IMGSRC_FLAG, CommandLine, read_integer, refuse, refuse_several

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .base import Reader

_NO_LIMIT = "none"
_QUOTAS = frozenset(each.name for each in fields(ImgsrcSettings) if each.type == "Quota")
_SCOPES: Mapping[str, KeyScope] = {scope: scope for scope in get_args(KeyScope)}


def _read_quota(text: str) -> int | str:
    if text in ("plan", _NO_LIMIT):
        return text
    try:
        return read_integer(text)
    except ValueError:
        raise refuse("a whole number, none for no limit, or plan", text) from None


def _read_key(text: str) -> ApiKey:
    if "," in text:
        raise refuse_several("API key")
    key, colon, rest = text.partition(":")
    if rest == "expired":
        return ApiKey(key, is_expired=True)
    if not colon:
        return ApiKey(key)
    if rest not in _SCOPES:
        raise ValueError(f"an API key may end with :expired or one of :{', :'.join(_SCOPES)} (got {rest!r})")
    return ApiKey(key, (_SCOPES[rest],))


class _ImgsrcCommandLine(CommandLine):
    service: ClassVar[str] = "img-src"
    program: ClassVar[str] = f"{CommandLine.program} {IMGSRC_FLAG}"
    settings = ImgsrcSettings
    readers: ClassVar[Mapping[object, Reader]] = {
        "Plan": ("|".join(PLAN_LIMITS), str, False),
        "Quota": ("N|none|plan", _read_quota, False),
        "tuple[ApiKey, ...]": ("imgsrc_KEY[:SCOPE]", _read_key, True),
    }
    notes: ClassVar[Mapping[str, str]] = {
        "api_keys": (
            "A key is imgsrc_ followed by letters or digits. It has the scopes read and write; add :read or :write "
            "to give it only one, or :expired to have it refused."
        ),
    }

    def make_server(self, arguments: Mapping[str, Any]) -> LocalImgsrc:
        return LocalImgsrc(**arguments)

    def make_arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        arguments = super().make_arguments(given)
        # Converted only here, because to a parser None may mean an option that was not given.
        return {name: None if name in _QUOTAS and value == _NO_LIMIT else value for name, value in arguments.items()}


IMGSRC: CommandLine = _ImgsrcCommandLine()
