"""Queries find exactly the same in local ImageKit as comparisons in Python.

The predicates are written in Python alone, for 200 random items; local ImageKit sees only the text of a query.
"""

from __future__ import annotations

import json
import math
import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from operator import ge, gt, le, lt
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagekitio.local.library.tables.schema import SCHEMA
from imagekitio.local.search import compile_query, register_functions
from imagekitio.search import Q, Query
from imagekitio.search.fields import CustomMetadataField, EqualField, FormatField, ListField, OrderedField

NOW = datetime(2024, 3, 31, 12, tzinfo=timezone.utc)
CUSTOM_TYPES = {
    "brand": "Text", "price": "Number", "season": "Date", "sold": "Boolean", "fit": "SingleSelect",
    "colors": "MultiSelect", 'odd "name\\.é\'': "Textarea",
}  # fmt: skip

# Small pools, so that conditions match items, with everything that escaping could get wrong.
TEXTS = [
    "", "a", "A", "ab", "a b", "red-dress.jpg", "Red Dress 2.png", "red", "dre", 'say "hi"', "it's", "back\\slash",
    "\\", '\\"', '" OR size > 0 OR name = "', "x) OR (type = folder", "50%_", "new\nline", "é", "日本", "😀",
    "\U0010ffff", "[]", "true", "5", "7d", "2024-03-05",
]  # fmt: skip
NUMBERS: list[int | float] = [-1, 0, 1, 2, 5, 5.5, 800, 1200, 1e-7, 1e16, 2**53, 0.1 + 0.2]
SIZES: list[int] = [0, 1, 1023, 1024, 10_240, 1_572_864, 2_000_000, 2**31]
DURATIONS: list[float] = [0.5, 30, 89.9, 90, 7200]
FOLDERS = ["/", "/shop", "/shops", "/shop/sale", "/shop/sale/2", "/a b", "/日本"]
EAST = timezone(timedelta(hours=5, minutes=30))
MOMENTS = [
    datetime(2024, 3, 31, 11, 0, 0, 123_000, timezone.utc), datetime(2024, 3, 24, 12, tzinfo=timezone.utc),
    datetime(2024, 2, 29, 12, tzinfo=timezone.utc), datetime(2023, 3, 31, 12, tzinfo=timezone.utc),
    datetime(2024, 3, 5, tzinfo=timezone.utc), datetime(2024, 3, 5, 5, 30, tzinfo=EAST),
    datetime(1969, 12, 31, 23, 59, 59, 999_000, timezone.utc), datetime(2024, 3, 5, 7, 8, 9, 1_000, EAST),
]  # fmt: skip
# The moment that each stands for, computed by hand for months and years.
AGO: dict[str | timedelta, datetime] = {
    "1h": NOW - timedelta(hours=1), "7d": NOW - timedelta(days=7), "1w": NOW - timedelta(days=7),
    "1m": datetime(2024, 2, 29, 12, tzinfo=timezone.utc), "1y": datetime(2023, 3, 31, 12, tzinfo=timezone.utc),
    timedelta(days=7): NOW - timedelta(days=7), timedelta(hours=25): NOW - timedelta(hours=25), timedelta(0): NOW,
}  # fmt: skip
PLACES = [(48.2, 16.4), (48.208, 16.373), (-33.9, 18.4), (0.0, 0.0), (40.0, 100.0), (59.9, -179.5)]
FORMATS = ["jpg", "png", "mp4", "pdf"]


Place = tuple[float, float]  # latitude and longitude in degrees


@dataclass
class Item:
    """An item of the media library in Python; None stands for a missing value."""

    kind: str
    id: str
    version_id: str | None
    name: str
    path: str
    created_at: datetime
    updated_at: datetime
    size: int | None = None
    width: float | None = None
    height: float | None = None
    duration: float | None = None
    format: str | None = None
    has_alpha: bool | None = None
    is_private: bool | None = None
    is_published: bool | None = None
    created_by: str | None = None
    tags: list[str] = field(default_factory=list)
    ai_tags: list[str] = field(default_factory=list)
    custom: dict[str, Any] = field(default_factory=dict)
    keywords: list[str] | None = None
    taken_at: datetime | None = None
    taken_in: Place | None = None

    @property
    def all_tags(self) -> list[str]:
        return self.tags + self.ai_tags


