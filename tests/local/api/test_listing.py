"""Listings: filters, order, pages and searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.local.conftest import Api


@pytest.fixture
def tree(api: Api, png: bytes) -> Api:
    """A tree of five files and two folders, created one second apart; one file has an old version."""
    clock = api.server.clock
    clock.freeze(1_700_000_000)
    for name, content, folder, tags in (
        ("b.png", png, "/", "red,round"),
        ("a.txt", b"12345", "/shop", "red"),
        ("c.txt", b"1", "/shop/new", ""),
        ("B.txt", b"123", "/shop", "blue"),
        ("a.txt", b"123456", "/shop", "red, flat"),
        ("é.txt", b"12", "/", ""),
    ):
        api.upload(name, content, folder=folder, tags=tags)
        clock.advance(1)
    return api


def list_names(api: Api, **query: object) -> list[str]:
    return [item["name"] for item in api.assets(**query)]


def test_a_list_contains_the_current_files_of_all_folders_oldest_first(tree: Api) -> None:
    assert list_names(tree) == ["b.png", "a.txt", "c.txt", "B.txt", "é.txt"]


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("file", ["/b.png", "/shop/B.txt", "/shop/a.txt", "/shop/new/c.txt", "/é.txt"]),
        ("file-version", ["/shop/a.txt"]),
        ("folder", ["/shop", "/shop/new"]),
        ("all", ["/b.png", "/shop", "/shop/B.txt", "/shop/a.txt", "/shop/new", "/shop/new/c.txt", "/é.txt"]),
    ],
)
def test_the_type_chooses_what_is_listed(tree: Api, type_: str, expected: list[str]) -> None:
    assert tree.paths(type=type_) == expected


def test_a_folder_has_the_shape_of_the_service(api: Api) -> None:
    api.server.clock.freeze(1_709_251_200)
    api.create_folder("/shop")
    (folder,) = api.assets(type="folder")
    assert folder == {
        "type": "folder",
        "folderId": folder["folderId"],
        "name": "shop",
        "folderPath": "/shop",
        "createdAt": "2024-03-01T00:00:00.000Z",
        "updatedAt": "2024-03-01T00:00:00.000Z",
        "customMetadata": {},
    }


@pytest.mark.parametrize("path", ["shop", "/shop", "/shop/", "//shop//"])
def test_a_path_selects_direct_children(tree: Api, path: str) -> None:
    assert tree.paths(path=path, type="all") == ["/shop/B.txt", "/shop/a.txt", "/shop/new"]


def test_the_root_has_children_and_a_missing_folder_none(tree: Api) -> None:
    assert tree.paths(path="/") == ["/b.png", "/é.txt"]
    assert tree.assets(path="/none") == []


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("ASC_NAME", ["B.txt", "a.txt", "b.png", "c.txt", "é.txt"]),
        ("DESC_NAME", ["é.txt", "c.txt", "b.png", "a.txt", "B.txt"]),
        ("ASC_CREATED", ["b.png", "a.txt", "c.txt", "B.txt", "é.txt"]),
        ("DESC_CREATED", ["é.txt", "B.txt", "c.txt", "a.txt", "b.png"]),
        ("DESC_UPDATED", ["é.txt", "a.txt", "B.txt", "c.txt", "b.png"]),
        ("ASC_ORIGINAL_CREATION_DATE", ["b.png", "a.txt", "c.txt", "B.txt", "é.txt"]),
        ("DESC_RELEVANCE", ["é.txt", "B.txt", "c.txt", "a.txt", "b.png"]),
    ],
)
def test_a_list_is_sorted(tree: Api, sort: str, expected: list[str]) -> None:
    assert list_names(tree, sort=sort) == expected


@pytest.mark.parametrize("sort", ["ASC_WIDTH", "DESC_WIDTH", "ASC_HEIGHT", "DESC_HEIGHT"])
def test_items_without_the_value_come_last_in_both_directions(tree: Api, sort: str) -> None:
    assert list_names(tree, sort=sort)[0] == "b.png"


def test_sizes_are_sorted_as_numbers(tree: Api) -> None:
    assert list_names(tree, sort="ASC_SIZE") == ["c.txt", "é.txt", "B.txt", "a.txt", "b.png"]


def test_pages_together_make_the_whole_list(tree: Api) -> None:
    pages = [tree.assets(type="all", sort="ASC_NAME", skip=skip, limit=2) for skip in range(0, 10, 2)]
    assert [len(page) for page in pages] == [2, 2, 2, 1, 0]
    assert [item for page in pages for item in page] == tree.assets(type="all", sort="ASC_NAME")


def test_files_with_the_same_time_have_a_stable_order(api: Api) -> None:
    api.server.clock.freeze(1_700_000_000)
    for number in range(20):
        api.upload(f"{number}.txt")
    once = list_names(api)
    assert [name for skip in range(20) for name in list_names(api, skip=skip, limit=1)] == once
    assert list_names(api, sort="DESC_CREATED") == once[::-1]


def test_file_types_separate_images_from_other_files_and_keep_folders(tree: Api) -> None:
    assert tree.paths(fileType="image", type="all") == ["/b.png", "/shop", "/shop/new"]
    assert tree.paths(fileType="non-image") == ["/shop/B.txt", "/shop/a.txt", "/shop/new/c.txt", "/é.txt"]


def test_the_older_filters_still_work(tree: Api) -> None:
    assert tree.paths(tags="flat, round") == ["/b.png", "/shop/a.txt"]
    assert tree.paths(name="a.txt") == ["/shop/a.txt"]
    assert tree.paths(includeFolder="true", path="/shop", tags="nope") == ["/shop/B.txt", "/shop/a.txt", "/shop/new"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('tags IN ["flat"]', ["/shop/a.txt"]),
        ('name : "b"', ["/b.png"]),
        ('format = "png"', ["/b.png"]),
        ("size >= 3 AND size < 7", ["/shop/B.txt", "/shop/a.txt"]),
        ('path : "/shop"', ["/shop/B.txt", "/shop/a.txt", "/shop/new/c.txt"]),
        ('type = "folder"', ["/shop", "/shop/new"]),
        ('type = "file-version"', ["/shop/a.txt"]),
        ('createdAt < "1h"', []),
        ("height = 10 AND transparency = true", ["/b.png"]),
        ("  ", ["/b.png", "/shop/B.txt", "/shop/a.txt", "/shop/new/c.txt", "/é.txt"]),
    ],
)
def test_a_search_replaces_type_tags_and_name(tree: Api, query: str, expected: list[str]) -> None:
    unless_blank = {"tags": "nope", "name": "nope", "type": "folder"} if query.strip() else {}
    assert tree.paths(searchQuery=query, **unless_blank) == expected


def test_a_search_can_be_sorted_by_the_number_of_words_found(api: Api) -> None:
    for name in ("red shoe.txt", "red.txt", "shoe red tall.txt"):
        api.upload(name, b"x", description=name)
    query = 'name HAS "red" OR name HAS "shoe" OR name HAS "tall"'
    assert list_names(api, searchQuery=query, sort="DESC_RELEVANCE") == ["shoe_red_tall.txt", "red_shoe.txt", "red.txt"]
    assert len(list_names(api, searchQuery="size > 0", sort="ASC_RELEVANCE")) == 3


def test_a_search_can_be_combined_with_path_file_type_and_page(tree: Api) -> None:
    assert tree.paths(searchQuery="size > 0", path="/shop") == ["/shop/B.txt", "/shop/a.txt"]
    assert tree.paths(searchQuery="size > 0", fileType="image") == ["/b.png"]
    assert list_names(tree, searchQuery="size > 0", sort="ASC_NAME", limit=1) == ["B.txt"]


def test_a_search_uses_the_clock_and_custom_metadata(tree: Api) -> None:
    field = {"name": "price", "label": "Price", "schema": {"type": "Number"}}
    tree("POST", "/v1/customMetadataFields", json=field)
    tree.server.clock.advance(7200)
    tree.upload("new.txt", customMetadata='{"price": 12.5}')
    assert tree.paths(searchQuery='createdAt > "1h"') == ["/new.txt"]
    assert tree.paths(searchQuery='"customMetadata.price" > 12') == ["/new.txt"]


def test_an_error_in_a_search_has_its_position(tree: Api) -> None:
    response = tree("GET", "/v1/files", params={"searchQuery": "size >"})
    assert response.status_code == 400
    assert response.json()["message"] == "Your request contains invalid searchQuery parameter."
    assert response.json()["errors"]["searchQuery"]


INVALID = "Your request contains invalid value for"
TYPES = "file, file-version, folder, all"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("skip", -1, "The value of skip parameter should be greater than or equal to 0. Value sent is -1."),
        ("limit", 0, "Minimum value of limit parameter is 1. Value sent is 0."),
        ("limit", 2000, "Maximum value of limit parameter is 1000. Value sent is 2000."),
        ("sort", "NAME", f"{INVALID} sort parameters."),
        ("type", "image", f"{INVALID} type parameter. Please provide one of the following: {TYPES}."),
        ("fileType", "video", f"{INVALID} fileType parameter."),
        ("limit", "ten", f"{INVALID} limit parameter. It should be an integer."),
        ("skip", "9" * 30, f"{INVALID} skip parameter. It should be an integer."),
        ("includeFolder", "yes", f"{INVALID} includeFolder parameter. It should be true or false."),
    ],
)
def test_invalid_parameters_get_the_messages_of_the_service(api: Api, name: str, value: object, message: str) -> None:
    response = api("GET", "/v1/files", params={name: value})
    assert (response.status_code, response.json()["message"]) == (400, message)


def test_empty_parameters_count_as_absent(tree: Api) -> None:
    query = dict.fromkeys(("type", "sort", "path", "searchQuery", "fileType", "limit", "skip", "tags", "name"), "")
    assert len(tree.assets(**query)) == 5
