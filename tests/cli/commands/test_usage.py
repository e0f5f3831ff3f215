"""Usage: periods that include both days, readable units, analytics by group."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
import requests

from imagekitio.cli.commands.usage import find_first_day

from ..terminal import open_terminal

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run


def today() -> date:
    return datetime.now(timezone.utc).date()


def test_the_period_is_the_current_month_until_today(run: Run, server: LocalImageKit) -> None:
    days = {today()}
    (record,) = run("--json", "usage").records
    days.add(today())  # midnight may have passed
    assert date.fromisoformat(record["endDate"]) in days
    assert record["startDate"] == record["endDate"][:8] + "01"
    assert server.requests[-1].query.startswith(f"startDate={record['startDate']}&endDate=")


def test_analytics_of_the_first_of_a_month_begin_a_day_earlier() -> None:
    assert find_first_day(date(2026, 3, 1), with_analytics=True) == date(2026, 2, 28)
    assert find_first_day(date(2026, 3, 1), with_analytics=False) == date(2026, 3, 1)
    assert find_first_day(date(2026, 3, 2), with_analytics=True) == date(2026, 3, 1)


def test_the_last_day_is_included(run: Run, server: LocalImageKit) -> None:
    assert run("usage", "--from", "2026-02-01", "--to", "2026-02-28").code == 0
    assert server.requests[-1].query == "startDate=2026-02-01&endDate=2026-03-01"
    assert run("usage", "--from", "2026-02-01", "--to", "2026-02-28", "--analytics").code == 0
    assert server.requests[-1].query == "startDate=2026-02-01&endDate=2026-02-28"


def test_figures_have_readable_units_and_json_has_bytes(run: Run, client: ImageKit) -> None:
    client.upload_file(b"x" * 2_500_000, "a.txt")
    lines = dict(line.split("\t") for line in run("usage").out.splitlines())
    assert lines["media library storage"] == "2.5 MB"
    assert lines["extension"] == "0 units"
    assert run("--json", "usage").records[0]["mediaLibraryStorageBytes"] == 2_500_000


def test_analytics_have_a_row_for_each_entry(run: Run, server: LocalImageKit, client: ImageKit) -> None:
    for number in range(7):
        file = client.upload_file(b"hello", f"{number}.txt", use_unique_file_name=False)
        requests.get(file.url, timeout=60).raise_for_status()
    day = datetime.fromtimestamp(server.clock.time(), timezone.utc).date()
    first, last = day - timedelta(days=1), day + timedelta(days=1)
    line = ("usage", "--analytics", "--from", str(first), "--to", str(last))
    rows = [line.split("\t") for line in run(*line).out.splitlines()]
    assert rows[0] == ["total", f"{first} to {last}", "7", "35 bytes", ""]
    assert [row[2] for row in rows if row[0] == "status codes"] == ["7"]
    assert len([row for row in rows if row[0] == "top other assets"]) == 5
    assert len([line for line in run(*line, "--top", "6").out.splitlines() if "top other" in line]) == 6
    assert len(run("--json", *line).records[0]["topOtherAssets"]["byRequests"]) == 7


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("--from 2026-03-02 --to 2026-03-01", "--from must not be later than --to"),
        ("--from 2026-01-01 --to 2026-12-31", "--to must be less than 90 days after --from"),
        ("--from 01.03.2026", "'--from': must be a day such as 2026-12-01 (got '01.03.2026')"),
        ("--from 9999-12-01 --to 9999-12-31", "--to must be before 9999-12-31"),
    ],
)
def test_a_wrong_period_is_a_usage_error(run: Run, server: LocalImageKit, line: str, error: str) -> None:
    ended = run("usage", *line.split())
    assert ended.code == 2
    assert error in ended.err
    assert ended.err.count("\n") == 1
    assert server.requests == []


def test_in_a_terminal_analytics_are_a_table() -> None:
    with open_terminal("usage", "--analytics", "--from", "2026-02-01", "--to", "2026-02-28") as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert text.splitlines()[0].split() == ["group", "name", "requests", "bandwidth", "other", "use"]
