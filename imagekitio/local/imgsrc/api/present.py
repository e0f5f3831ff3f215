"""The JSON of images in responses (img-src API, "Objects")."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ....imgsrc.parameters import EXTENSION_OF_FORMAT, FORMAT_OF_EXTENSION, split_extension
from .. import library, signed_urls
from .names import sanitise_filename

if TYPE_CHECKING:
    import sqlite3

    from ..rows import ImageRow

API_PATH = "/api/v1/images"


def write_time(seconds: float) -> str:
    """Return a Unix time in the format of the service (RFC 3339): ``2026-02-07T09:30:00Z``."""
    return datetime.fromtimestamp(int(seconds), timezone.utc).isoformat().replace("+00:00", "Z")


def change_format(path: str, output_format: str) -> str:
    """Return the path under which an image is delivered in a format such as ``jpeg``.

    It is the path itself if its extension already names the format; ``jpg`` and ``jpeg`` name the same format. Two
    images whose paths differ only in the extension get the same path, as the service does not distinguish them either.
    """
    stem, extension = split_extension(path)
    if FORMAT_OF_EXTENSION.get(extension.lower()) == output_format:
        return path
    return f"{stem}.{EXTENSION_OF_FORMAT[output_format]}"


def image_url(root: str, path: str) -> str:
    """Return the delivery URL of a path; `root` is the start of the account's URLs, including the user name."""
    return f"{root}/{quote(path)}"


def upload_json(row: ImageRow, path: str, paths: list[str], root: str, *, is_new: bool) -> dict[str, Any]:
    """Return an UploadResponse.

    Args:
        path: Path that the upload gave to the image.
        paths: All paths of the image.
        root: Start of the account's delivery URLs; see `image_url`.
    """
    dimensions = {} if row.width is None else {"dimensions": {"width": row.width, "height": row.height}}
    return {
        "id": row.id,
        "hash": row.content_hash,
        "url": image_url(root, path),
        "paths": paths,
        "is_new": is_new,
        "size": row.size,
        "format": row.format,
        **dimensions,
        "available_formats": _format_urls(root, path),
        "uploaded_at": write_time(row.uploaded_at),
        "visibility": row.visibility,
        "_links": _links(row),
    }


def metadata_json(row: ImageRow, path: str, root: str) -> dict[str, Any]:
    """Return a MetadataResponse without colours; `path` is the path in its URLs."""
    size = {} if row.width is None else {"width": row.width, "height": row.height}
    return {
        "id": row.id,
        "metadata": {
            "hash": row.content_hash,
            "original_filename": row.original_filename,
            "size": row.size,
            "uploaded_at": write_time(row.uploaded_at),
            "mime_type": row.mime,
            **size,
        },
        "urls": {"original": image_url(root, path), **_format_urls(root, path)},
        "visibility": row.visibility,
        "_links": _links(row),
    }


def search_json(connection: sqlite3.Connection, row: ImageRow, root: str) -> dict[str, Any]:
    """Return a SearchResult."""
    paths = library.list_paths(connection, row.id)
    return {
        "id": row.id,
        "original_filename": row.original_filename,
        "sanitized_filename": sanitise_filename(row.original_filename),
        "size": row.size,
        "uploaded_at": write_time(row.uploaded_at),
        "url": f"{API_PATH}/{row.id}",
        "cdn_url": image_url(root, paths[0]),
        "paths": paths,
        "visibility": row.visibility,
    }


def item_json(connection: sqlite3.Connection, row: ImageRow, root: str, now: float) -> dict[str, Any]:
    """Return an ImageListItem; for a private image it has the newest signed URL that is valid at the time `now`."""
    item = search_json(connection, row, root)
    active = signed_urls.find_active(connection, row.id, now) if row.visibility == "private" else None
    if active is not None:
        item["active_signed_url"] = {"signed_url": f"{root}/{active.target}", "expires_at": active.expires_at}
    return item


def _format_urls(root: str, path: str) -> dict[str, str]:
    return {name: image_url(root, change_format(path, name)) for name in EXTENSION_OF_FORMAT}


def _links(row: ImageRow) -> dict[str, str]:
    return {"self": f"{API_PATH}/{row.id}", "delete": f"{API_PATH}/{row.id}"}
