"""What paths and patterns match, and how many requests that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from imagekitio.cli.base.failures import Failure
from imagekitio.cli.base.options import REMOTE_ITEM, REMOTE_PATH
from imagekitio.cli.media import library
from imagekitio.cli.media.library import find_item, is_folder, iter_path, list_files_below, list_folder, path_of

from ..library import add_file, reads_of

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

PATHS = ("/a.txt", "/shop/shoe.txt", "/shop/sock.txt", "/shop/hat.png", "/shop/old/shoe.txt", "/blog/old/post.txt")


@pytest.fixture
def ids(client: ImageKit) -> dict[str, str]:
    return {path: add_file(client, path) for path in PATHS}


def expand(client: ImageKit, path: str) -> list[str]:
    return [path_of(item) for item in iter_path(client, path)]


@pytest.mark.parametrize(
    ("path", "found", "requests"),
    [
        ("/shop/shoe.txt", ["/shop/shoe.txt"], 1),
        ("/shop", ["/shop"], 1),
        ("/shop/", ["/shop"], 1),
        ("/shop/s*", ["/shop/shoe.txt", "/shop/sock.txt"], 1),
        ("/shop/*", ["/shop/old", "/shop/hat.png", "/shop/shoe.txt", "/shop/sock.txt"], 1),
        ("/shop/*/", ["/shop/old"], 1),
        ("/shop/[!s]*.???", ["/shop/hat.png"], 1),
        ("/*/old/*.txt", ["/blog/old/post.txt", "/shop/old/shoe.txt"], 3),
        ("/*/shoe.txt", ["/shop/shoe.txt"], 3),
        ("/b*/old", ["/blog/old"], 2),
    ],
)
@pytest.mark.usefixtures("ids")
def test_a_path_or_pattern_takes_few_requests(
    client: ImageKit, server: LocalImageKit, path: str, found: list[str], requests: int
) -> None:
    assert expand(client, path) == found
    assert reads_of(server) == requests


def test_ids_and_urls_mean_files_too(client: ImageKit, ids: dict[str, str]) -> None:
    assert expand(client, ids["/shop/hat.png"]) == ["/shop/hat.png"]
    (folder,) = (item for item in list_folder(client, "/shop") if is_folder(item))
    assert expand(client, folder.folder_id) == ["/shop/old"]
    assert expand(client, client.url({"path": "/shop/hat.png", "transformation": [{"width": 30}]})) == ["/shop/hat.png"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/shop/hat", r"there is no file or folder /shop/hat \(see imagekit ls /shop\)"),
        ("/a.txt/", r"there is no file or folder /a.txt/ \(see imagekit ls /\)"),
        ("/shop/*.gif", r"nothing matches /shop/\*.gif"),
        ("/x*/y", r"nothing matches /x\*/y"),
        ("/", "/ is the whole media library"),
        ("65e6c5a9b7d1f2034a5b6c7d", "no file or folder has the id 65e6c5a9b7d1f2034a5b6c7d"),
    ],
)
@pytest.mark.usefixtures("ids")
def test_a_path_without_a_match_is_a_failure_that_says_where_to_look(client: ImageKit, path: str, message: str) -> None:
    with pytest.raises(Failure, match=message):
        list(iter_path(client, path))


@pytest.mark.usefixtures("ids")
def test_a_url_of_no_file_is_a_failure(client: ImageKit) -> None:
    with pytest.raises(Failure, match=r"there is no file '/nope\.txt'"):
        list(iter_path(client, client.url({"path": "/nope.txt"})))


@pytest.mark.usefixtures("ids")
def test_a_file_or_folder_is_found_by_its_exact_path(client: ImageKit) -> None:
    assert find_item(client, "/shop/Shoe.txt") is None
    folder = find_item(client, "/shop/old")
    assert folder is not None
    assert is_folder(folder)
    assert find_item(client, "/a.txt/") is None


@pytest.mark.usefixtures("ids")
def test_a_large_folder_is_listed_page_by_page_with_its_folders_first(
    client: ImageKit, server: LocalImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = [path_of(item) for item in list_folder(client, "/shop/")]
    assert reads_of(server) == 1
    monkeypatch.setattr(library, "_PAGE_SIZE", 3)
    assert [path_of(item) for item in list_folder(client, "/shop")] == first
    assert reads_of(server) == 4
    assert first == ["/shop/old", "/shop/hat.png", "/shop/shoe.txt", "/shop/sock.txt"]


def test_names_with_quotes_are_not_read_as_search_language(client: ImageKit) -> None:
    assert list(list_files_below(client, '/a" OR name : "')) == []
    assert find_item(client, '/a" OR "') is None


def test_files_below_a_folder_do_not_include_those_of_similar_names(client: ImageKit) -> None:
    for path in ("/shop/a.txt", "/shops/b.txt", "/shop/c/d.txt"):
        add_file(client, path)
    assert [file.file_path for file in list_files_below(client, "/shop/")] == ["/shop/a.txt", "/shop/c/d.txt"]
    assert len([*list_files_below(client, "/")]) == 3


def test_an_id_is_a_path_where_only_paths_are_expected() -> None:
    text = "65e6c5a9b7d1f2034a5b6c7d"
    assert REMOTE_ITEM.convert(text, None, None) == text
    assert REMOTE_ITEM.convert(f"/{text}", None, None) == f"/{text}"
    assert REMOTE_PATH.convert(text, None, None) == f"/{text}"