def make_items() -> list[Item]:
    choose = random.Random(20240331)

    def maybe(value: Any) -> Any:
        return value if choose.random() < 0.7 else None

    def some(values: list[Any]) -> list[Any]:
        return choose.sample(values, choose.randrange(4))

    items: list[Item] = []
    for number in range(200):
        kind = choose.choices(("file", "file-version", "folder"), (8, 1, 1))[0]
        custom = {
            "brand": choose.choice(TEXTS), "price": choose.choice(NUMBERS), "sold": choose.random() < 0.5,
            "season": iso(choose.choice(MOMENTS)), "fit": choose.choice([*NUMBERS, *TEXTS, True, False]),
            "colors": some([*NUMBERS, *TEXTS, True, False]), 'odd "name\\.é\'': choose.choice(TEXTS),
        }  # fmt: skip
        item = Item(
            kind, f"id{number}", f"v{number}", choose.choice(TEXTS), choose.choice(FOLDERS), choose.choice(MOMENTS),
            choose.choice(MOMENTS), created_by=maybe("eva@shop.example"),
            custom={name: value for name, value in custom.items() if choose.random() < 0.6},
        )  # fmt: skip
        if kind == "folder":
            item.version_id = None
        else:
            item.size, item.format = choose.choice(SIZES), maybe(choose.choice(FORMATS))
            item.is_private, item.is_published = choose.random() < 0.5, choose.random() < 0.5
            item.width, item.height = maybe(choose.choice(NUMBERS)), maybe(choose.choice(NUMBERS))
            item.duration, item.has_alpha = maybe(choose.choice(DURATIONS)), maybe(choose.random() < 0.5)
            item.tags, item.ai_tags, item.keywords = some(TEXTS), some(TEXTS), maybe(some(TEXTS))
            item.taken_at, item.taken_in = maybe(choose.choice(MOMENTS)), maybe(choose.choice(PLACES))
        items.append(item)
    return items


