"""Options and arguments that several commands share, worded once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .completion import complete_remote_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from click.shell_completion import CompletionItem

    Function = TypeVar("Function", bound=Callable[..., Any])
    TextType = click.ParamType[str]
    AnyType = click.ParamType[Any]
else:
    TextType = AnyType = click.ParamType  # which cannot be subscripted in older releases of click

_ID = re.compile(r"[0-9a-f]{24}")  # ImageKit docs: ids of files and folders are 24 lower-case hexadecimal digits


def is_id(text: str) -> bool:
    """Return whether a text is the id of a file or folder rather than its path, which begins with a slash."""
    return _ID.fullmatch(text) is not None


def is_url(text: str) -> bool:
    """Return whether a text is a URL rather than a path; its scheme is case-insensitive (RFC 3986, section 3.1)."""
    return text.lower().startswith(("https://", "http://"))


class RemotePath(TextType):
    """A path in the media library; the leading slash may be left out.

    Args:
        with_files: Whether to suggest files as well as folders.
        with_ids: Whether to accept ids of files and folders too: 24 hexadecimal digits without a slash are an id.
    """

    name = "path"

    def __init__(self, *, with_files: bool = True, with_ids: bool = False) -> None:
        self._with_files = with_files
        self._with_ids = with_ids

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the path with a leading slash; return URLs and ids unchanged.

        A trailing slash stays, because it means a folder.
        """
        if is_url(value) or (self._with_ids and is_id(value)):
            return value
        if not value or "\0" in value or "\n" in value:
            self.fail(f"must be a path in the media library, such as /shop/shoe.jpg (got {value!r})", param, ctx)
        parts = [part for part in value.split("/") if part not in ("", ".")]
        if ".." in parts:
            self.fail(f"a path in the media library cannot contain '..' (got {value!r})", param, ctx)
        return "/" + "/".join(parts) + ("/" if value.endswith("/") and parts else "")

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Suggest folders and files of the account."""
        return complete_remote_paths(ctx, incomplete, with_files=self._with_files)


REMOTE_PATH = RemotePath()
REMOTE_FOLDER = RemotePath(with_files=False)
REMOTE_ITEM = RemotePath(with_ids=True)


class Sources(click.Argument):
    """Sources before the argument `destination`: a single argument is a source, and the destination is missing."""

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, Any], args: list[str]
    ) -> tuple[Any, list[str]]:
        """Read the sources."""
        # A missing value is None, () or a sentinel, depending on the release of click.
        sources, destination = opts.get("sources"), opts.get("destination")
        if isinstance(destination, str) and not (isinstance(sources, tuple) and sources) and not ctx.resilient_parsing:
            raise click.MissingParameter(ctx=ctx, param_type="argument", param_hint="'DESTINATION'")
        return super().handle_parse_result(ctx, opts, args)


def yes_option(function: Function) -> Function:
    """Add ``--yes`` to a command that asks; the parameter is `is_confirmed`."""
    return click.option("-y", "--yes", "is_confirmed", is_flag=True, help="Do not ask for confirmation.")(function)


def dry_run_option(function: Function) -> Function:
    """Add ``--dry-run`` to a command that changes something; the parameter is `is_dry_run`."""
    return click.option(
        "-n", "--dry-run", "is_dry_run", is_flag=True, help="Show what would be done, without changing anything."
    )(function)


def at_once_option(default: int) -> Callable[[Function], Function]:
    """Add ``--at-once`` to a command that works on many items; the parameter is `at_once`."""
    return click.option(
        "--at-once",
        type=click.IntRange(1, 256),
        default=default,
        show_default=True,
        metavar="N",
        help="Maximum number of requests in progress.",
    )
