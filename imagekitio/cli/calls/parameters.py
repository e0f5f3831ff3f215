"""The parameters of a call: those of the client's method, and those of its option class."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import imagekitio

from ...client import ImageKit
from ...models.account.origins import ORIGIN_CLASSES, Origin, OriginType
from ..base.command import make_common_options
from .docs import read_entries, read_text, word
from .kinds import File, Kind, Texts, evaluate, evaluate_options, find_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...models.options import Options

_OF_PYTHON = ("self", "options", "keywords", "on_progress")  # parameters that have no value on a command line
# Options that a command for a call has besides those of the call.
RESERVED = frozenset(
    {
        *(name for option in make_common_options(is_hidden=True) for name in option.opts),
        *("--all", "--body", "--dry-run", "--headers", "--help", "--yes"),
    }
)
FILE_TEXT = "Path of the file, - for standard input, or a URL from which the service fetches it."
VALUE_TEXT = "Numbers, true and false are JSON; put quotes into the value for text: '\"5\"'."
COMMAS_TEXT = "Several: as a,b or a JSON array, or by giving the option again."
ARRAY_TEXT = "Several: as a JSON array, or by giving the option again; commas do not separate."
_SHARED_ENTRY = re.compile(r"See `\w+`\.")


@dataclass(frozen=True)
class Parameter:
    """A value that a call takes.

    Attributes:
        path: Name, as Python spells it; of a member of an option, the name of that one and its own.
        kind: How its values look.
        text: What its documentation says about it.
        shown: What it is called on the command line, such as ``FILE_ID`` or ``--folder``.
        is_argument: Whether it is given by its position, and not by its name.
        is_of_method: Whether it is a parameter of the client's method, and not one of the options.
        is_required: Whether the method cannot be called without it.
        is_secret: Whether its values must not be seen by others.
    """

    path: tuple[str, ...]
    kind: Kind
    text: str
    shown: str = ""
    is_argument: bool = False
    is_of_method: bool = False
    is_required: bool = False
    is_secret: bool = False

    @property
    def name(self) -> str:
        """The name in one word, such as ``schema_type``."""
        return "_".join(self.path)


@dataclass(frozen=True)
class Signature:
    """What a call takes, and what its documentation says.

    Attributes:
        text: What it does, in plain words.
        parameters: Its parameters: arguments first, in their order.
        has_options: Whether the method takes options besides its own parameters.
    """

    text: str
    parameters: Sequence[Parameter]
    has_options: bool

    @property
    def arguments(self) -> Sequence[Parameter]:
        """The parameters that are given by their position."""
        return [parameter for parameter in self.parameters if parameter.is_argument]

    @property
    def has_named(self) -> bool:
        """Whether there are parameters that are given by their name."""
        return any(not parameter.is_argument for parameter in self.parameters)

    def without(self, name: str, text: str) -> Signature:
        """Return the signature of a call that does something else, and lacks a parameter."""
        return replace(self, text=text, parameters=[one for one in self.parameters if one.name != name])


@cache
def read_signature(method_name: str) -> Signature:
    """Return what a method of the client takes. Parameters of one value that must be given are arguments.

    Args:
        method_name: Name of the method.
    """
    method = getattr(ImageKit, method_name)
    texts = read_entries(method, "Args")
    found: list[Parameter] = []
    options: type[Options] | None = None
    for name, parameter in inspect.signature(method).parameters.items():
        if name == "options":
            options = _find_options(str(parameter.annotation))
        if name in _OF_PYTHON:
            continue
        kind = find_kind(evaluate(parameter.annotation))
        is_required = parameter.default is parameter.empty
        is_argument = is_required and not kind.is_list
        text = FILE_TEXT if isinstance(kind.value_type, File) else texts[name]
        found.append(
            Parameter((name,), kind, text, is_argument=is_argument, is_of_method=True, is_required=is_required)
        )
    if options is not None:
        found += _read_origins() if options is Origin else _read_options(options)
    named = [replace(parameter, shown=_name(parameter, method_name)) for parameter in found]
    return Signature(_word(read_text(method), named), [_word_text(one, named) for one in named], options is not None)


def _find_options(annotation: str) -> type[Options]:
    name = annotation.partition(" ")[0]
    return Origin if name == Origin.__name__ else cast("type[Options]", getattr(imagekitio, name))


def _read_options(options: type[Options], outer: tuple[str, ...] = ()) -> Iterator[Parameter]:
    hints, texts = evaluate_options(options), _describe_options(options)
    for field in fields(cast("Any", options)):
        path = (*outer, field.name)
        kind = find_kind(hints[field.name])
        yield Parameter(path, kind, texts[field.name], is_secret=not field.repr)
        if kind.options is not None:
            yield from _read_options(kind.options, path)


def _describe_options(options: type[Options]) -> Mapping[str, str]:
    """Return what the docstrings of a class and of its bases say about its options."""
    found: dict[str, str] = {}
    for cls in reversed(options.__mro__[:-1]):
        texts = read_entries(cls, "Attributes")
        found |= {name: text for name, text in texts.items() if not _SHARED_ENTRY.fullmatch(text)}
    return found


def _read_origins() -> Iterator[Parameter]:
    """Yield the options of all types of origins; those that not all types have say which do."""
    yield Parameter(
        ("type",), find_kind(evaluate(OriginType)), f"Kind of storage: {', '.join(ORIGIN_CLASSES)}; required."
    )
    types: dict[str, list[str]] = {}
    found: dict[str, Parameter] = {}
    for type_, options in ORIGIN_CLASSES.items():
        for parameter in _read_options(options):
            types.setdefault(parameter.name, []).append(type_)
            found.setdefault(parameter.name, parameter)
    for name, parameter in found.items():
        suffix = "" if len(types[name]) == len(ORIGIN_CLASSES) else f" For {', '.join(types[name])}."
        yield Parameter(parameter.path, parameter.kind, parameter.text + suffix, is_secret=parameter.is_secret)


def _name(parameter: Parameter, method_name: str) -> str:
    """Return what a parameter is called on the command line; no option has the name of one that every command has."""
    if parameter.is_argument:
        return parameter.name.upper()
    option = "--" + parameter.name.replace("_", "-")
    return f"--{method_name.rpartition('_')[2]}-{option[2:]}" if option in RESERVED else option


def _word_text(parameter: Parameter, all_: Sequence[Parameter]) -> Parameter:
    text = _word(parameter.text, all_, parameter.path[:-1])
    more = [VALUE_TEXT] if parameter.kind.metavar == "VALUE" else []
    if parameter.kind.is_list:
        more.append(COMMAS_TEXT if isinstance(parameter.kind.value_type, Texts) else ARRAY_TEXT)
    return replace(parameter, text=" ".join([text, *more]))


def _word(text: str, parameters: Sequence[Parameter], outer: tuple[str, ...] = ()) -> str:
    near = [one for one in parameters if one.path[:-1] in ((), outer)]
    return word(text, {one.path[-1]: one.shown for one in near})
