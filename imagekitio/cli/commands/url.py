"""``imagekit url``: build URLs."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import click

from ..base.arguments import RemotePathOrInput, read_arguments
from ..base.failures import USAGE, Failure
from ..base.options import is_url
from ..base.session import Session, pass_session
from ..base.tables import Column
from ..urls.expiries import expires_option
from ..urls.steps import TRANSFORMATIONS, StepCommand, find_steps, make_step_options, name_options, refuse_empty_parts

if TYPE_CHECKING:
    from ...urls.builder import UrlBuilder
    from ..urls.expiries import Expiry
    from ..urls.steps import Transformation

_TABLE = (
    Column("option", lambda each: each.usage, keep=True),
    Column("code", lambda each: each.code, keep=True),
    Column("values", lambda each: ", ".join(each.values), wraps=True),
)


def _make_record(each: Transformation) -> dict[str, Any]:
    return {"name": each.name, "option": each.usage, "code": each.code, "values": each.values}


def _read_widths(_context: click.Context, _parameter: click.Parameter, value: str | None) -> list[int] | None:
    if value is None:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,5}(,[1-9][0-9]{0,5})*", value):
        raise click.BadParameter(f"must be widths in pixels, such as 320,640,1280 (got {value!r})")
    return [int(width) for width in value.split(",")]


@click.command(
    "url",
    cls=StepCommand,
    examples=[
        ("imagekit url /shop/shoe.jpg --width 300 --height 200", "build the URL of a smaller picture"),
        ("imagekit url /shop/shoe.jpg --sign --expires 1h", "build a URL that is valid for an hour"),
        ("imagekit url /a.jpg --width 300 --step --rotation 90", "use two steps, one after the other"),
        ("imagekit url /a.jpg -t 'w-300,h-200:rt-90'", "write the steps as in a URL"),
    ],
)
@click.argument("paths", nargs=-1, type=RemotePathOrInput(), metavar="PATH...")
@click.option("--sign", "is_signed", is_flag=True, help="Sign the URL with the private key.")
@expires_option("When a signed URL expires: 30m, 1h30m, 7d, or 2026-12-01T12:00Z; implies --sign.")
@click.option("--query", "in_query", is_flag=True, help="Put the steps into the query instead of the path.")
@click.option("--step", is_flag=True, expose_value=False, help="Begin another step, which works on the result so far.")
@click.option("--no-check", is_flag=True, help="Accept unknown transformations and values.")
@click.option(
    "--srcset",
    "widths",
    metavar="WIDTHS",
    callback=_read_widths,
    help="Print a srcset for widths such as 320,640,1280.",
)
@click.option("--open", "is_opened", is_flag=True, help="Open the URL in the browser.")
@click.option(
    "--list-transformations", "is_list", is_flag=True, help="List all options for transformations, with their values."
)
@pass_session
@click.pass_context
def command(
    context: click.Context,
    session: Session,
    /,
    paths: tuple[str, ...],
    is_signed: bool,
    expires: Expiry | None,
    in_query: bool,
    no_check: bool,
    widths: list[int] | None,
    is_opened: bool,
    is_list: bool,
    **transformation: Any,
) -> None:
    """Build the URLs of files, with transformations and a signature if you like.

    PATH is a path in the media library, which may have a query, or a URL; '-' reads them from standard input, one per
    line. Nothing is sent, and whether the file exists is not checked. Without --sign, only the URL endpoint is needed.
    """
    if is_list:
        session.output.print_rows(TRANSFORMATIONS, _TABLE, _make_record)
        return
    if not paths:
        raise click.UsageError("a PATH is missing, such as /shop/shoe.jpg", context)
    is_signed = is_signed or expires is not None
    builder = session.make_url_builder(has_key=is_signed, is_strict=not no_check)
    steps = find_steps(context, transformation)
    if not no_check:
        refuse_empty_parts(steps)
    options: dict[str, Any] = {"signed": is_signed, "transformation": steps}
    if in_query:
        options["transformation_position"] = "query"
    if expires is not None:
        options["expire_seconds" if isinstance(expires, timedelta) else "expires_at"] = expires
        if isinstance(expires, datetime) and expires < datetime.now(timezone.utc):
            session.output.warn(f"{expires:%Y-%m-%d %H:%M %Z} is in the past: the service will refuse the URL")
    _check_options(builder, options)
    outcomes = session.make_outcomes()
    for path in read_arguments(paths, "path"):
        try:
            record = _build(builder, path, options, widths)
        except ValueError as exc:
            outcomes.add_failure(path, exc)
            continue
        outcomes.add_success()
        if session.output.as_json:
            session.output.print_record(record)
        else:
            session.output.print_line(record.get("srcset") or record["url"])
        if is_opened:
            _open(record["url"])
    outcomes.finish()


def _check_options(builder: UrlBuilder, options: dict[str, Any]) -> None:
    """Refuse options that are not valid, whatever the path is.

    Raises:
        click.UsageError: A transformation or another option is not valid.
    """
    try:
        builder.url(path="/", **options)
    except ValueError as exc:
        raise click.UsageError(name_options(str(exc))) from exc


def _build(builder: UrlBuilder, path: str, options: dict[str, Any], widths: list[int] | None) -> dict[str, Any]:
    source = "src" if is_url(path) else "path"
    given = {source: path, **options}
    url = builder.url(given)
    record: dict[str, Any] = {source: path, "url": url}
    if options["signed"]:
        record["expiresAt"] = builder.parse_url(url).expires_at
    if widths is not None:
        attributes = builder.get_responsive_image_attributes(given, device_breakpoints=widths, image_breakpoints=[])
        record["srcset"] = attributes.srcset
    return record


def _open(url: str) -> None:
    import webbrowser

    if not webbrowser.open(url):
        raise Failure("no browser was found; set BROWSER to the command that starts one", USAGE)


# Of the many options for transformations, help shows the common ones, before those of the command itself.
command.params[1:1] = make_step_options()
