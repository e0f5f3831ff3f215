"""Options that commands pass on to uploads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..base.completion import complete_field_names
from ..base.options import AnyType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Function = TypeVar("Function", bound=Callable[..., Any])


class Json(AnyType):
    """A value in JSON.

    Args:
        kind: Type that it must have: list or dict.
    """

    name = "json"

    def __init__(self, kind: type) -> None:
        self._kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value that the text stands for."""
        try:
            found = json.loads(value)
        except ValueError as exc:
            self.fail(f"is not valid JSON: {exc}", param, ctx)
        if not isinstance(found, self._kind):
            wanted = "a list: [...]" if self._kind is list else "an object: {...}"
            self.fail(f"must be {wanted} (got {value})", param, ctx)
        return found


def upload_options(function: Function) -> Function:
    """Add the options that say how the service stores a file; `read_upload_options` turns them into keywords."""
    for option in reversed(
        (
            click.option("--tags", multiple=True, metavar="A,B", help="Tags of the files."),
            click.option("--private", "is_private", is_flag=True, help="Deliver the files only by signed URLs."),
            click.option(
                "--metadata",
                multiple=True,
                metavar="KEY=VALUE",
                shell_complete=complete_field_names,
                help="Custom metadata, repeated or as a JSON object. A VALUE that is a number, true, false or a list in"
                " JSON is sent as that.",
            ),
            click.option("--description", metavar="TEXT", help="Description of the files."),
            click.option("--extensions", type=Json(list), metavar="JSON", help="Extensions to run, as a list."),
            click.option(
                "--transformation", type=Json(dict), metavar="JSON", help='Transformations: {"pre": …, "post": [...]}.'
            ),
            click.option("--webhook-url", metavar="URL", help="URL to call when extensions finish."),
            click.option("--checks", metavar="TEXT", help="Condition for a file to be accepted, at the service."),
        )
    ):
        function = option(function)
    return function


def read_upload_options(
    *, tags: Sequence[str], is_private: bool, metadata: Sequence[str], **others: Any
) -> dict[str, Any]:
    """Return the keywords of an upload, without those that were not given.

    Raises:
        click.BadParameter: The metadata is not valid.
    """
    keywords = {name: value for name, value in others.items() if value is not None}
    if tags:
        keywords["tags"] = [tag.strip() for text in tags for tag in text.split(",") if tag.strip()]
    if is_private:
        keywords["is_private_file"] = True
    if metadata:
        keywords["custom_metadata"] = {name: value for text in metadata for name, value in _read_metadata(text).items()}
    return keywords


def _read_metadata(text: str) -> dict[str, Any]:
    if text.lstrip().startswith("{"):
        found: dict[str, Any] = Json(dict).convert(text, None, None)
        return found
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise click.BadParameter(f"must be KEY=VALUE or a JSON object (got {text!r})", param_hint="--metadata")
    try:
        parsed = json.loads(value)
    except ValueError:
        return {name: value}
    return {name: parsed if isinstance(parsed, (bool, int, float, list)) else value}
