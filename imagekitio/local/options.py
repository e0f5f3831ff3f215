"""The command line of ``python -m imagekitio.local``: an option for every attribute of `Settings`."""

from __future__ import annotations

import argparse
import inspect
import re
import shutil
import textwrap
from dataclasses import MISSING, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from .base.settings import PRIVATE_KEY, PUBLIC_KEY, KeyPair, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from dataclasses import Field

    from .base.settings import Access

WIDTH = 100  # the most columns of a line
_PROGRAM = "python -m imagekitio.local"
_ACCESSES: Mapping[str, Access] = {"none": "none", "read": "read", "read-write": "read-write", "standard": "standard"}
# Attributes that the command line does not set: the first is the outcome of --host and --port.
_WITHOUT_OPTION = ("address", "clock")


def make_parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser that gives arguments of `LocalImageKit`, those that the command line names."""
    parser = _Parser(
        _PROGRAM,
        description=description,
        usage=f"{_PROGRAM} [--port PORT] [--data DIR] [--host HOST] [option ...]",
        formatter_class=partial(argparse.HelpFormatter, max_help_position=30, width=_columns()),
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
    )
    parser.add_argument("--port", type=_read_port, default=8080, help="Port to listen on; 0 takes a free one (8080).")
    host_help = "Address to listen on (127.0.0.1); 0.0.0.0 lets the network in."
    parser.add_argument("--host", default="127.0.0.1", help=host_help)
    parser.add_argument("--public-key", help=f"Public key of the pair that is accepted ({PUBLIC_KEY}).")
    parser.add_argument("--private-key", help=f"Private key of the pair that is accepted ({PRIVATE_KEY}).")
    texts = _help_texts()
    for each in fields(Settings):
        if each.name not in _WITHOUT_OPTION:
            _add_option(parser, each, texts.get(each.name, ""))
    return parser


def read_options(parser: argparse.ArgumentParser, arguments: list[str] | None) -> dict[str, Any]:
    """Return the arguments of `LocalImageKit` that a command line gives; exit if it is not valid."""
    given = vars(parser.parse_args(arguments))
    pair = (given.pop("public_key", PUBLIC_KEY), given.pop("private_key", PRIVATE_KEY))
    if "keys" not in given:
        given["keys"] = (KeyPair(*pair),)
    elif pair != (PUBLIC_KEY, PRIVATE_KEY):
        parser.error("give --keys, or --public-key and --private-key")
    for name in ("keys", "rate_limits"):
        given[name] = tuple(given.get(name, ()))
    if "remote_files" in given:
        given["remote_files"] = dict(given["remote_files"])
    return given


def name_options(text: str) -> str:
    """Replace the names of settings in `text` by those of their options."""
    names = "|".join(each.name for each in fields(Settings) if each.name not in _WITHOUT_OPTION)
    return re.sub(rf"`({names})`|^({names})\b", lambda match: _option(match[1] or match[2]), text)


def wrap(text: str) -> str:
    """Break the lines of `text` that are too long; a path or a URL stays in one piece."""
    fill = partial(textwrap.fill, width=WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(map(fill, text.splitlines()))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, wrap(f"{self.prog}: {message}\nSee {self.prog} --help") + "\n")


class _Reader(NamedTuple):
    """How the text of an option becomes a value; `is_list` options may stand several times."""

    read: Callable[[str], object]
    metavar: str
    is_list: bool = False


def _add_option(parser: argparse.ArgumentParser, setting: Field[Any], text: str) -> None:
    options: dict[str, Any] = {"help": (text + _default_text(setting)).replace("%", "%%")}
    if setting.type == "bool":
        options["action"] = argparse.BooleanOptionalAction
    else:
        reader = _READERS[setting.type]
        options |= {"type": reader.read, "metavar": reader.metavar}
        if reader.is_list:
            options["action"] = "append"
    parser.add_argument(_option(setting.name), **options)


def _default_text(setting: Field[Any]) -> str:
    value = setting.default
    if value in (MISSING, None, ()) or setting.name == "keys":
        return ""
    if isinstance(value, bool):
        return f" ({'yes' if value else 'no'})"
    return f" ({','.join(map(str, value)) if isinstance(value, tuple) else value})"


def _help_texts() -> Mapping[str, str]:
    """Return what the docstring of `Settings` says of each attribute; nothing under ``python -OO``."""
    _, _, attributes = inspect.cleandoc(Settings.__doc__ or "").partition("Attributes:\n")
    entries = re.findall(r"^    (\w+): (.+(?:\n {8}.+)*)", attributes, re.MULTILINE)
    return {name: name_options(" ".join(text.split())).replace("`", "") for name, text in entries}


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _columns() -> int:
    return min(shutil.get_terminal_size().columns, WIDTH) - 2


def _refuse(right: str, text: str) -> argparse.ArgumentTypeError:
    return argparse.ArgumentTypeError(f"must be {right} (got {text!r})")


def _read_port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise _refuse("a number from 0 to 65535", text)
    return int(text)


def _read_folder(text: str) -> Path:
    if not text:
        raise _refuse("a folder", text)
    return Path(text)


def _read_integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise _refuse("a whole number", text) from None


def _read_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _refuse("a number", text) from None


def _read_numbers(text: str) -> tuple[float, ...]:
    return tuple(map(_read_number, filter(None, text.split(","))))


def _read_limit(text: str) -> tuple[int, float]:
    requests, slash, seconds = text.partition("/")
    if not slash:
        raise _refuse("requests and seconds such as 100/1", text)
    return _read_integer(requests), _read_number(seconds)


def _read_remote_file(text: str) -> tuple[str, Path]:
    url, equals, path = text.rpartition("=")
    if not equals or not url or not Path(path).is_file():
        raise _refuse("a URL and a file, such as https://example.com/a.jpg=a.jpg", text)
    return url, Path(path)


def _read_pair(text: str) -> KeyPair:
    public, _, rest = text.partition(":")
    private, colon, access = rest.partition(":")
    if public and private and access == "expired":
        return KeyPair(public, private, is_expired=True)
    if not public or not private or (colon and access not in _ACCESSES):
        raise _refuse(f"PUBLIC:PRIVATE, or with :expired or one of :{', :'.join(_ACCESSES)} behind", text)
    return KeyPair(public, private, _ACCESSES.get(access, "standard"))


# By the annotation of an attribute. A test makes sure that there is one for each.
_READERS: Mapping[object, _Reader] = {
    "Path": _Reader(_read_folder, "DIR"),
    "str": _Reader(str, "TEXT"),
    "str | None": _Reader(str, "URL"),
    "int": _Reader(_read_integer, "N"),
    "int | None": _Reader(_read_integer, "N"),
    "float": _Reader(_read_number, "SECONDS"),
    "tuple[float, ...]": _Reader(_read_numbers, "SECONDS,..."),
    "tuple[tuple[int, float], ...]": _Reader(_read_limit, "REQUESTS/SECONDS", is_list=True),
    "tuple[KeyPair, ...]": _Reader(_read_pair, "PUBLIC:PRIVATE[:ACCESS]", is_list=True),
    "Mapping[str, Path]": _Reader(_read_remote_file, "URL=FILE", is_list=True),
}
