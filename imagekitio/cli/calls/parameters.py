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
from .docs import read_entries, read_text, reword
from .kinds import File, Kind, Texts, evaluate, evaluate_options, find_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...models.options import Options

_OF_PYTHON = ("self", "options", "keywords", "on_progress")  # parameters that cannot be given on a command line
# Options of a command for a call that are not those of the call.
RESERVED = frozenset(
    {
        *(name for option in make_common_options(is_hidden=True) for name in option.opts),
        *("--all", "--body", "--dry-run", "--headers", "--help", "--yes"),
    }
)
FILE_TEXT = "Path of the file, - for standard input, or a URL for the service to fetch."
VALUE_TEXT = "Numbers, true and false are read as JSON; for text, include quotation marks: '\"5\"'."
COMMAS_TEXT = "For several, give a,b or a JSON array, or repeat the option."
ARRAY_TEXT = "For several, give a JSON array or repeat the option; commas do not separate values."
_SHARED_ENTRY = re.compile(r"See `\w+`\.")


@dataclass(frozen=True)
class Parameter:
    """A value that a call takes.

    Attributes:
        path: Name in Python; for a member of an option, the name of the option and that of the member.
        kind: Kind of its values.
        text: Its description.
        shown: Name on the command line, such as ``FILE_ID`` or ``--folder``.
        is_argument: Whether it is given by position rather than by name.
        is_of_method: Whether it is a parameter of the client's method rather than an option.
        is_required: Whether the method cannot be called without it.
        is_secret: Whether its values must be kept from others.
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
    """The parameters and the description of a call.

    Attributes:
        text: Description of the call.
        parameters: Its parameters, arguments first.
        has_options: Whether the method takes options in addition to its own parameters.
    """

    text: str
    parameters: Sequence[Parameter]
    has_options: bool

    @property
    def arguments(self) -> Sequence[Parameter]:
        """The parameters that are given by position."""
        return [parameter for parameter in self.parameters if parameter.is_argument]

    @property
    def has_named(self) -> bool:
        """Whether there are parameters that are given by name."""
        return any(not parameter.is_argument for parameter in self.parameters)

    def without(self, name: str, text: str) -> Signature:
        """Return a copy with another description and without one of the parameters."""
        return replace(self, text=text, parameters=[one for one in self.parameters if one.name != name])


@cache
def read_signature(method_name: str) -> Signature:
    """Return the signature of a method of the client. Required parameters with a single value become arguments.

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
    return Signature(
        _reword(read_text(method), named), [_reword_parameter(one, named) for one in named], options is not None
    )


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
    """Return the descriptions of options from the docstrings of their class and its bases."""
    found: dict[str, str] = {}
    for cls in reversed(options.__mro__[:-1]):
        texts = read_entries(cls, "Attributes")
        found |= {name: text for name, text in texts.items() if not _SHARED_ENTRY.fullmatch(text)}
    return found


def _read_origins() -> Iterator[Parameter]:
    """Yield the options of all types of origins. If not all types have an option, its text lists those that do."""
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
    """Return the name of a parameter on the command line, different from those of the common options."""
    if parameter.is_argument:
        return parameter.name.upper()
    option = "--" + parameter.name.replace("_", "-")
    return f"--{method_name.rpartition('_')[2]}-{option[2:]}" if option in RESERVED else option


def _reword_parameter(parameter: Parameter, all_: Sequence[Parameter]) -> Parameter:
    text = _reword(parameter.text, all_, parameter.path[:-1])
    more = [VALUE_TEXT] if parameter.kind.metavar == "VALUE" else []
    if parameter.kind.is_list:
        more.append(COMMAS_TEXT if isinstance(parameter.kind.value_type, Texts) else ARRAY_TEXT)
    return replace(parameter, text=" ".join([text, *more]))


def _reword(text: str, parameters: Sequence[Parameter], outer: tuple[str, ...] = ()) -> str:
    near = [one for one in parameters if one.path[:-1] in ((), outer)]
    return reword(text, {one.path[-1]: one.shown for one in near})
