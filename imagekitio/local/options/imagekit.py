"""The command line of local ImageKit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from ..base.settings import PRIVATE_KEY, PUBLIC_KEY, KeyPair, Settings
from ..server.imagekit import LocalImageKit
from .base import CommandLine, Option, read_integer, read_number, refuse, refuse_several

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..base.settings import Access
    from .base import Reader

_ACCESSES: Mapping[str, Access] = {"none": "none", "read": "read", "read-write": "read-write", "standard": "standard"}


def _read_numbers(text: str) -> tuple[float, ...]:
    return tuple(map(read_number, filter(None, text.split(","))))


def _read_limit(text: str) -> tuple[int, float]:
    if "," in text:
        raise refuse_several("limit such as 100/1")
    requests, slash, seconds = text.partition("/")
    if not slash:
        raise refuse("requests and seconds such as 100/1", text)
    return read_integer(requests), read_number(seconds)


def _read_remote_file(text: str) -> tuple[str, Path]:
    url, equals, path = text.rpartition("=")
    if not equals or not url or not path:
        raise refuse("a URL and a file, such as https://example.com/a.jpg=a.jpg", text)
    file = Path(path)
    if not file.is_file():
        raise ValueError(f"{path} {'is a folder' if file.is_dir() else 'does not exist'} (got {text!r})")
    return url, file


def _read_pair(text: str) -> KeyPair:
    if "," in text:
        raise refuse_several("pair PUBLIC:PRIVATE")
    public, _, rest = text.partition(":")
    private, colon, access = rest.partition(":")
    if public and private and access == "expired":
        return KeyPair(public, private, is_expired=True)
    if not public or not private or (colon and access not in _ACCESSES):
        raise refuse(f"PUBLIC:PRIVATE, optionally followed by :expired or one of :{', :'.join(_ACCESSES)}", text)
    return KeyPair(public, private, _ACCESSES.get(access, "standard"))


class _ImageKitCommandLine(CommandLine):
    service: ClassVar[str] = "ImageKit"
    settings = Settings
    # The one pair of `keys` that is enough for nearly everyone.
    own_options: ClassVar[Sequence[Option]] = (
        Option("public_key", f"Public key to accept. [default: {PUBLIC_KEY}]", "PUBLIC_KEY", str),
        Option("private_key", f"Private key to accept. [default: {PRIVATE_KEY}]", "PRIVATE_KEY", str),
    )
    readers: ClassVar[Mapping[object, Reader]] = {
        "tuple[float, ...]": ("SECONDS,...", _read_numbers, False),
        "tuple[tuple[int, float], ...]": ("REQUESTS/SECONDS", _read_limit, True),
        "tuple[KeyPair, ...]": ("PUBLIC:PRIVATE[:ACCESS]", _read_pair, True),
        "Mapping[str, Path]": ("URL=FILE", _read_remote_file, True),
    }
    notes: ClassVar[Mapping[str, str]] = {
        "keys": f"Add one of :{', :'.join(_ACCESSES)} to give a pair that access, or :expired to have it refused.",
    }

    def make_server(self, arguments: Mapping[str, Any]) -> LocalImageKit:
        return LocalImageKit(**arguments)

    def make_arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        arguments = super().make_arguments(given)
        pair = (arguments.pop("public_key", PUBLIC_KEY), arguments.pop("private_key", PRIVATE_KEY))
        if "keys" not in arguments:
            arguments["keys"] = (KeyPair(*pair),)
        elif pair != (PUBLIC_KEY, PRIVATE_KEY):
            raise ValueError("give either --keys, or --public-key and --private-key")
        for name in ("keys", "rate_limits"):
            arguments[name] = tuple(arguments.get(name, ()))
        if "remote_files" in arguments:
            arguments["remote_files"] = dict(arguments["remote_files"])
        return arguments


IMAGEKIT: CommandLine = _ImageKitCommandLine()
