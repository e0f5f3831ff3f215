"""Turns the values of a command line into the arguments of a method, and these into a request."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ...client import ImageKit
from ...models.spelling import to_camel_case, to_snake_case
from ...suggestions import did_you_mean
from ..accounts.account import hide_variables
from ..base.wording import word_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...operations.core import Operation
    from .parameters import Parameter, Signature


class Arguments(NamedTuple):
    """The arguments of a method of the client.

    Attributes:
        positional: Positional arguments.
        keywords: Keyword arguments.
        names: Names of the parameters on the command line, by their names in Python, for messages.
    """

    positional: tuple[Any, ...]
    keywords: dict[str, Any]
    names: Mapping[str, str]


class _Recorder(ImageKit):
    """A client that returns the operations of its methods instead of carrying them out."""

    def _run(self, operation: Operation[Any]) -> Any:
        return operation


def gather_arguments(signature: Signature, given: Mapping[Parameter, Any], body: Mapping[str, Any] | None) -> Arguments:
    """Return the arguments of a method.

    Args:
        signature: Signature of the method.
        given: Values by parameter, without those that were not given.
        body: Options given as one object, in either spelling. Those in `given` take precedence.
    Raises:
        click.UsageError: A name in `body` is unknown, or a parameter is missing.
    """
    of_method = {one.name for one in signature.parameters if one.is_of_method and not one.is_argument}
    keywords: dict[str, Any] = {}
    options: dict[str, Any] = {}
    for key, value in (body or {}).items():
        name = to_snake_case(key)
        if name in of_method:
            keywords[name] = value
        elif signature.has_options:
            options[key] = value
        else:
            known = map(to_camel_case, of_method)
            raise click.UsageError(f"there is no option {key!r}{did_you_mean(key, known)}")
    positional: list[Any] = []
    for parameter, value in given.items():
        if parameter.is_argument:
            positional.append(value)
        elif parameter.is_of_method:
            keywords[parameter.name] = value
        elif len(parameter.path) == 1:
            _replace(options, parameter.name, value)
    for parameter, value in given.items():
        if len(parameter.path) == 2:
            outer, name = parameter.path
            spelt = _find_spelling(options, outer)
            members = options.get(spelt)
            merged = dict(members) if isinstance(members, dict) else {}
            _replace(merged, name, value)
            options[spelt] = merged
    for parameter in signature.parameters:
        if parameter.is_required and not parameter.is_argument and parameter.name not in keywords:
            raise click.UsageError(f"{parameter.shown} is missing")
    names = {
        **{one.name: one.shown for one in signature.parameters},
        **{to_snake_case(key): key for key in body or ()},
        **{one.name: one.shown for one in given},
    }
    return Arguments((*positional, options) if signature.has_options else tuple(positional), keywords, names)


def record_call(method_name: str, arguments: Arguments) -> Any:
    """Return what a method would do with its arguments: its `Operation`, or an iterator that sends nothing yet.

    Raises:
        click.UsageError: An argument is not valid.
    """
    with hide_variables():
        recorder = _Recorder("public_unused", "private_unused", "https://unused.example")
    with word_errors(arguments.names):
        return getattr(recorder, method_name)(*arguments.positional, **arguments.keywords)


@contextmanager
def word_errors(names: Mapping[str, str]) -> Iterator[None]:
    """Reword errors about wrong arguments for the command line.

    Args:
        names: Names of the parameters on the command line; see `Arguments`.
    Raises:
        click.UsageError: An argument is not valid.
    """
    try:
        yield
    except (TypeError, ValueError) as exc:
        raise click.UsageError(word_error(str(exc), names)) from exc


def _find_spelling(options: Mapping[str, Any], name: str) -> str:
    """Return the key of an option in `options`, in either spelling; its name if it is not there."""
    return next((key for key in options if to_snake_case(key) == name), name)


def _replace(options: dict[str, Any], name: str, value: Any) -> None:
    options.pop(_find_spelling(options, name), None)
    options[name] = value
