from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.cli.migration.entries import Entry, Loss
from imagekitio.cli.migration.img_src.images import list_images, make_entries
from imagekitio.imgsrc.models import ImageListItem, ImageListResponse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from imagekitio.cli.migration.lists import Convert

NO_FIELD = "the account has no custom metadata field of this name (see imagekit fields)"


def image(image_id: str, *paths: str, **more: Any) -> ImageListItem:
    found = {
        "id": image_id,
        "original_filename": "oslo.png",
        "size": 48213,
        "uploaded_at": "2026-02-07T10:30:00+01:00",
        "url": f"/api/v1/images/{image_id}",
        "paths": [*paths],
        "visibility": "public",
    }
    return ImageListItem.from_json({**found, **more})


def page(images: list[ImageListItem], folders: Mapping[str, int]) -> ImageListResponse:
    listed = [{"name": name, "image_count": count} for name, count in folders.items()]
    return ImageListResponse.from_json({"images": [one.to_dict() for one in images], "folders": listed})


def fields(*names: str) -> Convert:
    """Return a converter for an account that has custom metadata fields of these names."""

    def convert(name: str, value: str | list[str]) -> Any:
        if name not in names:
            raise ValueError(NO_FIELD)
        return value

    return convert


def entries_of(*images: ImageListItem, folder: str = "", convert: Convert | None = None) -> list[Entry]:
    convert = convert or fields("uploaded_at")
    return list(make_entries(images, folder, lambda image, path: (image.id, path), convert))


def test_each_path_of_an_image_is_a_file_and_all_have_its_tag() -> None:
    first, second = entries_of(image("3f0c7a91d2b45e68", "trips/oslo.png", "/covers/may/oslo.png"))
    assert (first.name, first.shown, first.size_bytes) == ("trips/oslo.png", "img-src:trips/oslo.png", 48213)
    assert (second.name, second.shown) == ("covers/may/oslo.png", "img-src:covers/may/oslo.png")
    assert first.content_tag == second.content_tag == "img-src-3f0c7a91d2b45e68"
    expected = {"tags": ["img-src-3f0c7a91d2b45e68"], "custom_metadata": {"uploaded_at": "2026-02-07T09:30:00Z"}}
    assert first.options == second.options == expected
    assert first.losses == second.losses == []
    assert callable(first.file)
    assert first.file() == ("3f0c7a91d2b45e68", "trips/oslo.png")


@pytest.mark.parametrize(
    ("folder", "names"),
    [
        ("", ["trips/oslo.png", "trips2/a.png", "b.png"]),
        ("trips", ["oslo.png"]),
        ("trips/oslo.png", ["oslo.png"]),
        ("tri", []),
    ],
)
def test_a_folder_has_the_paths_in_it_and_no_others(folder: str, names: list[str]) -> None:
    found = entries_of(image("1", "trips/oslo.png", "trips2/a.png"), image("2", "b.png"), folder=folder)
    assert [entry.name for entry in found] == names


def test_a_private_image_stays_private_and_so_does_one_of_unknown_visibility() -> None:
    found = entries_of(image("1", "a", visibility="private"), image("2", "b", visibility="hidden"), image("3", "c"))
    assert [entry.options.get("is_private_file") for entry in found] == [True, True, None]


def test_attributes_without_a_custom_metadata_field_are_losses() -> None:
    (entry,) = entries_of(image("1", "a.png"), convert=fields())
    assert [*entry.losses] == [
        Loss("uploaded_at", "2026-02-07T09:30:00Z", NO_FIELD),
        Loss("original_filename", "oslo.png", NO_FIELD),
    ]


def test_attributes_are_kept_in_custom_metadata_fields_of_the_same_names() -> None:
    (entry,) = entries_of(image("1", "a.png"), convert=fields("uploaded_at", "original_filename"))
    assert entry.options["custom_metadata"] == {
        "uploaded_at": "2026-02-07T09:30:00Z",
        "original_filename": "oslo.png",
    }


def test_an_image_without_a_path_is_refused_with_a_reason() -> None:
    (entry,) = entries_of(image("3f0c7a91d2b45e68"))
    assert (entry.shown, entry.reason) == ("img-src:3f0c7a91d2b45e68", "has no path, so it cannot be read")


IMAGES = {
    name: image(name, *paths)
    for name, paths in {"1": ["a.png"], "2": ["t/b.png", "t/u/b.png"], "3": ["t/u/c.png"], "4": ["v/d.png"]}.items()
}


def list_names(listings: dict[str, list[ImageListResponse]], folder: str = "") -> tuple[list[str], list[str]]:
    """Return the ids of the images that are found, and the folders that are listed."""
    asked: list[str] = []

    def list_pages(folder: str) -> Iterator[ImageListResponse]:
        asked.append(folder)
        yield from listings[folder]

    return [image.id for image in list_images(list_pages, folder)], asked


def test_a_listing_of_everything_is_enough() -> None:
    pages = [page([IMAGES["1"], IMAGES["2"]], {"t": 2, "v": 1}), page([IMAGES["3"], IMAGES["4"]], {"t": 2, "v": 1})]
    assert list_names({"": pages}) == (["1", "2", "3", "4"], [""])


def test_a_listing_of_one_level_is_completed_by_those_of_the_folders() -> None:
    listings = {
        "": [page([IMAGES["1"]], {"t": 2, "v": 1})],
        "t": [page([IMAGES["2"]], {"u": 2})],
        "t/u": [page([IMAGES["2"], IMAGES["3"]], {})],
        "v": [page([IMAGES["4"]], {})],
    }
    found, asked = list_names(listings)
    assert sorted(found) == ["1", "2", "3", "4"]
    assert sorted(asked) == ["", "t", "t/u", "v"]
    assert list_names(listings, "t") == (["2", "3"], ["t", "t/u"])


def test_an_image_that_moves_to_the_next_page_meanwhile_is_listed_once() -> None:
    pages = [page([IMAGES["1"]], {}), page([IMAGES["1"], IMAGES["2"]], {})]
    assert list_names({"": pages})[0] == ["1", "2"]
