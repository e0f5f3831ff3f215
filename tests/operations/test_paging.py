"""Reading a listing page by page, with literal lists instead of a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.models.details import VersionInfo
from imagekitio.models.files import FileResult, FolderResult, ListFileResult
from imagekitio.operations.paging import REMEMBERED, list_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def read_pages(
    items: list[FileResult], asked: list[tuple[int, int]], change: Callable[[], object] = lambda: None, **options: Any
) -> Iterator[FileResult]:
    """Yield `items`, which `change` may alter after each page; append skip and limit to `asked`."""
    steps = list_pages(**options)
    step = next(steps)
    while step.operation is not None:
        query = parse_qs(urlsplit(step.operation.request.path).query)
        skip, limit = int(query["skip"][0]), int(query["limit"][0])
        asked.append((skip, limit))
        step = steps.send(ListFileResult(list=items[skip : skip + limit]))
        yield from step.files
        change()


def files(*ids: int) -> list[FileResult]:
    return [FileResult(type="file", file_id=f"{number:024x}") for number in ids]


def numbers(items: Iterator[FileResult]) -> list[int]:
    return [int(item.file_id, 16) for item in items]


def test_the_filters_are_sent_with_each_page() -> None:
    step = next(list_pages({"path": "/a"}, page_size=2, sort="ASC_NAME"))
    assert step.operation is not None
    assert step.operation.request.path == "/v1/files?sort=ASC_NAME&path=%2Fa&limit=2&skip=0"


def test_each_page_begins_with_the_last_item_of_the_previous_one_until_a_page_is_short() -> None:
    asked: list[tuple[int, int]] = []
    assert numbers(read_pages(files(*range(5)), asked, page_size=2)) == [0, 1, 2, 3, 4]
    assert asked == [(0, 2), (1, 3), (3, 3)]


@pytest.mark.parametrize("count", [0, 1, 2, 999, 1000, 1001, 2500])
def test_any_number_of_items_is_read_in_the_largest_pages_that_the_service_allows(count: int) -> None:
    asked: list[tuple[int, int]] = []
    assert numbers(read_pages(files(*range(count)), asked)) == list(range(count))
    assert {limit for _, limit in asked} == {1000}
    assert len(asked) == 1 + max(0, count - 1) // 999


@pytest.mark.parametrize(("options", "expected"), [({"limit": 3, "skip": 1}, [1, 2, 3]), ({"limit": "2"}, [0, 1])])
def test_limit_and_skip_apply_to_all_items(options: dict[str, Any], expected: list[int]) -> None:
    assert numbers(read_pages(files(*range(9)), [], page_size=2, **options)) == expected
    asked: list[tuple[int, int]] = []
    assert len(list(read_pages(files(*range(9)), asked, page_size=2, skip="8"))) == 1
    assert asked == [(8, 2)]


@pytest.mark.parametrize("page_size", [1, 3, 1000])
def test_deleting_items_as_they_are_yielded_skips_none(page_size: int) -> None:
    items = files(*range(2500))
    found = list[int]()
    for item in read_pages(items, [], page_size=page_size):
        found.append(int(item.file_id, 16))
        items.remove(item)
    assert found == list(range(2500))
    assert items == []


def test_folders_and_versions_have_their_own_identities() -> None:
    items: list[FileResult] = [
        FolderResult(type="folder", folder_id="a" * 24),
        FolderResult(type="folder", folder_id="b" * 24),
        *(
            FileResult(type="file-version", file_id="a" * 24, version_info=VersionInfo(id=str(number)))
            for number in range(3)
        ),
    ]
    assert list(read_pages(items, [], page_size=1)) == items


@given(st.data(), st.integers(1, 5), st.integers(0, 12))
def test_concurrent_deletions_and_uploads_neither_skip_nor_repeat_other_items(
    data: st.DataObject, page_size: int, count: int
) -> None:
    items = files(*range(count))
    added = list[int]()

    def change() -> None:
        for item in data.draw(st.lists(st.sampled_from(items), unique_by=id)) if items else []:
            items.remove(item)
        if len(added) < 20:
            for index in data.draw(st.lists(st.integers(0, len(items)), max_size=3)):
                added.append(100 + len(added))
                items[index:index] = files(added[-1])

    found = numbers(read_pages(items, [], change, page_size=page_size))
    assert len(found) == len(set(found))
    assert {int(item.file_id, 16) for item in items} - set(added) <= set(found) <= {*range(count), *added}


@pytest.mark.slow
def test_items_yielded_long_ago_are_forgotten_and_the_listing_still_ends() -> None:
    items = files(*range(REMEMBERED + 3000))
    found = numbers(read_pages(items, []))
    assert found == list(range(REMEMBERED + 3000))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"limit": 0}, ValueError, r"limit must be at least 1 \(got 0\)"),
        ({"limit": "many"}, TypeError, r"limit must be a whole number \(got 'many'\)"),
        ({"skip": -1}, ValueError, r"skip must be at least 0 \(got -1\)"),
        ({"skip": 1.5}, TypeError, r"skip must be a whole number \(got 1.5\)"),
        ({"page_size": 0}, ValueError, "page_size must be from 1 to 1000"),
        ({"page_size": 1001}, ValueError, "page_size must be from 1 to 1000"),
        ({"page_size": None}, TypeError, r"page_size must be a whole number \(got None\)"),
        ({"page_size": 2.5}, TypeError, r"page_size must be a whole number \(got 2.5\)"),
    ],
)
def test_invalid_numbers_are_refused(options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        next(list_pages(**options))


def test_a_page_size_can_be_a_str_like_a_limit() -> None:
    asked: list[tuple[int, int]] = []
    assert len(list(read_pages(files(*range(3)), asked, page_size="10"))) == 3
    assert asked == [(0, 10)]
