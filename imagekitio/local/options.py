"""The command line of local ImageKit: one table of options, with one for every attribute of `Settings`.

``python -m imagekitio.local`` reads it by argparse, and the command ``imagekit local`` by Click.
"""

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

PORT, HOST = 8080, "127.0.0.1"
WIDTH = 100  # the most columns of a line
_PROGRAM = "python -m imagekitio.local"
_ACCESSES: Mapping[str, Access] = {"none": "none", "read": "read", "read-write": "read-write", "standard": "standard"}
# Attributes that the command line does not set: the first is the outcome of --host and --port.
_WITHOUT_OPTION = ("address", "clock")


class Option(NamedTuple):
    """An option of the command line, whichever parser reads it.

    Attributes:
        name: Argument of `LocalImageKit` that it gives; ``public_key`` and ``private_key`` are the pair of `keys`.
        text: Help, with the default.
        metavar: What stands for the value in the help.
        read: Function that returns the value of a text, or raises a ValueError that says what would be right; None for
            a flag, which has ``--no-…`` too.
        is_list: Whether it may stand several times.
    """

    name: str
    text: str
    metavar: str = ""
    read: Callable[[str], object] | None = None
    is_list: bool = False

    @property
    def flag(self) -> str:
        """How it is typed, such as ``--max-pixels``."""
        return _option(self.name)


def list_options() -> list[Option]:
    """Return every option: those of the server, and one for each attribute of `Settings`."""
    texts = _help_texts()
    return [
        Option("port", f"Port to listen on; 0 takes a free one ({PORT}).", "PORT", _read_port),
        Option("host", f"Address to listen on ({HOST}); 0.0.0.0 lets the network in.", "HOST", str),
        Option("public_key", f"Public key of the pair that is accepted ({PUBLIC_KEY}).", "PUBLIC_KEY", str),
        Option("private_key", f"Private key of the pair that is accepted ({PRIVATE_KEY}).", "PRIVATE_KEY", str),
        *(
            Option(each.name, texts.get(each.name, "") + _default_text(each), *_READERS[each.type])
            for each in fields(Settings)
            if each.name not in _WITHOUT_OPTION
        ),
    ]


def make_arguments(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of `LocalImageKit` for the values of the options that were given.

    Raises:
        ValueError: Two of them contradict each other.
    """
    arguments = {"port": PORT, "host": HOST, **given}
    pair = (arguments.pop("public_key", PUBLIC_KEY), arguments.pop("private_key", PRIVATE_KEY))
    if "keys" not in arguments:
        arguments["keys"] = (KeyPair(*pair),)
    elif pair != (PUBLIC_KEY, PRIVATE_KEY):
        raise ValueError("give --keys, or --public-key and --private-key")
    for name in ("keys", "rate_limits"):
        arguments[name] = tuple(arguments.get(name, ()))
    if "remote_files" in arguments:
        arguments["remote_files"] = dict(arguments["remote_files"])
    return arguments


def make_parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser of the options, which gives the values of those that the command line names."""
    parser = _Parser(
        _PROGRAM,
        description=description,
        usage=f"{_PROGRAM} [--port PORT] [--data DIR] [--host HOST] [option ...]",
        formatter_class=partial(argparse.HelpFormatter, max_help_position=30, width=_columns()),
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
    )
    for option in list_options():
        options: dict[str, Any] = {"help": option.text.replace("%", "%%")}
        if option.read is None:
            options["action"] = argparse.BooleanOptionalAction
        else:
            options |= {"type": _make_type(option.read), "metavar": option.metavar}
            if option.is_list:
                options["action"] = "append"
        parser.add_argument(option.flag, **options)
    return parser


def read_options(parser: argparse.ArgumentParser, arguments: list[str] | None) -> dict[str, Any]:
    """Return the arguments of `LocalImageKit` that a command line gives; exit if it is not valid."""
    try:
        return make_arguments(vars(parser.parse_args(arguments)))
    except ValueError as exc:
        parser.error(str(exc))


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


def _make_type(read: Callable[[str], object]) -> Callable[[str], object]:
    def convert(text: str) -> object:
        try:
            return read(text)
        except ValueError as exc:
            raise argparse.ArgumentTypeError(str(exc)) from None

    return convert


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


def _refuse(right: str, text: str) -> ValueError:
    return ValueError(f"must be {right} (got {text!r})")


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
    if not equals or not url or not path:
        raise _refuse("a URL and a file, such as https://example.com/a.jpg=a.jpg", text)
    file = Path(path)
    if not file.is_file():
        raise ValueError(f"{path} is {'a folder' if file.is_dir() else 'not there'} (got {text!r})")
    return url, file


def _read_pair(text: str) -> KeyPair:
    public, _, rest = text.partition(":")
    private, colon, access = rest.partition(":")
    if public and private and access == "expired":
        return KeyPair(public, private, is_expired=True)
    if not public or not private or (colon and access not in _ACCESSES):
        raise _refuse(f"PUBLIC:PRIVATE, or with :expired or one of :{', :'.join(_ACCESSES)} behind", text)
    return KeyPair(public, private, _ACCESSES.get(access, "standard"))


# Metavar, reader and whether it is a list, by the annotation of an attribute. A test makes sure that there is one for
# each.
_READERS: Mapping[object, tuple[str, Callable[[str], object] | None, bool]] = {
    "bool": ("", None, False),
    "Path": ("DIR", _read_folder, False),
    "str": ("TEXT", str, False),
    "str | None": ("URL", str, False),
    "int": ("N", _read_integer, False),
    "int | None": ("N", _read_integer, False),
    "float": ("SECONDS", _read_number, False),
    "tuple[float, ...]": ("SECONDS,...", _read_numbers, False),
    "tuple[tuple[int, float], ...]": ("REQUESTS/SECONDS", _read_limit, True),
    "tuple[KeyPair, ...]": ("PUBLIC:PRIVATE[:ACCESS]", _read_pair, True),
    "Mapping[str, Path]": ("URL=FILE", _read_remote_file, True),
}