def iso(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def insert(connection: sqlite3.Connection, item: Item) -> None:
    embedded = {
        "Keywords": item.keywords,
        "DateTimeOriginal": None if item.taken_at is None else iso(item.taken_at),
        "LocationTaken": None if item.taken_in is None else "{:.6f},{:.6f}".format(*item.taken_in),
    }
    row: dict[str, object] = {
        name: getattr(item, name)
        for name in (
            "kind", "id", "version_id", "name", "path", "size", "width", "height", "duration", "format", "has_alpha",
            "is_private", "is_published", "created_by",
        )
    } | {
        "full_path": item.id, "created_at": item.created_at.timestamp(), "updated_at": item.updated_at.timestamp(),
        "tags": json.dumps(item.tags), "custom_metadata": json.dumps(item.custom),
        "ai_tags": json.dumps([{"name": name, "confidence": 90} for name in item.ai_tags]),
        "embedded_metadata": json.dumps({name: value for name, value in embedded.items() if value is not None}),
    }  # fmt: skip
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO assets ({columns}) VALUES ({marks})", list(row.values()))


ITEMS = make_items()


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        SCHEMA.migrate(connection)
        register_functions(connection)
        for item in ITEMS:
            insert(connection, item)
        yield connection


def find(connection: sqlite3.Connection, query: str) -> list[str]:
    """Return the ids that local ImageKit finds."""
    compiled = compile_query(query, now=NOW, custom_fields=CUSTOM_TYPES)
    scope = "1" if compiled.mentions_type else "a.kind = 'file'"
    sql = f"SELECT a.id FROM assets a WHERE ({compiled.sql}) AND {scope} ORDER BY a.row_id"
    return [found for (found,) in connection.execute(sql, compiled.parameters)]


class Case(NamedTuple):
    """A query and its expected meaning."""

    query: Query
    holds: Callable[[Item], bool]
    is_about_type: bool = False


Value = Callable[[Item], Any]


def is_same(one: object, other: object) -> bool:
    # JSON, unlike Python, distinguishes true from 1.
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def is_equal(value: Value, wanted: object) -> Callable[[Item], bool]:
    return lambda item: is_same(value(item), wanted)


def is_one_of(value: Value, wanted: list[Any]) -> Callable[[Item], bool]:
    return lambda item: any(is_same(value(item), one) for one in wanted)


def has_one_of(values: Value, wanted: list[Any]) -> Callable[[Item], bool]:
    return lambda item: any(is_same(have, one) for have in values(item) or [] for one in wanted)


def invert(holds: Callable[[Item], bool]) -> Callable[[Item], bool]:
    return lambda item: not holds(item)


Equal = FormatField[Any] | CustomMetadataField
Ordered = OrderedField[Any] | CustomMetadataField


@st.composite
def equalities(draw: st.DrawFn, q: Equal, value: Value, spellings: dict[Any, Any], about_type: bool = False) -> Case:
    """Draw an equality or membership. `spellings` maps each way to write a value to the value."""
    operator = draw(st.sampled_from(["==", "in"] if not isinstance(q, EqualField) else ["==", "!=", "in", "not in"]))
    if operator in ("==", "!="):
        written = draw(st.sampled_from([*spellings]))
        holds = is_equal(value, spellings[written])
        return (
            Case(q == written, holds, about_type) if operator == "==" else Case(q != written, invert(holds), about_type)
        )
    several = draw(st.lists(st.sampled_from([*spellings]), max_size=4))
    holds = is_one_of(value, [spellings[written] for written in several])
    if operator == "in":
        return Case(q.in_(several), holds, about_type)
    assert isinstance(q, EqualField)
    return Case(q.not_in(iter(several)), invert(holds), about_type)


@st.composite
def comparisons(draw: st.DrawFn, q: Ordered, value: Value, spellings: dict[Any, Any]) -> Case:
    """Draw an order comparison, which is false without a value. The last two have the field on the right."""
    written = draw(st.sampled_from([*spellings]))
    meant = spellings[written]

    def present(compare: Callable[[Any, Any], bool]) -> Callable[[Item], bool]:
        return lambda item: value(item) is not None and compare(value(item), meant)

    cases = [
        Case(q < written, present(lt)),
        Case(q <= written, present(le)),
        Case(q > written, present(gt)),
        Case(q >= written, present(ge)),
        Case(written < q, present(gt)),
        Case(written >= q, present(le)),
    ]
    return draw(st.sampled_from(cases))


def numbers(q: Ordered, value: Value, spellings: dict[Any, Any]) -> st.SearchStrategy[Case]:
    return equalities(q, value, spellings) | comparisons(q, value, spellings)


@st.composite
def beginnings(draw: st.DrawFn, q: Any, value: Value) -> Case:
    prefix = draw(st.sampled_from(TEXTS) | text())
    return Case(q.startswith(prefix), lambda item: isinstance(value(item), str) and value(item).startswith(prefix))


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def has_words(text: str, wanted: str) -> bool:
    *whole, last = words(wanted) or [""]
    there = words(text)
    return set(whole) <= {*there} and (not last or any(word.startswith(last) for word in there))


@st.composite
def word_searches(draw: st.DrawFn, q: Any, values: Value) -> Case:
    """Draw a search for words; one without a word matches everything that has a text."""
    wanted = draw(st.sampled_from(["red", "RED dre", "dre red", "2 dress", "日", "true", "hi say", "size"]))
    return Case(q.has(wanted), lambda item: any(has_words(value, wanted) for value in values(item)))


@st.composite
def lists(draw: st.DrawFn, q: ListField | CustomMetadataField, values: Value, pool: list[Any]) -> Case:
    wanted = draw(st.lists(st.sampled_from(pool), max_size=4))
    holds = has_one_of(values, wanted)
    cases = [Case(q.in_(wanted), holds), Case(q.not_in(wanted), invert(holds))]
    if wanted:
        cases.append(Case(q.contains(wanted[0]), has_one_of(values, wanted[:1])))
    if isinstance(q, ListField):
        cases.append(Case(q.exists(), lambda item: bool(values(item))))
    return draw(st.sampled_from(cases))


@st.composite
def flags(draw: st.DrawFn, q: Any, value: Value, *, always: bool = True) -> Case:
    wanted = draw(st.booleans())
    case = Case(draw(st.sampled_from([q == wanted, q.is_(wanted)])), is_equal(value, wanted))
    return Case(q != wanted, invert(case.holds)) if always and draw(st.booleans()) else case


@st.composite
def subtrees(draw: st.DrawFn) -> Case:
    folder = draw(st.sampled_from([*FOLDERS, "shop/", "/sho"]))
    stem = folder.strip("/")
    below = f"/{stem}/" if stem else "/"
    return Case(Q.path.is_under(folder), lambda item: f"{item.path}/".startswith(below))


def measure_kilometres(one: Place, other: Place) -> float:
    (x, y, z), (u, v, w) = (
        (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))
        for lat, lon in ((math.radians(place[0]), math.radians(place[1])) for place in (one, other))
    )
    return 6371.0088 * math.acos(max(-1.0, min(1.0, x * u + y * v + z * w)))


