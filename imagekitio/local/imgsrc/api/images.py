"""Handlers for images, except uploads (img-src API, "Images")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from ....imgsrc.parameters import EXTENSION_OF_FORMAT, FITS
from ...base.errors import ApiError
from ...web.calls import Answer
from .. import account, library, signed_urls
from ..limits.quotas import require_pro
from ..signatures import EXPIRES_AT, SIGNATURE, sign
from . import present
from .names import read_path
from .values import UNBOUNDED, read_choice, read_integer, read_query_integer, read_visibility, refuse

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from ...web.calls import Call
    from ..rows import ImageRow
    from ..store import ImgsrcStore

MIN_EXPIRY, DEFAULT_EXPIRY, MAX_EXPIRY = 60, 3600, 604_800  # seconds


def list_images(store: ImgsrcStore, call: Call) -> Answer:
    # "null" is accepted, because clients send it if no offset is given.
    query = {name: "" if name == "offset" and text == "null" else text for name, text in call.query.items()}
    limit = read_query_integer(query, "limit", 50, least=1, most=100)
    offset = read_query_integer(query, "offset", 0, least=0, most=UNBOUNDED)
    folder = read_path("path", query.get("path", ""))
    with store.read() as connection:
        page = library.list_images(connection, folder, limit=limit, offset=offset)
        now = store.settings.clock.time()
        images = [present.item_json(connection, row, call.endpoints.primary, now) for row in page.images]
        folders = [found._asdict() for found in library.list_folders(connection, folder)]
    body = {
        "images": images,
        "folders": folders,
        "total": page.total,
        "limit": limit,
        "offset": offset,
        "has_more": offset + len(images) < page.total,
    }
    return Answer(200, {**body, "path_filter": folder} if folder else body)


def search_images(store: ImgsrcStore, call: Call) -> Answer:
    text = call.query.get("q", "")
    if not 1 <= len(text) <= 100:
        raise refuse("q", "text of 1 to 100 characters")
    limit = read_query_integer(call.query, "limit", 20, least=1, most=100)
    with store.read() as connection:
        page = library.search(connection, text, limit=limit)
        results = [present.search_json(connection, row, call.endpoints.primary) for row in page.images]
    return Answer(200, {"results": results, "total": page.total, "query": text})


def get_image(store: ImgsrcStore, call: Call) -> Answer:
    with store.read() as connection:
        row = _find(connection, call)
        path = library.list_paths(connection, row.id)[0]
    return Answer(200, present.metadata_json(row, path, call.endpoints.primary))


def delete_image(store: ImgsrcStore, call: Call) -> Answer:
    with store.write() as transaction:
        paths = library.delete(transaction, _find(transaction.connection, call))
    deleted_at = present.write_time(transaction.now)
    message = "Image deleted successfully"
    return Answer(200, {"success": True, "message": message, "deleted_at": deleted_at, "deleted_paths": paths})


def delete_image_path(store: ImgsrcStore, call: Call) -> Answer:
    if call.path["username"] != store.settings.username:
        raise ApiError(403, "This path belongs to another user")
    path = read_path("filepath", call.path["filepath"])
    if not path:
        raise refuse("filepath", "the path of an image")
    with store.write() as transaction:
        row = library.find_at(transaction.connection, path)
        if row is None:
            raise ApiError(404, "Path not found")
        remaining = library.delete_path(transaction, row, path)
    return Answer(
        200,
        {
            "success": True,
            "message": "Path deleted successfully" if remaining else "Image deleted with its last path",
            "remaining_paths": remaining,
            "image_deleted": not remaining,
            "deleted_at": present.write_time(transaction.now),
        },
    )


def update_visibility(store: ImgsrcStore, call: Call) -> Answer:
    if call.body.get("visibility") == "private":
        require_pro(store.settings, "Private images")
    visibility = read_visibility(call.body)
    with store.write() as transaction:
        row = library.set_visibility(transaction, _find(transaction.connection, call), visibility)
    message = f"Visibility updated to {row.visibility}"
    return Answer(200, {"id": row.id, "visibility": row.visibility, "message": message})


def create_signed_url(store: ImgsrcStore, call: Call) -> Answer:
    """Make a new signed URL, even for a public image, from the first of the image's paths that leads to it."""
    seconds = DEFAULT_EXPIRY
    if "expires_in_seconds" in call.body:
        seconds = read_integer(call.body, "expires_in_seconds", least=MIN_EXPIRY, most=MAX_EXPIRY)
    output_format, parameters = _read_transformation(call.body)
    with store.write() as transaction:
        connection = transaction.connection
        row = _find(connection, call)
        path, delivered = _choose_path(connection, row, output_format)
        expires_at = int(transaction.now) + seconds
        query = urlencode(parameters)
        signature = sign(delivered, query, expires_at, account.read_signing_secret(connection, row.id))
        proof = urlencode({EXPIRES_AT: expires_at, SIGNATURE: signature})
        target = f"{quote(delivered)}?{f'{query}&' if query else ''}{proof}"
        signed_urls.keep(transaction, row.id, path, signed_urls.SignedUrl(target, expires_at))
    return Answer(
        200,
        {
            "signed_url": f"{call.endpoints.primary}/{target}",
            "expires_at": expires_at,
            "expires_in_seconds": seconds,
        },
    )


def _choose_path(connection: sqlite3.Connection, row: ImageRow, output_format: str | None) -> tuple[str, str]:
    """Return a path of an image, and the path that delivers it in a format; None means the image's own format.

    The second path may lead to another image: one that has exactly that path, or an older one whose path differs only
    in the extension. A signed URL must not show that image.

    Raises:
        ApiError: 409 if none of the paths leads to this image.
    """
    paths = library.list_paths(connection, row.id)
    if output_format is None:
        return paths[0], paths[0]
    for path in paths:
        delivered = present.change_format(path, output_format)
        found = library.find_image(connection, delivered)
        if found is not None and found.id == row.id:
            return path, delivered
    raise ApiError(409, f"No URL leads to this image as {output_format}: its paths lead to other images")


def _read_transformation(body: Mapping[str, Any]) -> tuple[str | None, dict[str, object]]:
    """Return the output format and the delivery parameters of a ``transformation``."""
    given = body.get("transformation", {})
    if not isinstance(given, dict):
        raise refuse("transformation", "an object")
    parameters: dict[str, object] = {}
    for name, short_name, most in (("width", "w", 10_000), ("height", "h", 10_000), ("quality", "q", 100)):
        if name in given:
            parameters[short_name] = read_integer(given, name, least=1, most=most)
    if "fit" in given:
        parameters["fit"] = read_choice(given, "fit", FITS)
    output_format = read_choice(given, "format", tuple(EXTENSION_OF_FORMAT)) if "format" in given else None
    return output_format, parameters


def _find(connection: sqlite3.Connection, call: Call) -> ImageRow:
    row = library.find(connection, call.path["id"])
    if row is None:
        raise ApiError(404, "Image not found")
    return row
