"""Images of img-src as entries: one for each path, since each path had its own URL.

img-src stores the content of several paths once, which ImageKit cannot do: the copies share a tag by which they are
found. The tag also identifies the content, so that a later run knows which files are the same.
"""

from __future__ import annotations

from collections import Counter
from datetime import timezone
from functools import partial
from typing import TYPE_CHECKING, Any

from ..entries import Entry, Loss

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ....imgsrc.models import ImageListItem, ImageListResponse
    from ..lists import Convert

PREFIX = "img-src:"  # of sources, and of the names that the user sees
_TAG_PREFIX = "img-src-"


def is_img_src(source: str) -> bool:
    """Return whether a source is an account of img-src rather than a path or the URL of a storage."""
    return source.startswith(PREFIX)


def list_images(list_pages: Callable[[str], Iterable[ImageListResponse]], folder: str) -> Iterator[ImageListItem]:
    """Yield each image in a folder or its subfolders once.

    It is not documented whether a listing includes subfolders, so those with missing images are listed too.

    Args:
        list_pages: Function that returns the pages of the listing of a folder.
        folder: The folder, without slashes at its ends; empty for the whole account.
    """
    paths_by_id: dict[str, list[str]] = {}
    pending = [folder]
    while pending:
        current = pending.pop()
        image_counts: dict[str, int] = {}
        for page in list_pages(current):
            image_counts |= {_join(current, one.name): one.image_count for one in page.folders}
            for image in page.images:
                if image.id not in paths_by_id:
                    paths_by_id[image.id] = _read_paths(image)
                    yield image
        if image_counts:
            found = Counter(name for paths in paths_by_id.values() for name in _find_subfolders(paths, current))
            pending += [name for name, image_count in image_counts.items() if found[name] < image_count]


def make_entries(
    images: Iterable[ImageListItem], folder: str, open_image: Callable[[ImageListItem, str], Any], convert: Convert
) -> Iterator[Entry]:
    """Yield an entry for each path of each image in a folder or its subfolders; names are relative to the folder.

    Args:
        images: The images.
        folder: The folder, without slashes at its ends; empty for the whole account.
        open_image: Function that opens the content of an image by one of its paths.
        convert: Function that returns the custom metadata value for an attribute of images, or raises ValueError with
            the reason why there is none.
    """
    for image in images:
        paths = _read_paths(image)
        if not paths:
            yield Entry(image.id, PREFIX + image.id, "", reason="has no path, so it cannot be read")
        for path in paths:
            if not _is_below(path, folder):
                continue
            options, losses = _convert_attributes(image, path, convert)
            yield Entry(
                path[len(folder) :].lstrip("/") or path.rpartition("/")[2],
                PREFIX + path,
                partial(open_image, image, path),
                image.size,
                options,
                losses,
                content_tag=_TAG_PREFIX + image.id,
            )


def _convert_attributes(image: ImageListItem, path: str, convert: Convert) -> tuple[dict[str, Any], list[Loss]]:
    """Return the upload options of an image, and what ImageKit does not keep of it."""
    moment = image.uploaded_at.astimezone(timezone.utc).isoformat(timespec="seconds")
    attributes = {"uploaded_at": moment.replace("+00:00", "Z")}
    if image.original_filename != path.rpartition("/")[2]:  # after which the file is named
        attributes["original_filename"] = image.original_filename
    metadata: dict[str, Any] = {}
    losses: list[Loss] = []
    for name, value in attributes.items():
        try:
            metadata[name] = convert(name, value)
        except ValueError as exc:
            losses.append(Loss(name, value, str(exc)))
    options: dict[str, Any] = {"tags": [_TAG_PREFIX + image.id]}
    if metadata:
        options["custom_metadata"] = metadata
    if image.visibility != "public":
        options["is_private_file"] = True
    return options, losses


def _read_paths(image: ImageListItem) -> list[str]:
    return [path for given in image.paths or () if (path := given.strip("/"))]


def _is_below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _find_subfolders(paths: Iterable[str], folder: str) -> set[str]:
    """Return the direct subfolders of a folder that contain some of the paths."""
    start = len(_join(folder, ""))
    return {path[: path.index("/", start)] for path in paths if _is_below(path, folder) and "/" in path[start:]}