@st.composite
def areas(draw: st.DrawFn) -> Case:
    """Draw a circle, a rectangle, or the same rectangle as a polygon."""
    q = Q.embedded_metadata["LocationTaken"]
    centre, radius = draw(st.sampled_from(PLACES)), draw(st.sampled_from([0.01, 3, 1.5e3, 10_000]))
    if draw(st.booleans()):
        return Case(
            q.within_circle(*centre, radius_km=radius),
            lambda item: item.taken_in is not None and measure_kilometres(item.taken_in, centre) <= radius,
        )
    south, west = -10.5, -20.25
    north, east = draw(st.sampled_from([(50.0, 50.0), (48.205, 16.39), (1.0, 1e-7)]))
    corners = [(south, west), (south, east), (north, east), (north, west)]
    query = draw(st.sampled_from([q.within_rectangle((north, west), (south, east)), q.within_polygon(corners)]))
    return Case(query, lambda item: is_between(item.taken_in, (south, west), (north, east)))


def is_between(place: Place | None, low: Place, high: Place) -> bool:
    return place is not None and low[0] <= place[0] <= high[0] and low[1] <= place[1] <= high[1]


def text() -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


def custom(name: str) -> Value:
    return lambda item: item.custom.get(name)


def custom_moment(item: Item) -> datetime | None:
    value = item.custom.get("season")
    return None if value is None else datetime.fromisoformat(value.replace("Z", "+00:00"))


def plain(values: list[Any]) -> dict[Any, Any]:
    return {value: value for value in values}


TEXT = plain(TEXTS)
NUMBER = plain(NUMBERS)
MOMENT: dict[Any, Any] = {
    **plain(MOMENTS),
    **AGO,
    date(2024, 3, 5): datetime(2024, 3, 5, tzinfo=timezone.utc),
    "2024-03-05": datetime(2024, 3, 5, tzinfo=timezone.utc),
    "2024-03-31T11:00:00.123Z": MOMENTS[0],
    "2024-03-05T07:08:09.001+05:30": MOMENTS[-1],
}
SIZE: dict[Any, Any] = {**plain(SIZES), "10kb": 10_240, "1.5 MB": 1_572_864, "2gb": 2**31, 1023.5: 1023.5}
DURATION: dict[Any, Any] = {
    **plain(DURATIONS), "30sec": 30, "1.5min": 90, "2hr": 7200, "90s": 90, timedelta(minutes=1.5): 90,
    timedelta(milliseconds=500): 0.5,
}  # fmt: skip
ODD = "odd \"name\\.é'"

