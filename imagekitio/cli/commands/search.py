"""``imagekit search``: find files by name, tags, metadata and more."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from ...exceptions import BadRequestException
from ..base.command import Command
from ..base.completion import complete_field_names
from ..base.failures import REFUSED, Failure, describe
from ..base.options import REMOTE_FOLDER
from ..base.session import Session, pass_session
from ..media.kinds import kind_option, select_kind
from ..media.listing import limit_option, long_option, print_listing, sort_option
from ..media.queries import has_operator, join_conditions, match_metadata, match_name, read_moment, read_size
from ..media.tags import read_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ...client import ImageKit
    from ...models.files import FileResult
    from ...search import Query

_TIME_HELP = (
    "Files changed after this: 7d for 7 days ago (or h, w, m for months, y), 2026-01-31, today or yesterday (days begin"
    " in UTC), or 2026-01-31T12:00Z."
)


@click.command(
    "search",
    cls=Command,
    examples=[
        ("imagekit search --name 'red shoe' --larger 2mb", "find files by words in their names and by size"),
        ("imagekit search --path /shop --type video --newer 7d", "find videos below a folder, changed within a week"),
        ("imagekit search --tag sale,new --where 'price>=20'", "find files with one of two tags and by metadata"),
        ("""imagekit search 'width > 4000 AND format = "png"' --sort -size""", "use the service's search language"),
    ],
)
@click.argument("query", default="")
@click.option(
    "--name", metavar="WORDS", help="Words in the name, the last one perhaps incomplete; 'IMG_*' for its beginning."
)
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="TAG[,TAG]",
    help="Tag that files have, or several of which they have one; repeatable.",
)
@kind_option("Type of the items to find; by default, files.")
@click.option(
    "--larger",
    metavar="SIZE",
    help="Files larger than this: bytes, or a number with kb, mb, gb (1 kb is 1000 bytes), KiB, MiB or GiB (1024).",
)
@click.option("--smaller", metavar="SIZE", help="Files smaller than this.")
@click.option("--newer", metavar="TIME", help=_TIME_HELP)
@click.option("--older", metavar="TIME", help="Files changed before this.")
@click.option("--path", "folder", type=REMOTE_FOLDER, help="Folder to search, with everything below it.")
@click.option(
    "--where",
    multiple=True,
    metavar="CONDITION",
    shell_complete=complete_field_names,
    help="Condition on custom metadata, such as 'price>=20'; repeatable.",
)
@long_option
@sort_option
@limit_option
@pass_session
def command(
    session: Session,
    /,
    query: str,
    where: tuple[str, ...],
    is_long: bool,
    sort: str | None,
    limit: int | None,
    **given: Any,
) -> None:
    """Find files by name, tags, metadata and more.

    QUERY is in the service's search language, in which 1 kb is 1024 bytes. The options are further conditions; results
    meet all of them.
    """
    if query.strip() and not has_operator(query):
        raise click.UsageError(
            f"a QUERY must have an operator, as in 'width > 4000' (got {query!r}); to search names:"
            f" imagekit search --name {shlex.quote(query)}"
        )
    conditions, options = _read_conditions(**given)
    if where:
        schemas = {field.name: field.schema for field in session.client.get_custom_metadata_fields()}
        conditions += [match_metadata(text, schemas) for text in where]
    text = join_conditions(query, conditions)
    if not text and limit is None:
        raise click.UsageError("give a QUERY, or options such as --name; to list all files: imagekit ls --recursive")
    if sort is not None:
        options["sort"] = sort
    items = _find(session.client, text, options)
    print_listing(session, items, with_paths=True, is_long=is_long, limit=limit)


def _read_conditions(
    *,
    name: str | None,
    tags: tuple[str, ...],
    kind: str | None,
    larger: str | None,
    smaller: str | None,
    newer: str | None,
    older: str | None,
    folder: str | None,
) -> tuple[list[Query], dict[str, Any]]:
    """Return the conditions of the options, and further options for the listing."""
    from ...search import Q

    conditions = [Q.tags.in_(read_tags([text])) for text in tags]
    options: Mapping[str, Any] = {}
    if name is not None:
        conditions.append(match_name(name))
    if kind is not None:
        condition, options = select_kind(kind)
        conditions.append(condition)
    limits: list[tuple[str, str | None, Callable[[str], Query]]] = [
        ("--larger", larger, lambda text: Q.size > read_size(text)),
        ("--smaller", smaller, lambda text: Q.size < read_size(text)),
        ("--newer", newer, lambda text: Q.updated_at > read_moment(text)),
        ("--older", older, lambda text: Q.updated_at < read_moment(text)),
    ]
    for option, value, make in limits:
        if value is not None:
            try:
                conditions.append(make(value))
            except ValueError as exc:
                raise click.UsageError(f"{option} {exc}") from exc
    if folder is not None:
        conditions.append(Q.path.is_under(folder))
    return conditions, dict(options)


def _find(client: ImageKit, query: str, options: Mapping[str, Any]) -> Iterator[FileResult]:
    try:
        yield from client.iter_files({**options, **({"search_query": query} if query else {})})
    except BadRequestException as exc:
        raise Failure(f"the service cannot search for {query}: {describe(exc)}", REFUSED) from exc
