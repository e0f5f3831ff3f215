"""Options that commands pass on to uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..base.arguments import Json, is_indirect, read_json_or_text, split_pair
from ..base.completion import complete_field_names
from ..media.tags import read_tags

if TYPE_CHECKING:
    from collections.abc import Callable

    Function = TypeVar("Function", bound=Callable[..., Any])

_LIST = Json(list, "a list: [...]")
_OBJECT = Json(dict, "an object: {...}")


def upload_options(function: Function) -> Function:
    """Add the options that say how the service stores a file; `read_upload_options` turns them into keywords."""
    for option in reversed(
        (
            click.option("--tags", multiple=True, callback=_read_tags, metavar="A,B", help="Tags of the files."),
            click.option("--private", "is_private_file", is_flag=True, help="Deliver the files only by signed URLs."),
            click.option(
                "--metadata",
                "custom_metadata",
                multiple=True,
                callback=_read_metadata,
                metavar="KEY=VALUE",
                shell_complete=complete_field_names,
                help="Custom metadata; repeatable, or a JSON object. A VALUE that is a number, true, false or a list in"
                " JSON is sent as such, one in quotation marks as text.",
            ),
            click.option("--description", metavar="TEXT", help="Description of the files."),
            click.option("--extensions", type=_LIST, metavar="JSON", help="Extensions to run, as a list."),
            click.option(
                "--transformation",
                type=_OBJECT,
                metavar="JSON",
                help='Transformations: {"pre": …, "post": [...]}. @FILE reads JSON from a file, - from standard input.',
            ),
            click.option("--webhook-url", metavar="URL", help="URL to call when extensions finish."),
            click.option(
                "--checks", metavar="TEXT", help="Condition that the service checks before it accepts a file."
            ),
        )
    ):
        function = option(function)
    return function


def read_upload_options(**given: Any) -> dict[str, Any]:
    """Return the keywords of an upload that were given; an empty description counts as given."""
    return {name: value for name, value in given.items() if value or value == ""}


def _read_tags(_context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> list[str]:
    return read_tags(texts)


def _read_metadata(context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    for text in texts:
        if text.lstrip().startswith("{") or is_indirect(text):
            found: dict[str, Any] = _OBJECT.convert(text, parameter, context)
        else:
            name, value = split_pair(text, "KEY=VALUE or a JSON object")
            found = {name: read_json_or_text(value)}
        if twice := sorted(metadata.keys() & found.keys()):
            raise click.BadParameter(f"{twice[0]} is given twice")
        metadata |= found
    return metadata
