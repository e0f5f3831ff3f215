"""``imagekit usage``: show the usage of the account in a period."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ...models.account.usage import AnalyticsEntry, AnalyticsGroup, ExtensionAnalytics, VideoAnalytics
from ..base.command import Command
from ..base.failures import USAGE, Failure
from ..base.options import AnyType
from ..base.output import make_record
from ..base.session import Session, pass_session
from ..base.tables import Column
from ..base.texts import count_of, format_size
from ..base.wording import word_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...models.account.usage import UsageAnalyticsResult, UsageResult
    from ..base.output import Output


class _DayType(AnyType):
    """A day such as 2026-12-01."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the day."""
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"must be a day such as 2026-12-01 (got {value!r})", param, ctx)


_DAY = _DayType()


class _Row(NamedTuple):
    """A row of the table of analytics."""

    group: str
    name: str
    requests: int | None = None
    size_bytes: int | None = None
    other: str = ""


_COLUMNS = (
    Column("group", lambda row: row.group),
    Column("name", lambda row: row.name, keep=True),
    Column("requests", lambda row: "" if row.requests is None else f"{row.requests:,}", align="right"),
    Column("bandwidth", lambda row: format_size(row.size_bytes), align="right"),
    Column("other use", lambda row: row.other),
)


@click.command(
    "usage",
    cls=Command,
    examples=[
        ("imagekit usage", "show the current month until today"),
        ("imagekit usage --from 2026-03-01 --to 2026-03-31 --json", "show a month, in bytes, as JSON"),
        ("imagekit usage --analytics --top 10", "show the traffic by file, browser, country, status and more"),
    ],
)
@click.option("--from", "first", type=_DAY, metavar="DAY", help="First day, in UTC.  [default: the first of the month]")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="Last day, inclusive.  [default: today]")
@click.option("--analytics", is_flag=True, help="Show the traffic by file, browser, country, status and more.")
@click.option(
    "--top",
    type=click.IntRange(1),
    default=5,
    metavar="N",
    show_default=True,
    help="Number of entries in each group of --analytics; --json has all.",
)
@pass_session
def command(session: Session, first: date | None, last: date | None, analytics: bool, top: int) -> None:
    """Show bandwidth, storage and other usage of the account.

    A period has at most 89 days, including the first and the last, or 90 with --analytics. The figures may be up to
    6 hours old, those of --analytics up to 5 minutes.
    """
    end = datetime.now(timezone.utc).date() if last is None else last
    start = find_first_day(end, with_analytics=analytics) if first is None else first
    if start > end:
        raise Failure(f"--from must not be later than --to (got {start} and {end})", USAGE)
    try:
        if analytics:
            _print_analytics(session.output, session.client.get_usage_analytics(start, end), top)
        else:
            # The service excludes the end date.
            _print_usage(session.output, session.client.get_usage(start, end + timedelta(days=1)), start, end)
    except OverflowError as exc:
        raise Failure(f"--to must be before {date.max}", USAGE) from exc
    except ValueError as exc:
        raise Failure(word_error(str(exc), {"end_date": "--to", "start_date": "--from"}), USAGE) from exc


def find_first_day(last: date, *, with_analytics: bool) -> date:
    """Return the first day of the month that `last` is in.

    The service refuses analytics of one day (ImageKit docs, account API), so on the first of a month they begin a day
    earlier.
    """
    first = last.replace(day=1)
    return first - timedelta(days=1) if with_analytics and first == last else first


def _print_usage(output: Output, usage: UsageResult, start: date, end: date) -> None:
    record = {"startDate": start.isoformat(), "endDate": end.isoformat(), **make_record(usage)}
    output.print_details(record, _list_lines(usage, start, end))


def _print_analytics(output: Output, analytics: UsageAnalyticsResult, top: int) -> None:
    if output.as_json:
        output.print_record(make_record(analytics))
    else:
        output.print_rows(_list_rows(analytics, top), _COLUMNS)


def _list_lines(usage: UsageResult, start: date, end: date) -> list[tuple[str, str | None]]:
    """Return the figures, including any that the service adds later, in the units that their names end in."""
    lines: list[tuple[str, str | None]] = [("period", f"{start} to {end}")]
    for name, value in usage.to_dict(mode="json", use_api_names=False).items():
        if name.endswith("_bytes"):
            lines.append((name.removesuffix("_bytes").replace("_", " "), format_size(value)))
        elif name.endswith("_units_count"):
            lines.append((name.removesuffix("_units_count").replace("_", " "), count_of(value, "unit")))
        else:
            lines.append((name.replace("_", " "), str(value)))
    return lines


def _list_rows(result: UsageAnalyticsResult, top: int) -> Iterator[_Row]:
    yield _Row("total", f"{result.start_date} to {result.end_date}", result.request_count, result.bandwidth_bytes)
    for state in ("hit", "miss", "error"):
        yield _Row("cache", state, getattr(result.cache, f"{state}_count"))
    for name, value in vars(result).items():
        group = name.replace("_", " ")
        entries = value.by_requests if isinstance(value, AnalyticsGroup) else value
        for entry in entries[:top] if isinstance(entries, list) else ():
            if isinstance(entry, AnalyticsEntry):
                yield _Row(group, entry.name, entry.request_count, entry.bandwidth_bytes)
            elif isinstance(entry, ExtensionAnalytics):
                yield _Row(group, entry.name, other=count_of(entry.operation_count, "operation"))
            elif isinstance(entry, VideoAnalytics):
                yield _Row(group, f"{entry.codec} {entry.resolution}", other=f"{entry.duration_seconds:,} s")
