"""Converts the values of a command line to the types of the library's parameters."""

from __future__ import annotations

import sys
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace, UnionType
from typing import Any, Literal, NamedTuple

import click
from click.shell_completion import CompletionItem

from ...models.options import Options
from ..base.arguments import Json, is_indirect, read_json_or_text
from ..base.options import AnyType


class _Steps:
    """Stands for a transformation, which may be text such as ``w-300,h-200``."""


class _File:
    """Stands for a file to upload."""


# Names in annotations that are only imported for type checkers, as far as they matter here.
_NAMES: Mapping[str, Any] = {
    "Any": Any,
    "FileId": str,
    "Iterable": Iterable,
    "Mapping": Mapping,
    "Query": str,
    "Sequence": Sequence,
    "Transformation": _Steps,
    "Uploadable": _File,
    "VersionId": str,
    "date": date,
}


class Choices(AnyType):
    """Text for which known values are suggested; the service may accept others."""

    name = "text"

    def __init__(self, known: Sequence[str]) -> None:
        self._known = known

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Suggest the known values."""
        return [CompletionItem(value) for value in self._known if value.startswith(incomplete)]


class Texts(AnyType):
    """A list of texts that cannot contain commas: one text, several separated by commas, or a JSON array.

    Args:
        words: Words that are accepted in place of a list, such as ``all``; in a JSON array they are members of a list.
        known: Members to suggest; the service may accept others.
    """

    name = "text"

    def __init__(self, words: Sequence[str], known: Sequence[str]) -> None:
        self._words = words
        self._known = [*words, *known]

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the list of texts, or the word."""
        if not isinstance(value, str) or value in self._words:
            return value
        if value.lstrip().startswith("["):
            return _ARRAY.convert(value, param, ctx)
        found = [text for part in value.split(",") if (text := part.strip())]
        if not found:
            self.fail("must not be empty; write [] for an empty list", param, ctx)
        return found

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Suggest the known values for what follows the last comma."""
        before, comma, last = incomplete.rpartition(",")
        return [CompletionItem(before + comma + value) for value in self._known if value.startswith(last)]


class Body(Json):
    """All options as one object; `was_typed` says whether it was typed on the command line itself."""

    _WAS_TYPED = f"{__name__}.was_typed"

    def __init__(self) -> None:
        super().__init__(dict, "a JSON object")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the decoded object."""
        if ctx is not None:
            ctx.meta[self._WAS_TYPED] = isinstance(value, str) and not is_indirect(value)
        return super().convert(value, param, ctx)

    @classmethod
    def was_typed(cls, ctx: click.Context) -> bool:
        """Return whether the options were on the command line, which other users can see."""
        return bool(ctx.meta.get(cls._WAS_TYPED))


class JsonOrText(AnyType):
    """A transformation, or a value of a custom metadata field: JSON or text."""

    name = "value"

    def __init__(self, *, with_scalars: bool) -> None:
        self._with_scalars = with_scalars

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the decoded JSON, or the text."""
        if not isinstance(value, str):
            return value
        return read_json_or_text(value) if self._with_scalars else read_json_or_text(value, (list, dict))


class File(AnyType):
    """A file to upload: a path, ``-`` for standard input, or a URL that the service fetches."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the file as `upload_file` accepts it."""
        if not isinstance(value, str) or value.startswith(("https://", "http://", "data:")):
            return value
        if value == "-":
            return sys.stdin.buffer
        path = Path(value)
        if not path.is_file():
            hint = "; leave out the @" if value.startswith("@") else ""
            self.fail(f"{value} {'is a folder' if path.is_dir() else 'does not exist'}{hint}", param, ctx)
        try:
            path.open("rb").close()  # so that a dry run fails like the real run
        except OSError as exc:
            self.fail(f"{value}: {exc.strerror}", param, ctx)
        return path

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Let the shell suggest files."""
        return [CompletionItem(incomplete, type="file")]


@dataclass(frozen=True)
class Kind:
    """How the values of a parameter look on the command line.

    Attributes:
        value_type: Type of one value for click; `bool` for a switch.
        metavar: Placeholder for a value in help.
        is_list: Whether the parameter may be given several times.
        words: Words that are accepted in place of a list, such as ``all``.
        options: Option class of a JSON object; None for any other value.
    """

    value_type: click.ParamType[Any] | type[bool]
    metavar: str = "TEXT"
    is_list: bool = False
    words: frozenset[str] = frozenset()
    options: type[Options] | None = None


_ARRAY = Json(list, "a JSON array")


class _Members(NamedTuple):
    """The members of a union: plain types and literals, and those of the elements of its lists."""

    types: set[Any]
    literals: list[str]
    elements: set[Any]
    element_literals: list[str]


def evaluate(annotation: object) -> Any:
    """Return the type that the annotation of a parameter means."""
    return typing.get_type_hints(SimpleNamespace(__annotations__={"value": annotation}), localns=dict(_NAMES))["value"]


def evaluate_options(options: type[Options]) -> Mapping[str, Any]:
    """Return the types of the options of a class."""
    return typing.get_type_hints(options, localns=dict(_NAMES))


def find_kind(hint: Any) -> Kind:
    """Return how values of a type look on the command line."""
    types, literals, elements, element_literals = _split(hint)
    nested = next((one for one in types if isinstance(one, type) and issubclass(one, Options)), None)
    if nested is not None:
        return Kind(Json(dict, "a JSON object"), "JSON", options=nested)
    if _File in types:
        return Kind(File(), "FILE")
    if _Steps in types | elements:
        return Kind(JsonOrText(with_scalars=False), "STEPS")
    if Mapping in elements:
        return Kind(Json(list, "a JSON array of objects"), "JSON")
    if Mapping in types:
        return Kind(Json(dict, "a JSON object"), "JSON")
    if float in elements:
        return Kind(JsonOrText(with_scalars=True), "VALUE", is_list=True)
    if str in elements:  # ids, tags, names of fields and of events
        return Kind(Texts(literals, element_literals), is_list=True, words=frozenset(literals))
    if Any in types or {float, str} <= types:
        return Kind(JsonOrText(with_scalars=True), "VALUE")
    if date in types:
        return Kind(click.STRING, "DATE")
    if str in types:
        return Kind(_make_text(literals))
    if literals:
        return Kind(click.Choice(literals))
    if bool in types:
        return Kind(bool, "")
    return Kind(click.INT, "N")


def _make_text(literals: Sequence[str]) -> click.ParamType[Any]:
    return Choices(literals) if literals else click.STRING


def _split(hint: Any) -> _Members:
    found = _Members(set(), [], set(), [])
    for member in typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, UnionType) else (hint,):
        origin, arguments = typing.get_origin(member), typing.get_args(member)
        if origin is Literal:
            found.literals.extend(arguments)
        elif origin in (Sequence, Iterable):
            inner = _split(arguments[0])
            found.elements.update(inner.types)
            found.element_literals.extend(inner.literals)
        elif isinstance(origin, type) and issubclass(origin, Mapping):
            found.types.add(Mapping)
        else:
            found.types.add(member)
    return found
