"""Finding the image for the path of a delivery URL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from imagekitio.local.imgsrc import library
from imagekitio.local.imgsrc.rows import ImageRow

if TYPE_CHECKING:
    from imagekitio.local.imgsrc.store import ImgsrcStore


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("a/oslo.png", "png"),
        ("a/oslo.gif", "gif"),
        ("a/oslo.webp", "gif"),  # the earliest upload
        ("a/oslo.GIF", "gif"),
        ("a/oslo.jpeg", "gif"),
        ("a/oslo", None),
        ("oslo.png", None),
        ("b.tar.webp", "tar"),
        ("b.webp", None),
        ("v1.2", "bare"),
        ("v1.2.webp", "bare"),
        ("v1.webp", None),
        ("", None),
    ],
)
def test_an_exact_path_takes_precedence_over_another_extension(
    store: ImgsrcStore, asked: str, found: str | None
) -> None:
    paths = {"a/oslo.png": "png", "a/oslo.gif": "gif", "b.tar.png": "tar", "v1.2": "bare"}
    with store.write() as transaction:
        for number, (path, image_id) in enumerate(paths.items()):
            row = ImageRow(image_id, image_id, "x", 1, "png", "image/png", 1, 1, -number, "public")
            library.insert(transaction, row)
            library.put(transaction, row, path)
    with store.read() as connection:
        image = library.find_image(connection, asked)
        assert (image and image.id) == found
        assert library.has_path(connection, asked) is (asked in paths)


def test_a_moved_path_is_the_last_path_of_its_new_image(store: ImgsrcStore) -> None:
    one, other = (ImageRow(name, name, "x", 1, "png", "image/png", 1, 1, 0, "public") for name in ("one", "other"))
    with store.write() as transaction:
        library.insert(transaction, one)
        library.insert(transaction, other)
        library.put(transaction, one, "a")
        library.put(transaction, one, "c")
        library.put(transaction, other, "b")
        assert library.put(transaction, other, "a")
        assert not library.put(transaction, other, "a")
    with store.read() as connection:
        assert library.list_paths(connection, "other") == ["b", "a"]
        assert library.list_paths(connection, "one") == ["c"]
