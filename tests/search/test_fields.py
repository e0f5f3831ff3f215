"""The text of each condition, values that a field does not accept, and queries against local ImageKit."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio import CustomMetadataFieldsSchema, ListAndSearchFileRequestOptions
from imagekitio.models.moments import to_datetime
from imagekitio.operations.files import list_files
from imagekitio.search import Q, Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from imagekitio import FileResult, ImageKit

DATA = Path(__file__).parents[1] / "data"
price, brand, colors = Q.custom_metadata["price"], Q.custom_metadata["brand"], Q.custom_metadata["colors"]
place = Q.embedded_metadata["LocationTaken"]


class Brand(Enum):
    ACME = "Acme"


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (Q.name == "a.jpg", 'name = "a.jpg"'),
        (Q.name != "a.jpg", 'name NOT = "a.jpg"'),
        (Q.name.in_(("a", "b")), 'name IN ["a", "b"]'),
        (Q.name.not_in(iter("ab")), 'name NOT IN ["a", "b"]'),
        (Q.name.in_([]), "name IN []"),
        (Q.name.startswith("a"), 'name : "a"'),
        (Q.name.has("red dre"), 'name HAS "red dre"'),
        (Q.tags.contains("sale"), 'tags IN ["sale"]'),
        (Q.tags.in_(["a", "b"]), 'tags IN ["a", "b"]'),
        (Q.tags.not_in(["a"]), 'tags NOT IN ["a"]'),
        (Q.tags.exists(), "tags EXISTS"),
        (Q.tags.has("sa"), 'tags HAS "sa"'),
        (Q.type == "folder", 'type = "folder"'),
        (Q.type.in_(["file", "folder"]), 'type IN ["file", "folder"]'),
        (Q.id == "65e6", 'id = "65e6"'),
        (Q.created_at > "7d", 'createdAt > "7d"'),
        (Q.created_at > timedelta(weeks=1), 'createdAt > "7d"'),
        (Q.updated_at <= date(2024, 3, 5), 'updatedAt <= "2024-03-05"'),
        (datetime(2024, 3, 5, tzinfo=timezone.utc) > Q.created_at, 'createdAt < "2024-03-05T00:00:00"'),
        (Q.width >= 100, "width >= 100"),
        (100 >= Q.height, "height <= 100"),  # noqa: SIM300
        (Q.height.in_([1, 2.5]), "height IN [1, 2.5]"),
        (Q.size < "2mb", 'size < "2mb"'),
        (Q.video_duration > "1.5min", 'videoDuration > "1.5min"'),
        (Q.format == "jpg", 'format = "jpg"'),
        (Q.format.in_(["jpeg", "png"]), 'format IN ["jpg", "png"]'),
        (Q.private.is_(True), "private = true"),
        (Q.published == False, "published = false"),  # noqa: E712
        (Q.transparency.is_(False), "transparency = false"),
        (Q.created_by == "eva@shop.example", 'createdBy = "eva@shop.example"'),
        (Q.path == "/shop/", 'path = "/shop"'),
        (Q.path.is_under("shop"), 'path : "/shop"'),
        (place.within_circle(48.2, 16.4, radius_km=10), '"embeddedMetadata.LocationTaken" = "48.2,16.4 10km"'),
        (place.within_rectangle((40, 100), (50, 105)), '"embeddedMetadata.LocationTaken" = "40,100|50,105"'),
        (
            place.within_polygon([(0, 0), (0, 100), (40, 100), (40, 0)]),
            '"embeddedMetadata.LocationTaken" = "0,0|0,100|40,100|40,0"',
        ),
        (Q.embedded_metadata["Keywords"].contains("a"), '"embeddedMetadata.Keywords" IN ["a"]'),
        (~Q.embedded_metadata["Keywords"].exists(), '"embeddedMetadata.Keywords" NOT EXISTS'),
        (Q.embedded_metadata["DateTimeOriginal"] > "1y", '"embeddedMetadata.DateTimeOriginal" > "1y"'),
        (price >= 10, '"customMetadata.price" >= 10'),
        (price.not_in([1, 2]), '"customMetadata.price" NOT IN [1, 2]'),
        (price < "7d", '"customMetadata.price" < "7d"'),
        (price == date(2024, 3, 5), '"customMetadata.price" = "2024-03-05"'),
        (brand == "Acme", '"customMetadata.brand" = "Acme"'),
        (brand != Brand.ACME, '"customMetadata.brand" NOT = "Acme"'),
        (brand.startswith("A"), '"customMetadata.brand" : "A"'),
        (brand.has("ac"), '"customMetadata.brand" HAS "ac"'),
        (brand.in_([True, False]), '"customMetadata.brand" IN [true, false]'),
        (colors.contains("red"), '"customMetadata.colors" IN ["red"]'),
        (colors.not_in([True]), '"customMetadata.colors" NOT IN [true]'),
        (Q.custom_metadata['a "b'] == True, r'"customMetadata.a \"b" = true'),  # noqa: E712
    ],
)
def test_a_condition_is_written_as_text(query: Query, text: str) -> None:
    assert str(query) == text


ANY: Any = Q  # what type checkers would refuse


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (
            lambda: ANY.tags < "a",
            TypeError,
            "Q.tags does not take <; it takes contains(), exists(), has(), in_(), not",
        ),
        (lambda: ANY.tags == "a", TypeError, "Q.tags does not take ==; it takes contains()"),
        (lambda: "a" in ANY.tags, TypeError, "Q.tags does not take in; it takes contains()"),
        (
            lambda: ANY.name > "a",
            TypeError,
            "Q.name does not take >; it takes ==, !=, has(), in_(), not_in(), starts",
        ),
        (lambda: ANY.format != "jpg", TypeError, "Q.format does not take !=; it takes ==, in_()"),
        (lambda: ANY.private >= True, TypeError, "Q.private does not take >=; it takes ==, !=, is_()"),
        (lambda: ~ANY.private, TypeError, "Q.private does not take ~; it takes ==, !=, is_()"),
        (lambda: not ANY.private, TypeError, "Q.private is a field, not a query; it takes ==, !=, is_()"),
        (
            lambda: ANY.embedded_metadata["LocationTaken"] == "1,2 5km",
            TypeError,
            "Q.embedded_metadata['LocationTaken'] does not take ==; it takes within_circle(), within_polygon()",
        ),
        (
            lambda: ANY.size.startswith("a"),
            AttributeError,
            "Q.size has no 'startswith'; it takes ==, !=, <, <=, >, >=, in_(), not_in()",
        ),
        (lambda: ANY.size.exists(), AttributeError, "Q.size has no 'exists'; it takes"),
        (lambda: ANY.path.startswith("/a"), AttributeError, "it takes ==, !=, in_(), is_under(), not_in()"),
        (lambda: ANY.createdAt, AttributeError, "there is no field 'createdAt' to search; did you mean 'created_at'?"),
        (lambda: ANY.sise, AttributeError, "there is no field 'sise' to search; did you mean 'size'?"),
        (lambda: ANY.custom_metadata.price, AttributeError, "write Q.custom_metadata['price'] for a custom metadata"),
        (lambda: ANY.embedded_metadata.Keywords, AttributeError, "write Q.embedded_metadata['Keywords'] for a field"),
        (lambda: ANY.custom_metadata[""], TypeError, "must be a str that is not empty (got '')"),
        (lambda: ANY.custom_metadata[5], TypeError, "must be a str that is not empty (got 5)"),
        (lambda: "a" in ANY.custom_metadata, TypeError, "must be a str that is not empty (got 0)"),
        (lambda: ANY.custom_metadata["a\0"] == 5, ValueError, r"takes text without the character '\x00'"),
        (
            lambda: ANY.embedded_metadata["keywords"],
            ValueError,
            "embedded metadata 'keywords' cannot be searched; did you mean 'Keywords'?",
        ),
        (lambda: ANY.name.in_("ab"), TypeError, "in_() and not_in() of Q.name take a list of values (got str)"),
        (lambda: ANY.name.not_in(None), TypeError, "take a list of values (got NoneType)"),
        (lambda: ANY.name.in_({"a": 1}), TypeError, "take a list of values (got dict)"),
        (lambda: ANY.tags.in_(["a", 5]), TypeError, "Q.tags takes a str (got int)"),
        (lambda: ANY.name == None, TypeError, "Q.name takes a str (got None)"),  # noqa: E711
        (lambda: ANY.width < ANY.height, TypeError, "Q.width takes a number (got OrderedField)"),
        (lambda: ANY.size < None, TypeError, 'Q.size takes a number of bytes, or a size such as "10kb"'),
        (lambda: ANY.type == "fiel", ValueError, "Q.type cannot be 'fiel'; did you mean 'file'?"),
        (lambda: ANY.private == "true", TypeError, "Q.private takes True or False (got str)"),
        (lambda: ANY.custom_metadata["a"].startswith(5), TypeError, "Q.custom_metadata['a'] takes a str (got int)"),
        (
            lambda: ANY.custom_metadata["a"] < True,
            TypeError,
            "['a'] takes a bool with == and in_() only",
        ),
        (lambda: place.within_polygon([(0, 0)]), ValueError, "must have four corners (got 1)"),
        (lambda: place.within_rectangle((0, 0), (1,)), TypeError, "must be (latitude, longitude) (got (1,))"),  # type: ignore[arg-type]
        (lambda: {ANY.size: 1}, TypeError, "unhashable type"),
        (lambda: ANY.size in [ANY.width], TypeError, "Q.width takes a number (got OrderedField)"),
        (lambda: setattr(ANY, "size", 5), AttributeError, "read-only"),
        (lambda: setattr(ANY, "sise", 5), AttributeError, "sise"),
    ],
)
def test_a_mistake_is_refused_immediately(build: Callable[[], object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=re.escape(message)):
        build()


def test_fields_survive_copy_and_pickle() -> None:
    for one in (Q.size, price):
        for twin in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)):
            assert repr(twin) == repr(one)
            assert str(twin < 5) == str(one < 5)
    assert str(pickle.loads(pickle.dumps(Q)).size < 5) == "size < 5"
    assert repr(price) == "Q.custom_metadata['price']"


@pytest.mark.parametrize("given_as", ["keyword", "snake_case", "camelCase", "options"])
def test_a_query_is_sent_as_its_text_however_it_is_given(given_as: str) -> None:
    query = (Q.size > "2mb") & ~Q.tags.contains('a"b')
    operation = {
        "keyword": lambda: list_files(search_query=query),
        "snake_case": lambda: list_files({"search_query": query}),
        "camelCase": lambda: list_files({"searchQuery": query}),
        "options": lambda: list_files(ListAndSearchFileRequestOptions(search_query=query)),
    }[given_as]()
    assert operation.request.path == list_files(search_query=str(query)).request.path
    assert parse_qs(urlsplit(operation.request.path).query) == {
        "searchQuery": [r'size > "2mb" AND tags NOT IN ["a\"b"]']
    }


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_query_survives_the_url(text: str) -> None:
    query = Q.name == text
    path = list_files(search_query=query).request.path
    assert parse_qs(urlsplit(path).query, strict_parsing=True) == {"searchQuery": [str(query)]}


@pytest.mark.parametrize("wrong", [5, True, b"size > 5", Q.private, ["a"]])
def test_a_search_query_of_another_type_is_refused(wrong: Any) -> None:
    message = r"^search_query must be a query built with imagekitio.search.Q, or a str \(got"
    with pytest.raises(TypeError, match=message):
        list_files(search_query=wrong)


NAMES = ["red-dress.jpg", "Red.png", "blue_dress.png", "notes.txt", "a_OR_size___0.png"]


@pytest.fixture
def files(ik: ImageKit) -> list[FileResult]:
    """Upload a few real files, and list them as the service describes them."""
    for name, schema in {
        "price": CustomMetadataFieldsSchema("Number"),
        "brand": CustomMetadataFieldsSchema("Text"),
        "sold": CustomMetadataFieldsSchema("Boolean"),
        "colors": CustomMetadataFieldsSchema("MultiSelect", ["red", "blue", 5]),
        "season": CustomMetadataFieldsSchema("Date"),
    }.items():
        ik.create_custom_metadata_fields(name=name, label=name, schema=schema)
    for number, name in enumerate(NAMES):
        ik.upload_file(
            (DATA / ("c16.png", "tall.png")[number % 2]) if name.endswith("png") else b"x" * (number + 1),
            name,
            use_unique_file_name=False,
            folder=("/shop", "/shop/sale", "/shops")[number % 3],
            tags=[["sale", "red"], ["Sale"], [], ['say "hi"', "back\\slash"], ["sale"]][number],
            is_private_file=number == 2,
            custom_metadata={
                "price": number * 9.9,
                "sold": number % 2 == 0,
                "brand": ['Ac"me', "Acme\\", "", "acme", '" OR size > 0'][number],
                "colors": [["red", 5], ["blue"], [5], [], ["red"]][number],
            }
            | ({"season": "2024-06-01"} if number else {}),
        )
    return list(ik.list_files())


def test_queries_find_the_same_uploaded_files_as_python(ik: ImageKit, files: list[FileResult]) -> None:
    first, last = to_datetime(files[0].created_at), to_datetime(files[-1].updated_at)
    sizes = sorted({file.size for file in files})
    cases: list[tuple[Query, Callable[[FileResult], bool]]] = [
        (Q.size > sizes[1], lambda file: file.size > sizes[1]),
        (~(Q.size <= sizes[1]), lambda file: file.size > sizes[1]),
        (Q.width > 0, lambda file: file.width is not None),
        (Q.name.startswith("Red"), lambda file: file.name.startswith("Red")),
        (Q.name.in_(NAMES[1:3]), lambda file: file.name in NAMES[1:3]),
        (Q.tags.contains("sale"), lambda file: "sale" in (file.tags or [])),
        (~Q.tags.contains("sale"), lambda file: "sale" not in (file.tags or [])),
        (Q.tags.in_(['say "hi"']), lambda file: 'say "hi"' in (file.tags or [])),
        (Q.tags.contains("back\\slash"), lambda file: "back\\slash" in (file.tags or [])),
        (~Q.tags.exists(), lambda file: not file.tags),
        (Q.private.is_(True), lambda file: file.is_private_file),
        (Q.private != True, lambda file: not file.is_private_file),  # noqa: E712
        (Q.created_at == first, lambda file: file.created == first),
        (Q.created_at <= files[0].created_at, lambda file: file.created_at <= files[0].created_at),
        (~(Q.updated_at >= last), lambda file: to_datetime(file.updated_at) < last),
        (Q.created_at > timedelta(days=1), lambda file: True),
        (Q.path.is_under("/shop"), lambda file: file.file_path.startswith("/shop/")),
        (price >= 19.8, lambda file: file.custom_metadata["price"] >= 19.8),
        (brand == 'Ac"me', lambda file: file.custom_metadata["brand"] == 'Ac"me'),
        (brand != "Acme\\", lambda file: file.custom_metadata["brand"] != "Acme\\"),
        (brand == '" OR size > 0', lambda file: file.custom_metadata["brand"] == '" OR size > 0'),
        (Q.custom_metadata["sold"] == True, lambda file: file.custom_metadata["sold"] is True),  # noqa: E712
        (colors.contains(5), lambda file: 5 in file.custom_metadata["colors"]),
        (colors.not_in(["red", "blue"]), lambda file: not {"red", "blue"} & {*file.custom_metadata["colors"]}),
        (Q.custom_metadata["season"] == date(2024, 6, 1), lambda file: "season" in file.custom_metadata),
        (Q.custom_metadata["season"] != date(2024, 6, 1), lambda file: "season" not in file.custom_metadata),
    ]
    for query, holds in cases:
        expected = [file.name for file in files if holds(file)]
        assert [file.name for file in ik.list_files(search_query=query)] == expected, query
        assert expected, query
        assert [file.name for file in ik.iter_files(search_query=query, page_size=2)] == expected, query


def test_a_query_on_the_type_finds_folders_too(ik: ImageKit, files: list[FileResult]) -> None:
    folders = Q.type == "folder"
    assert files
    assert {item.name for item in ik.list_files(search_query=folders)} == {"shop", "sale", "shops"}
    assert {item.name for item in ik.list_files(search_query=folders & ~(Q.size > 0))} == {"shop", "sale", "shops"}
    assert ik.list_files(search_query=folders & (Q.size >= 0)).list == []


def test_four_hundred_ids_fit_into_one_query(threads: ImageKit) -> None:
    file = threads.upload_file(b"x", "a.txt")
    query = Q.id.in_([*(f"{number:024x}" for number in range(400)), file.file_id])
    assert [found.file_id for found in threads.list_files(search_query=query)] == [file.file_id]
