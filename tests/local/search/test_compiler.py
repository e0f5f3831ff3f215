"""Queries against a real SQLite table find what the language promises."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.library.tables.schema import SCHEMA
from imagekitio.local.search import CompiledQuery, SearchSyntaxError, compile_query, register_functions
from imagekitio.local.search.parser import MAX_CONDITIONS, MAX_DEPTH, MAX_VALUES

NOW = datetime(2024, 3, 31, 12, tzinfo=timezone.utc)
CUSTOM_FIELDS = {
    "brand": "Text", "notes": "Textarea", "price": "Number", "season": "Date", "sold": "Boolean",
    "size": "SingleSelect", "colors": "MultiSelect", 'odd "name\\.é': "Text",
}  # fmt: skip
JSON_COLUMNS = ("tags", "ai_tags", "custom_metadata", "embedded_metadata")

ASSETS: tuple[dict[str, object], ...] = (
    {
        "name": "red-dress.jpg", "path": "/shop", "id": "f1", "version_id": "v1", "created_at": "2024-03-30T00:00:00",
        "updated_at": "2024-03-31T11:00:00.123", "size": 2_000_000, "width": 1200, "height": 800, "format": "jpg",
        "is_image": 1, "has_alpha": 0, "is_private": 0, "is_published": 1, "created_by": "eva@shop.example",
        "tags": ["summer", "dress"],
        "ai_tags": [{"name": "Clothing", "confidence": 97.3, "source": "aws-auto-tagging"}],
        "custom_metadata": {
            "brand": "Ö50%_x'y\"", "notes": "Long red line", "price": 59.9, "season": "2024-06-01", "sold": True,
            "size": 5, "colors": ["red", 1, True], 'odd "name\\.é': "odd",
        },
        "embedded_metadata": {
            "LocationTaken": "48.2,16.4", "Keywords": ["fashion", "studio"], "DateTimeOriginal": "2024-02-29T10:00:00Z",
        },
    },
    {
        "name": "Blue Dress 2.png", "path": "/shop/sale", "id": "f2", "version_id": "v2", "created_at": "2024-02-01",
        "updated_at": "2024-02-02", "size": 10_240, "width": 800, "height": 800, "format": "png", "is_image": 1,
        "has_alpha": 1, "is_private": 1, "is_published": 0, "tags": ["sold"],
        "custom_metadata": {"brand": "Acme", "price": 20, "sold": False, "size": "5", "colors": ["1"]},
        "embedded_metadata": {"Keywords": "studio"},
    },
    {
        "name": "film.mp4", "path": "/shops", "id": "f3", "version_id": "v3", "created_at": "2023-03-31T12:00:00",
        "updated_at": "2023-04-01", "size": 5_000_000, "width": 1920, "height": 1080, "duration": 90, "format": "mp4",
        "is_image": 0, "is_private": 0, "is_published": 1, "tags": [], "custom_metadata": {"size": True, "brand": None},
    },
    {
        "name": "notes.txt", "path": "/", "id": "f4", "version_id": "v4", "created_at": "2020-01-01",
        "updated_at": "2020-01-01", "size": 0, "format": "txt", "is_image": 0, "is_private": 0, "is_published": 1,
        "ai_tags": [{"name": "sold", "confidence": 50, "source": "google-auto-tagging"}],
    },
    {
        "kind": "file-version", "name": "red-dress.jpg", "path": "/shop", "id": "f1", "version_id": "v0",
        "created_at": "2024-03-01", "updated_at": "2024-03-01", "size": 1_000, "format": "jpg", "tags": ["old"],
        "is_private": 0,
    },
    {
        "kind": "folder", "name": "shop", "path": "/", "id": "d1", "created_at": "2024-03-01",
        "updated_at": "2024-03-01", "created_by": "eva@shop.example", "custom_metadata": {"brand": "Acme"},
    },
)  # fmt: skip
ALL = ["red-dress.jpg", "Blue Dress 2.png", "film.mp4", "notes.txt", "v0", "shop"]
RED, BLUE, FILM, NOTES, OLD, FOLDER = ALL

Find = Callable[[str], list[str]]


def compile_text(text: str) -> CompiledQuery:
    return compile_query(text, now=NOW, custom_fields=CUSTOM_FIELDS)


def to_unix_time(text: object) -> float:
    return datetime.fromisoformat(str(text)).replace(tzinfo=timezone.utc).timestamp()


def insert(connection: sqlite3.Connection, asset: dict[str, object]) -> None:
    row = {"kind": "file", **asset, "full_path": f"{asset['path']}/{asset['name']}".replace("//", "/")}
    row |= {column: to_unix_time(row[column]) for column in ("created_at", "updated_at")}
    row |= {column: json.dumps(row[column]) for column in JSON_COLUMNS if column in row}
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO assets ({columns}) VALUES ({marks})", list(row.values()))


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        SCHEMA.migrate(connection)
        register_functions(connection)
        for asset in ASSETS:
            insert(connection, asset)
        yield connection


def find_names(connection: sqlite3.Connection, query: CompiledQuery) -> list[str]:
    label = "CASE a.kind WHEN 'file-version' THEN a.version_id ELSE a.name END"
    rows = connection.execute(f"SELECT {label} FROM assets AS a WHERE {query.sql} ORDER BY a.row_id", query.parameters)
    return [name for (name,) in rows]


@pytest.fixture
def find(connection: sqlite3.Connection) -> Find:
    return lambda text: find_names(connection, compile_text(text))


def without(*left_out: str) -> list[str]:
    return [name for name in ALL if name not in left_out]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name = red-dress.jpg", [RED, OLD]),
        ("name = RED-dress.jpg", []),
        ('name NOT = "red-dress.jpg"', without(RED, OLD)),
        ('name IN ["film.mp4", "shop", "none"]', [FILM, FOLDER]),
        ('name NOT IN ["film.mp4", "shop"]', without(FILM, FOLDER)),
        ("name IN []", []),
        ("name NOT IN []", ALL),
        ('name : "red"', [RED, OLD]),
        ('name : "Red"', []),
        ('name : ""', ALL),
        ('name HAS "DRES"', [RED, BLUE, OLD]),
        ('name HAS "dress blue"', [BLUE]),
        ('name HAS "dre red"', []),
        ('name HAS "2"', [BLUE]),
        ('name HAS "!"', ALL),
    ],
)
def test_names_are_searched(find: Find, query: str, found: list[str]) -> None:
    assert find(query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('tags IN ["summer", "x"]', [RED]),
        ('tags IN ["Summer"]', []),
        ('tags IN ["Clothing"]', [RED]),
        ("tags IN [sold]", [BLUE, NOTES]),
        ("tags = sold", [BLUE, NOTES]),
        ("tags NOT IN [sold]", without(BLUE, NOTES)),
        ("tags IN []", []),
        ("tags NOT IN []", ALL),
        ("tags HAS cloth", [RED]),
        ("tags HAS SUMM", [RED]),
        ('tags HAS "summer dress"', []),
        ("tags EXISTS", [RED, BLUE, NOTES, OLD]),
        ("tags NOT EXISTS", [FILM, FOLDER]),
    ],
)
def test_tags_are_searched_in_both_kinds_of_tags(find: Find, query: str, found: list[str]) -> None:
    assert find(query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("type = folder", [FOLDER]),
        ('type = "file-version"', [OLD]),
        ("type NOT = file", [OLD, FOLDER]),
        ('type IN ["file", "folder"]', without(OLD)),
        ("type NOT IN [file,folder]", [OLD]),
        ("id = f1", [RED, OLD]),
        ("id = v0", [OLD]),
        ("id = d1", [FOLDER]),
        ("id IN [f2, v3, d1]", [BLUE, FILM, FOLDER]),
        ("id NOT = f1", without(RED, OLD)),
        ("id NOT IN [v0, d1]", without(OLD, FOLDER)),
        ('createdBy = "eva@shop.example"', [RED, FOLDER]),
        ("createdBy = eva@shop.example", [RED, FOLDER]),
        ('createdBy NOT = "eva@shop.example"', without(RED, FOLDER)),
        ('createdBy IN ["eva@shop.example"]', [RED, FOLDER]),
    ],
)
def test_types_ids_and_uploaders_are_searched(find: Find, query: str, found: list[str]) -> None:
    assert find(query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('createdAt > "7d"', [RED]),
        ("createdAt < 2y", [NOTES]),
        ("createdAt = 1y", [FILM]),
        ("createdAt < 2020-01-02", [NOTES]),
        ("createdAt <= 2020-01-01", [NOTES]),
        ("createdAt = 2024-03-30", [RED]),
        ("createdAt NOT = 2024-03-30T00:00:00Z", without(RED)),
        ('createdAt IN ["2024-02-01", "2020-01-01T01:00:00+01:00"]', [BLUE, NOTES]),
        ("createdAt NOT IN [2024-02-01, 2024-03-01]", [RED, FILM, NOTES]),
        ("createdAt >= 2024-03-01", [RED, OLD, FOLDER]),
        ("updatedAt > 2h", [RED]),
        ("updatedAt = 2024-03-31T11:00:00.123Z", [RED]),
        ("updatedAt <= 2023-04-01", [FILM, NOTES]),
        ('"embeddedMetadata.DateTimeOriginal" >= 2024-02-29', [RED]),
        ('"embeddedMetadata.DateTimeOriginal" > 5w', [RED]),
        ('"embeddedMetadata.DateTimeOriginal" < 1m', [RED]),
        ("embeddedMetadata.DateTimeOriginal = 2024-02-29T10:00:00", [RED]),
        ("embeddedMetadata.DateTimeOriginal NOT = 2024-02-29T10:00:00", without(RED)),
    ],
)
def test_times_are_searched(find: Find, query: str, found: list[str]) -> None:
    assert find(query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("width = 800", [BLUE]),
        ("width > 800", [RED, FILM]),
        ("height <= 800", [RED, BLUE]),
        ("height IN [800, 1080]", [RED, BLUE, FILM]),
        ("height NOT = 800", without(RED, BLUE)),
        ("height NOT IN [800]", without(RED, BLUE)),
        ("width < 0", []),
        ("size > 1mb", [RED, FILM]),
        ('size = "10kb"', [BLUE]),
        ("size < 1000.5", [NOTES, OLD]),
        ("size >= 5000000", [FILM]),
        ("videoDuration > 1min", [FILM]),
        ('videoDuration = "1.5min"', [FILM]),
        ("videoDuration <= 89", []),
        ('videoDuration NOT = "90s"', without(FILM)),
        ("format = jpg", [RED, OLD]),
        ("format = jpeg", [RED, OLD]),
        ("format IN [png, txt]", [BLUE, NOTES]),
        ("private = true", [BLUE]),
        ("private = false", [RED, FILM, NOTES, OLD]),
        ('published = "false"', [BLUE]),
        ("transparency = true", [BLUE]),
        ("transparency = FALSE", [RED]),
    ],
)
def test_numbers_formats_and_flags_are_searched(find: Find, query: str, found: list[str]) -> None:
    assert find(query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("path = /shop", [RED, OLD]),
        ('path = "shop/"', [RED, OLD]),
        ('path = "/"', [NOTES, FOLDER]),
        ('path : "/shop"', [RED, BLUE, OLD]),
        ('path : "//shop//sale/"', [BLUE]),
        ('path : "/sho"', []),
        ('path : "/"', ALL),
        ('path NOT = "/shop"', without(RED, OLD)),
        ('path IN ["/shops", "/shop/sale"]', [BLUE, FILM]),
        ('path NOT IN ["/"]', without(NOTES, FOLDER)),
    ],
)
def test_path_means_one_folder_or_a_whole_subtree(find: Find, query: str, found: list[str]) -> None:
    assert find(query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"embeddedMetadata.LocationTaken" = "48.2,16.4 10km"', [RED]),
        ('"embeddedMetadata.LocationTaken" = "40,100 5km"', []),
        ('"embeddedMetadata.LocationTaken" = "48,16|49,17"', [RED]),
        ('"embeddedMetadata.LocationTaken" = "0,0|0,100|40,100|40,0"', []),
        ('"embeddedMetadata.Keywords" IN [studio]', [RED, BLUE]),
        ('"embeddedMetadata.Keywords" IN ["fashion", "x"]', [RED]),
        ('"embeddedMetadata.Keywords" NOT IN [fashion]', without(RED)),
        ('"embeddedMetadata.Keywords" EXISTS', [RED, BLUE]),
        ('"embeddedMetadata.Keywords" NOT EXISTS', without(RED, BLUE)),
    ],
)
def test_embedded_metadata_is_searched(find: Find, query: str, found: list[str]) -> None:
    assert find(query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"customMetadata.brand" = "Acme"', [BLUE, FOLDER]),
        ("customMetadata.brand NOT = Acme", without(BLUE, FOLDER)),
        ("customMetadata.brand IN [Acme]", [BLUE, FOLDER]),
        ("customMetadata.brand : Ac", [BLUE, FOLDER]),
        ("customMetadata.brand : ac", []),
        ("customMetadata.brand HAS ac", [BLUE, FOLDER]),
        (r'customMetadata.brand = "Ö50%_x' + r"'y\"" + '"', [RED]),
        ('customMetadata.brand : "Ö50%_"', [RED]),
        ('customMetadata.brand : "Ö5_%"', []),
        ('customMetadata.notes HAS "RED long"', [RED]),
        ('"customMetadata.price" >= 20', [RED, BLUE]),
        ('"customMetadata.price" = 59.9', [RED]),
        ('"customMetadata.price" = 20.0', [BLUE]),
        ('"customMetadata.price" NOT IN [20]', without(BLUE)),
        ("customMetadata.season > 2024-05-31", [RED]),
        ("customMetadata.season = 2024-06-01T02:00:00+02:00", [RED]),
        ("customMetadata.season NOT = 2024-06-01", without(RED)),
        ("customMetadata.sold = true", [RED]),
        ("customMetadata.sold = false", [BLUE]),
        ("customMetadata.size = 5", [RED]),
        ('customMetadata.size = "5"', [BLUE]),
        ("customMetadata.size = true", [FILM]),
        ("customMetadata.size = 1", []),
        ("customMetadata.size IN [5, true]", [RED, FILM]),
        ("customMetadata.size NOT IN [5, true]", without(RED, FILM)),
        ("customMetadata.size > 4", [RED]),
        ("customMetadata.size <= 4", []),
        ('customMetadata.size : "5"', [BLUE]),
        ('customMetadata.size : ""', [BLUE]),
        ("customMetadata.colors IN [red]", [RED]),
        ("customMetadata.colors IN [1]", [RED]),
        ('customMetadata.colors IN ["1"]', [BLUE]),
        ("customMetadata.colors IN [true, 1]", [RED]),
        ("customMetadata.colors IN [false, 0]", []),
        ("customMetadata.colors NOT IN [red]", without(RED)),
        (r'"customMetadata.odd \"name\\.é" = odd', [RED]),
    ],
)
def test_custom_metadata_of_every_type_is_searched(find: Find, query: str, found: list[str]) -> None:
    assert find(query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ALL),
        ("format = png OR format = mp4 AND width = 1", [BLUE]),
        ("(format = png OR format = mp4) AND width > 1", [BLUE, FILM]),
        ('createdAt > "60d" AND (format = "jpg" OR format = "png")', [RED, BLUE, OLD]),
        ('"customMetadata.price" >= 20 AND tags NOT IN ["sold"]', [RED]),
        ('path : "/shop" AND size > "1mb"', [RED]),
        ("width NOT = 800 AND width > 0 OR type = folder", [RED, FILM, FOLDER]),
    ],
)
def test_conditions_can_be_combined(find: Find, query: str, found: list[str]) -> None:
    assert find(query) == found


@pytest.mark.parametrize(
    ("query", "sql", "parameters"),
    [
        ('name : "red"', "(a.name >= ? AND a.name < ?)", ("red", "ree")),
        ('name : "a\ud7ff"', "(a.name >= ? AND a.name < ?)", ("a\ud7ff", "a\ue000")),
        ('name : "a\U0010ffff"', "(a.name >= ? AND a.name < ?)", ("a\U0010ffff", "b")),
        ('name : "\U0010ffff"', "a.name >= ?", ("\U0010ffff",)),
        ("size <= 1kb OR private=true", "(a.size <= ? OR a.is_private IN (?))", (1024, True)),
        ("name NOT = x", "((a.name IN (?)) IS NOT TRUE)", ("x",)),
        ("type = file", "a.kind IN (?)", ("file",)),
    ],
)
def test_values_are_parameters_and_never_part_of_the_sql(query: str, sql: str, parameters: Sequence[object]) -> None:
    assert (compile_text(query).sql, compile_text(query).parameters) == (sql, parameters)


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("name : red", "kind=? AND name>? AND name<?"),
        ("createdAt > 7d", "kind=? AND created_at>?"),
        ("updatedAt < 1y", "kind=? AND updated_at<?"),
    ],
)
def test_names_and_dates_use_an_index(connection: sqlite3.Connection, text: str, by: str) -> None:
    query = compile_text(text)
    explain = f"EXPLAIN QUERY PLAN SELECT a.id FROM assets AS a WHERE a.kind = 'file' AND {query.sql}"
    assert by in str(connection.execute(explain, query.parameters).fetchall())


@pytest.mark.parametrize(
    ("query", "mentions"),
    [("", False), ("name = type", False), ("type = file", True), ("name = a OR (size = 1 AND type NOT = file)", True)],
)
def test_a_query_knows_whether_it_mentions_the_type(query: str, mentions: bool) -> None:
    assert compile_text(query).mentions_type is mentions


def test_relevance_is_the_number_of_words_found(connection: sqlite3.Connection) -> None:
    query = compile_text('name HAS "red dress" OR tags HAS "dress" OR customMetadata.notes HAS "red line"')
    rows = connection.execute(
        f"SELECT a.name, {query.relevance} FROM assets AS a WHERE {query.sql} AND a.kind = 'file'",
        (*query.relevance_parameters, *query.parameters),
    )
    assert dict(rows.fetchall()) == {RED: 5}
    assert (compile_text("size = 1").relevance, compile_text("size = 1").relevance_parameters) == ("0", ())


@pytest.mark.parametrize(
    ("query", "position", "message"),
    [
        ("created_at > 7d", 0, "there is no field 'created_at'; did you mean 'createdAt'"),
        ("size > 1 AND customMetadata.brnd = x", 13, "did you mean 'customMetadata.brand'"),
        ("customMetadata. = x", 0, "there is no field"),
        ("Name = x", 0, "there is no field 'Name'"),
        ("size : 5", 5, "size does not take :; it takes =, NOT =, IN, NOT IN, <, <=, >, >="),
        ("name > a", 5, "name does not take >"),
        ("name EXISTS", 5, "name does not take EXISTS"),
        ("tags : a", 5, "tags does not take :"),
        ("tags NOT = a", 5, "tags does not take NOT ="),
        ("format NOT = jpg", 7, "format does not take NOT ="),
        ("private NOT = true", 8, "private does not take NOT ="),
        ("createdAt HAS 7d", 10, "createdAt does not take HAS"),
        ("path HAS shop", 5, "path does not take HAS"),
        ("customMetadata.sold IN [true]", 20, "does not take IN"),
        ("customMetadata.colors = red", 22, "does not take ="),
        ("customMetadata.size HAS x", 20, "does not take HAS"),
        ("embeddedMetadata.LocationTaken IN []", 31, "does not take IN"),
        ("embeddedMetadata.Rating = 5", 0, "there is no field 'embeddedMetadata.Rating'"),
        ("width = wide", 8, "expected a number without quotes"),
        ('width IN [1, "2"]', 13, "expected a number without quotes"),
        ("size < 5tb", 7, "expected bytes as a number"),
        ("videoDuration < 5d", 16, "expected seconds as a number"),
        ("createdAt < soon", 12, "expected a date such as"),
        ("private = 1", 10, "expected true or false"),
        ("type = all", 7, "expected one of file, file-version, folder"),
        ("format = bmp", 9, "expected one of jpg, webp, png"),
        ("customMetadata.price = cheap", 23, "expected a number"),
        ("customMetadata.season = summer", 24, "expected a date"),
        ("customMetadata.sold = yes", 22, "expected true or false"),
        ("customMetadata.size > large", 22, "expected a number"),
        ("customMetadata.size : 5", 22, "expected a text after :"),
        ('embeddedMetadata.LocationTaken = "here"', 33, "a location must be a circle such as"),
        ('embeddedMetadata.LocationTaken = "99,0 5km"', 33, "latitude must be from -90 to 90"),
    ],
)
def test_an_error_has_its_position_and_the_expected_input(query: str, position: int, message: str) -> None:
    with pytest.raises(SearchSyntaxError) as caught:
        compile_text(query)
    assert caught.value.position == position
    assert message in caught.value.message


def test_an_error_about_a_very_long_word_is_short() -> None:
    for text in ("x" * 60_000 + " = 1", "size = " + "x" * 60_000):
        with pytest.raises(SearchSyntaxError) as caught:
            compile_text(text)
        assert len(str(caught.value)) < 1_000


def test_the_largest_queries_that_compile_also_run(connection: sqlite3.Connection) -> None:
    heavy = 'customMetadata.colors NOT IN ["a", "b"]'

    def tree(levels: int, connective: str = "AND", other: str = "OR") -> str:
        below = tree(levels - 1, other, connective) if levels else ""
        return f"({below} {connective} {below})" if levels else heavy

    deep = tree(8)
    for level in range(MAX_DEPTH - 8):
        deep = f"{heavy} {'OR' if level % 2 else 'AND'} ({deep})"
    flat = " AND ".join([heavy] * MAX_CONDITIONS)
    long_list = f"id IN [{','.join('1' * MAX_VALUES)}]"
    for text in (deep, flat, long_list):
        query = compile_text(text)
        sql = f"SELECT COUNT(*) FROM assets AS a WHERE (a.kind = 'file' AND (a.id > '' AND ({query.sql})))"
        assert connection.execute(sql, query.parameters).fetchone()


fields = st.sampled_from(
    ["name", "tags", "size", "createdAt", "id", "path", "format", "private", '"customMetadata.brand"',
     "customMetadata.size", "customMetadata.colors", "'embeddedMetadata.Keywords'", "embeddedMetadata.LocationTaken",
     "videoDuration", "type", "customMetadata.season"]
)  # fmt: skip
operators = st.sampled_from(["=", "NOT =", ":", "<", ">=", "HAS", "IN", "NOT IN", "EXISTS", "NOT EXISTS"])
values = st.one_of(
    st.sampled_from(["", "7d", "1mb", "5", "true", '"jpg"', "[a, 1, true]", "[]", '"1,1 5km"', "2024-01-01"]),
    st.text(max_size=10),
    st.text(max_size=10).map(lambda text: f'"{text}"'),
)
conditions = st.builds(" ".join, st.tuples(fields, operators, values))
queries = st.recursive(
    conditions,
    lambda inner: st.builds(
        "({} {} {})".format, inner, st.sampled_from(["AND", "OR"]), inner
    ),
    max_leaves=5,
)  # fmt: skip


@given(query=st.one_of(queries, st.text()))
def test_any_text_compiles_to_sql_that_runs_or_is_refused(connection: sqlite3.Connection, query: str) -> None:
    try:
        result = compile_text(query)
    except SearchSyntaxError as error:
        refusal = error
    else:
        assert result.sql.count("?") == len(result.parameters)
        assert set(find_names(connection, result)) <= set(ALL)
        relevance = f"SELECT {result.relevance} FROM assets AS a"
        assert all(count >= 0 for (count,) in connection.execute(relevance, result.relevance_parameters))
        return
    assert refusal.message
    assert 0 <= refusal.position <= len(query)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12) | st.text(
    "'\"\\%_*?[];-é\U0010ffff\ud7ff\ue000", max_size=6
)


@given(stored=texts, wanted=texts)
def test_quotes_percent_signs_and_the_like_never_change_the_meaning(stored: str, wanted: str) -> None:
    literal = '"' + wanted.replace("\\", "\\\\").replace('"', '\\"') + '"'
    expected = {"=": stored == wanted, "NOT =": stored != wanted, ":": stored.startswith(wanted)}
    with closing(sqlite3.connect(":memory:")) as connection:
        register_functions(connection)
        connection.execute("CREATE TABLE assets (name TEXT, tags TEXT, ai_tags TEXT, custom_metadata TEXT)")
        row = (stored, json.dumps([stored]), json.dumps({"brand": stored}))
        connection.execute("INSERT INTO assets VALUES (?, ?, NULL, ?)", row)

        def is_found(text: str) -> bool:
            query = compile_text(text)
            rows = connection.execute(f"SELECT 1 FROM assets AS a WHERE {query.sql}", query.parameters).fetchall()
            return len(rows) == 1

        for operator, matches in expected.items():
            assert is_found(f"name {operator} {literal}") is matches
            assert is_found(f"customMetadata.brand {operator} {literal}") is matches
        assert is_found(f"tags IN [{literal}]") is (stored == wanted)
        assert is_found(f"tags NOT IN [{literal}]") is (stored != wanted)
