"""The base class of the command lines of all services.

``python -m imagekitio.local`` reads them with argparse, and the command ``imagekit local`` with Click.
"""

from __future__ import annotations

import argparse
import inspect
import re
import shutil
import textwrap
from abc import ABC, abstractmethod
from dataclasses import MISSING, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, NoReturn, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from dataclasses import Field

    from _typeshed import DataclassInstance

    from ..server.imagekit import LocalImageKit
    from ..server.imgsrc import LocalImgsrc

    # Metavar, reader and whether it is a list, for all attributes with the same annotation.
    Reader: TypeAlias = tuple[str, Callable[[str], object] | None, bool]

PORT, HOST = 8080, "127.0.0.1"
WIDTH = 100  # the maximum number of columns in a line
IMGSRC_FLAG = "--img-src"  # starts local img-src instead of local ImageKit
# Attributes that the command line does not set: the first follows from --host and --port.
_WITHOUT_OPTION = ("address", "clock")


class Option(NamedTuple):
    """An option of the command line, for any parser.

    Attributes:
        name: Server argument that it sets, or a name that `CommandLine.make_arguments` turns into one.
        text: Help text, including the default.
        metavar: Placeholder for the value in the help.
        read: Function that converts text to the value, or raises a ValueError that says what is allowed; None for a
            flag, which has a ``--no-…`` form too.
        is_list: Whether the option may be repeated.
    """

    name: str
    text: str
    metavar: str = ""
    read: Callable[[str], object] | None = None
    is_list: bool = False

    @property
    def flag(self) -> str:
        """The option as it is typed, such as ``--max-pixels``."""
        return _option(self.name)


class CommandLine(ABC):
    """The command line that starts the local server of one service.

    Attributes:
        service: Name of the service.
        program: Start of the command line.
        settings: Dataclass whose attributes become options.
        own_options: Options in addition to those and to ``--port`` and ``--host``.
        readers: Additions to `READERS`, by the annotation of an attribute.
        notes: Additions to the help text, by the name of an attribute.
    """

    service: ClassVar[str]
    program: ClassVar[str] = "python -m imagekitio.local"
    settings: ClassVar[type[DataclassInstance]]
    own_options: ClassVar[Sequence[Option]] = ()
    readers: ClassVar[Mapping[object, Reader]]
    notes: ClassVar[Mapping[str, str]] = {}

    @abstractmethod
    def make_server(self, arguments: Mapping[str, Any]) -> LocalImageKit | LocalImgsrc:
        """Return the server for the result of `make_arguments`.

        Raises:
            ImportError: The packages of the extra ``local`` are missing.
            ValueError: An argument is not valid; see `name_options`.
        """

    def make_arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the server's arguments for the options that were given.

        Raises:
            ValueError: Two of them contradict each other.
        """
        return {"port": PORT, "host": HOST, **given}

    def list_options(self) -> list[Option]:
        """Return all options: those of the server, and one for each attribute of `settings`."""
        texts, readers = self._help_texts(), {**READERS, **self.readers}
        return [
            Option("port", f"Port to listen on; 0 picks a free one. [default: {PORT}]", "PORT", _read_port),
            Option("host", f"Address to listen on; 0.0.0.0 is open to the network. [default: {HOST}]", "HOST", str),
            *self.own_options,
            *(
                Option(each.name, _join_help(each, texts, self.notes, readers[each.type]), *readers[each.type])
                for each in fields(self.settings)
                if each.name not in _WITHOUT_OPTION
            ),
        ]

    def make_parser(self, description: str | None) -> argparse.ArgumentParser:
        """Return a parser whose result holds only the options that were given."""
        parser = _Parser(
            self.program,
            description=description,
            usage=f"{self.program} [--port PORT] [--data DIR] [--host HOST] [option ...]",
            formatter_class=partial(argparse.HelpFormatter, max_help_position=30, width=_columns()),
            argument_default=argparse.SUPPRESS,
            allow_abbrev=False,
        )
        text = f"Run local img-src instead of local ImageKit; {IMGSRC_FLAG} --help shows its options."
        parser.add_argument(IMGSRC_FLAG, action="store_true", help=text)
        for option in self.list_options():
            options: dict[str, Any] = {"help": option.text.replace("%", "%%")}
            if option.read is None:
                options["action"] = argparse.BooleanOptionalAction
            else:
                options |= {"type": _make_type(option.read), "metavar": option.metavar}
                if option.is_list:
                    options["action"] = "append"
            parser.add_argument(option.flag, **options)
        return parser

    def name_options(self, text: str) -> str:
        """Replace the names of settings in `text` with those of their options."""
        names = "|".join(each.name for each in fields(self.settings) if each.name not in _WITHOUT_OPTION)
        return re.sub(rf"`({names})`|^({names})\b", lambda match: _option(match[1] or match[2]), text)

    def _help_texts(self) -> Mapping[str, str]:
        """Return the description of each attribute in the docstring of the settings; none under ``python -OO``."""
        _, _, attributes = inspect.cleandoc(self.settings.__doc__ or "").partition("Attributes:\n")
        entries = re.findall(r"^    (\w+): (.+(?:\n {8}.+)*)", attributes, re.MULTILINE)
        return {name: self.name_options(" ".join(text.split())).replace("`", "") for name, text in entries}


def wrap(text: str) -> str:
    """Wrap long lines of `text`, but never inside a path or a URL."""
    fill = partial(textwrap.fill, width=WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(map(fill, text.splitlines()))


def refuse(expected: str, text: str) -> ValueError:
    """Return the error for text that is not what was expected."""
    return ValueError(f"must be {expected} (got {text!r})")


def refuse_several(what: str) -> ValueError:
    """Return the error for a list where an option takes one item; it omits the value, which may contain keys."""
    return ValueError(f"must be one {what}: repeat the option for several, without commas")


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


def _join_help(setting: Field[Any], texts: Mapping[str, str], notes: Mapping[str, str], reader: Reader) -> str:
    """Return the help of the option for a setting."""
    _, _, is_list = reader
    parts = [texts.get(setting.name), notes.get(setting.name), _default_text(setting)]
    return " ".join(filter(None, [*parts, "Repeat the option for several." if is_list else ""]))


def _default_text(setting: Field[Any]) -> str:
    value = setting.default
    if value in (MISSING, None, ()):
        return ""
    if isinstance(value, bool):
        return f"[default: {'yes' if value else 'no'}]"
    if isinstance(value, tuple):
        # Keys have their own options, or are printed when the server starts.
        return f"[default: {','.join(map(str, value))}]" if isinstance(value[0], (int, float)) else ""
    return f"[default: {value}]"


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _columns() -> int:
    return min(shutil.get_terminal_size().columns, WIDTH) - 2


def _read_port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise refuse("a number from 0 to 65535", text)
    return int(text)


def _read_folder(text: str) -> Path:
    if not text:
        raise refuse("a folder", text)
    return Path(text)


def read_integer(text: str) -> int:
    """Return a whole number."""
    try:
        return int(text)
    except ValueError:
        raise refuse("a whole number", text) from None


def read_number(text: str) -> float:
    """Return a number."""
    try:
        return float(text)
    except ValueError:
        raise refuse("a number", text) from None


# A test checks that every annotation has a reader.
READERS: Mapping[object, Reader] = {
    "bool": ("", None, False),
    "Path": ("DIR", _read_folder, False),
    "str": ("TEXT", str, False),
    "str | None": ("URL", str, False),
    "int": ("N", read_integer, False),
    "int | None": ("N", read_integer, False),
    "float": ("SECONDS", read_number, False),
}