CONDITIONS: dict[str, st.SearchStrategy[Case]] = {
    "name": equalities(Q.name, lambda item: item.name, TEXT)
    | beginnings(Q.name, lambda item: item.name)
    | word_searches(Q.name, lambda item: [item.name]),
    "tags": lists(Q.tags, lambda item: item.all_tags, TEXTS) | word_searches(Q.tags, lambda item: item.all_tags),
    "type": equalities(Q.type, lambda item: item.kind, plain(["file", "file-version", "folder"]), True),
    "created_at": numbers(Q.created_at, lambda item: item.created_at, MOMENT),
    "updated_at": numbers(Q.updated_at, lambda item: item.updated_at, MOMENT),
    "width": numbers(Q.width, lambda item: item.width, NUMBER),
    "height": numbers(Q.height, lambda item: item.height, NUMBER),
    "size": numbers(Q.size, lambda item: item.size, SIZE),
    "video_duration": numbers(Q.video_duration, lambda item: item.duration, DURATION),
    "format": equalities(Q.format, lambda item: item.format, {**plain(FORMATS), "jpeg": "jpg", "svg": "svg"}),
    "private": flags(Q.private, lambda item: item.is_private),
    "published": flags(Q.published, lambda item: item.is_published),
    "transparency": flags(Q.transparency, lambda item: item.has_alpha, always=False),
    "created_by": equalities(Q.created_by, lambda item: item.created_by, plain(["eva@shop.example", "x"])),
    "path": equalities(Q.path, lambda item: item.path, {**plain(FOLDERS), "shop/": "/shop"}) | subtrees(),
    "id": equalities(Q.id, lambda item: item.id, plain(["id1", "id7", "id199", "none"])),
    "keywords": lists(Q.embedded_metadata["Keywords"], lambda item: item.keywords, TEXTS),
    "taken_at": numbers(Q.embedded_metadata["DateTimeOriginal"], lambda item: item.taken_at, MOMENT),
    "taken_in": areas(),
    "text": equalities(Q.custom_metadata["brand"], custom("brand"), TEXT)
    | beginnings(Q.custom_metadata["brand"], custom("brand"))
    | word_searches(Q.custom_metadata["brand"], lambda item: [item.custom["brand"]] if "brand" in item.custom else []),
    "textarea": equalities(Q.custom_metadata[ODD], custom(ODD), TEXT),
    "number": numbers(Q.custom_metadata["price"], custom("price"), NUMBER),
    "date": numbers(Q.custom_metadata["season"], custom_moment, MOMENT),
    "boolean": st.booleans().map(lambda yes: Case(Q.custom_metadata["sold"] == yes, is_equal(custom("sold"), yes))),
    "single_select": equalities(Q.custom_metadata["fit"], custom("fit"), {**TEXT, 5: 5, 5.5: 5.5})
    | st.booleans().map(lambda yes: Case(Q.custom_metadata["fit"] == yes, is_equal(custom("fit"), yes)))
    | st.booleans().map(lambda yes: Case(Q.custom_metadata["fit"].not_in([yes]), invert(is_equal(custom("fit"), yes))))
    | beginnings(Q.custom_metadata["fit"], custom("fit")),
    "multi_select": lists(Q.custom_metadata["colors"], custom("colors"), [*TEXTS, 5, 5.5, True, False]),
}


@st.composite
def combinations(draw: st.DrawFn, parts: st.SearchStrategy[Case]) -> Case:
    one, other = draw(parts), draw(parts)
    about_type = one.is_about_type or other.is_about_type
    if draw(st.booleans()):
        return Case(one.query & other.query, lambda item: one.holds(item) and other.holds(item), about_type)
    return Case(one.query | other.query, lambda item: one.holds(item) or other.holds(item), about_type)


@st.composite
def inversions(draw: st.DrawFn, parts: st.SearchStrategy[Case]) -> Case:
    case = draw(parts)
    try:
        return Case(~case.query, invert(case.holds), case.is_about_type)
    except TypeError:  # it cannot be expressed; test_queries.py says when
        return case


def trees() -> st.SearchStrategy[Case]:
    leaves = st.one_of(*CONDITIONS.values())
    return st.recursive(leaves, lambda parts: combinations(parts) | inversions(parts), max_leaves=8)


def find_expected(case: Case) -> list[str]:
    return [item.id for item in ITEMS if case.holds(item) and (case.is_about_type or item.kind == "file")]


def test_every_field_is_tested() -> None:
    fields = {name for name in dir(Q) if not name.startswith("_")}
    assert fields - {"custom_metadata", "embedded_metadata"} <= CONDITIONS.keys()


@pytest.mark.parametrize("name", CONDITIONS)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_a_condition_finds_the_same_as_python(connection: sqlite3.Connection, name: str, data: st.DataObject) -> None:
    case = data.draw(inversions(CONDITIONS[name]) | CONDITIONS[name])
    assert find(connection, str(case.query)) == find_expected(case), case.query


@pytest.mark.slow
@given(case=trees())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
def test_a_combination_finds_the_same_as_python(connection: sqlite3.Connection, case: Case) -> None:
    assert find(connection, str(case.query)) == find_expected(case), case.query


@pytest.mark.parametrize("name", CONDITIONS)
def test_the_conditions_distinguish_the_items(connection: sqlite3.Connection, name: str) -> None:
    """Check these tests themselves: some condition on each field finds some files but not all."""
    files = sum(item.kind == "file" for item in ITEMS)
    found = set[int]()

    @given(case=CONDITIONS[name])
    @settings(max_examples=20, database=None, deadline=None, derandomize=True)
    def collect(case: Case) -> None:
        found.add(len(find(connection, str(case.query))))

    collect()
    assert any(0 < count < files for count in found)
