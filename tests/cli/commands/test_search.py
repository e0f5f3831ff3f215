"""Searching: options become conditions, and the service's own language passes as it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click
import pytest

from imagekitio.cli.commands.search import command
from imagekitio.cli.media.listing import SORTS
from imagekitio.cli.media.queries import read_moment
from imagekitio.search import Q

from ..library import add_file, reads_of
from ..terminal import open_terminal

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run

PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"


@pytest.fixture(autouse=True)
def library(client: ImageKit) -> None:
    fields: list[tuple[str, Any]] = [
        ("price", {"type": "Number"}),
        ("brand", {"type": "Text"}),
        ("checked", {"type": "Boolean"}),
        ("sizes", {"type": "MultiSelect", "selectOptions": ["s", "m", 40]}),
        ("day", {"type": "Date"}),
        ("grade", {"type": "SingleSelect", "selectOptions": [1, 2, True]}),
    ]
    for name, schema in fields:
        client.create_custom_metadata_fields(name=name, label=name, schema=schema)
    shoe = {"price": 20, "brand": "acme", "checked": True, "sizes": ["s", 40], "day": "2026-01-31", "grade": 1}
    add_file(client, "/shop/Red-Shoe.txt", b"x" * 2048, tags=["sale", "new"], custom_metadata=shoe)
    hat = {"price": 5, "brand": "umbrella", "checked": False, "sizes": ["m"], "day": "2026-03-01", "grade": 2}
    add_file(client, "/shop/old/hat.txt", b"x" * 100, tags=["sale"], custom_metadata=hat)
    add_file(client, "/blog/post.txt")


def find(run: Run, *arguments: str) -> list[str]:
    ended = run("search", *arguments)
    assert (ended.code, ended.err) == (0, "")
    return sorted(line.split("\t")[0] for line in ended.out.splitlines())


SHOE, HAT, POST = "/shop/Red-Shoe.txt", "/shop/old/hat.txt", "/blog/post.txt"


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["--name", "red sho"], [SHOE]),
        (["--name", "Red*"], [SHOE]),
        (["--name", "red*"], []),
        (["--tag", "sale"], [SHOE, HAT]),
        (["--tag", "new,nope"], [SHOE]),
        (["--tag", "sale", "--tag", "new"], [SHOE]),
        (["--larger", "1kb"], [SHOE]),
        (["--larger", "99", "--smaller", "1kb"], [HAT]),
        (["--larger", "2kb"], [SHOE]),
        (["--larger", "2047", "--smaller", "2.049 KB"], [SHOE]),
        (["--larger", "2KiB"], []),
        (["--smaller", "0.002mib"], [SHOE, HAT, POST]),
        (["--path", "shop"], [SHOE, HAT]),
        (["--path", "/shop", "--type", "folder"], ["/shop/old"]),
        (["--type", "non-image", "--path", "/blog"], [POST]),
        (["--type", "image", "--limit", "9"], []),
        (["--newer", "1h"], [POST, SHOE, HAT]),
        (["--older", "1h"], []),
        (["--newer", "2020-01-31"], [POST, SHOE, HAT]),
        (["--newer", "yesterday"], [POST, SHOE, HAT]),
        (["--older", "yesterday"], []),
        (["--newer", "2020-12-01T12:00Z"], [POST, SHOE, HAT]),
        (["--older", "2020-12-01T12:00:30+01:00"], []),
        (["--where", "price>=20"], [SHOE]),
        (["--where", "price < 20"], [HAT]),
        (["--where", "brand=acme"], [SHOE]),
        (["--where", "brand!=acme"], [POST, HAT]),
        (["--where", "checked=yes"], [SHOE]),
        (["--where", "checked!=true"], [HAT]),
        (["--where", "sizes=40"], [SHOE]),
        (["--where", "sizes!=m"], [POST, SHOE]),
        (["--where", "day>2026-02-01"], [HAT]),
        (["--where", "grade=2"], [HAT]),
        (["--where", "grade!=true"], [POST, SHOE, HAT]),
        (["--where", "price<=20", "--where", "brand=acme"], [SHOE]),
        (['size > 50 OR name = "post.txt"', "--path", "/blog"], [POST]),
        (["size > 50"], [SHOE, HAT]),
    ],
)
def test_what_is_found_meets_all_conditions(run: Run, arguments: list[str], found: list[str]) -> None:
    assert find(run, *arguments) == sorted(found)


def test_it_takes_one_request(run: Run, server: LocalImageKit) -> None:
    find(run, "--name", "shoe", "--larger", "1kb")
    assert reads_of(server) == 1


def test_pictures_and_videos_are_kinds(run: Run, client: ImageKit) -> None:
    add_file(client, "/dot.png", PICTURE)
    add_file(client, "/film.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")
    assert find(run, "--type", "image") == ["/dot.png"]
    assert find(run, "--type", "video") == ["/film.mp4"]


def test_moments_count_back_from_the_clock_of_the_service(run: Run, server: LocalImageKit) -> None:
    server.clock.advance(timedelta(days=8).total_seconds())
    assert find(run, "--newer", "1w") == []
    assert len(find(run, "--older", "7d")) == 3


def test_the_order_and_the_number_can_be_chosen(run: Run) -> None:
    ended = run("--json", "search", "--tag", "sale", "--sort", "-size", "--limit", "1")
    assert [record["filePath"] for record in ended.records] == [SHOE]


def test_an_error_in_a_query_shows_where_it_is(run: Run) -> None:
    ended = run("search", "size > 5 AND (")
    assert (ended.code, ended.out) == (3, "")
    assert "cannot search for size > 5 AND (: Your request contains invalid searchQuery parameter" in ended.err
    assert "at character" in ended.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give a QUERY"),
        (["--larger", "2xb"], "--larger takes a number of bytes"),
        (["--larger", "1.5"], "--larger takes a number of bytes, or a size such as 10kb"),
        (["--newer", "soon"], "--newer takes an age (7d; units"),
        (["--older", "2026-13-01"], "(got '2026-13-01')"),
        (["--older", "2026-12-01T99"], "a moment (2026-12-01T12:00Z)"),
        (["cat"], "to search names: imagekit search --name cat"),
        (["it's red", "--tag", "x"], """imagekit search --name 'it'"'"'s red'"""),
        (["--name", "*red"], "only one * at the end"),
        (["--where", "prize=3"], "did you mean 'price'?"),
        (["--where", "price"], "a condition such as 'price>=20'"),
        (["--where", "price=cheap"], "price must be a number (got 'cheap')"),
        (["--where", "checked=maybe"], "checked must be true or false"),
        (["--where", "checked<true"], "checked<true:"),
        (["--tag", " , "], "there is no tag"),
        (["--sort", "-siez", "x"], "did you mean 'size'?"),
        (["--type", "movie"], "'movie' is not one of"),
    ],
)
def test_what_is_not_a_condition_is_refused_in_one_line(run: Run, arguments: list[str], message: str) -> None:
    ended = run("search", *arguments)
    assert ended.code == 2
    assert message in ended.err
    assert ended.err.count("\n") == 1


def test_a_day_begins_in_utc_and_a_moment_without_a_zone_is_in_utc() -> None:
    today = read_moment("today")
    assert isinstance(today, date)
    assert read_moment("yesterday") == today - timedelta(days=1)
    assert str(Q.updated_at > read_moment("2026-12-01")) == 'updatedAt > "2026-12-01"'
    assert str(Q.updated_at > read_moment("2026-12-01T12:00")) == 'updatedAt > "2026-12-01T12:00:00"'
    assert str(Q.updated_at > read_moment("2026-12-01T12:00+02:00")) == 'updatedAt > "2026-12-01T10:00:00"'


def test_the_orders_are_completed_and_an_unknown_one_is_told_them_once(run: Run) -> None:
    assert run("ls", "/", "--sort", "zzz").err.count("duration") == 1
    context = click.Context(command)
    (sort,) = (one for one in command.params if one.name == "sort")
    assert [item.value for item in sort.shell_complete(context, "")] == [*SORTS]
    assert [item.value for item in sort.shell_complete(context, "-")] == [f"-{name}" for name in SORTS]
    assert [item.value for item in sort.shell_complete(context, "-si")] == ["-size"]


def test_people_see_a_table_and_a_sum() -> None:
    with open_terminal("search", "--tag", "sale") as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert text.splitlines()[0].split() == ["path", "size", "pixels", "changed"]
    assert text.splitlines()[-1] == "2 files (2.1 kB)"
