"""The parameter `transformation` of uploads: its syntax, and the background work that it causes.

The renderer of delivery transforms pictures. Local ImageKit has no video encoder, so transformations that need one are
accepted as by the service, and end with an ``encoding_failed`` event.
Source: ImageKit docs, "Pre and post transformation on upload".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn, cast
from urllib.parse import quote

from ..base.errors import ApiError
from ..base.json_values import as_array, as_object, read_json
from ..base.names import join_path, split_path
from ..delivery.sources import transform
from ..events import changes, tasks
from ..library import files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..events.tasks import Task
    from ..library.store import Store
    from ..library.tables.rows import FileRow
    from ..library.tables.transactions import Transaction
    from ..media.media_types import MediaType
    from ..web.outgoing.connections import Connections

MAX_POST = 5
QUEUED = "The pre-transformation has been queued successfully."
ENCODING_FAILED = "encoding_failed"

_RESOLUTIONS = re.compile(r"(?:sr-)?[0-9]{2,4}(?:_[0-9]{2,4})*")


class PostTransformation(NamedTuple):
    """A transformation of a file after it was stored."""

    type: Literal["transformation", "gif-to-video", "thumbnail", "abs"]
    value: str | None = None
    protocol: Literal["hls", "dash"] | None = None

    def as_json(self) -> dict[str, str]:
        members = {"type": self.type, "value": self.value, "protocol": self.protocol}
        return {name: value for name, value in members.items() if value is not None}

    def url(self, endpoint: str, path: str) -> str:
        """Return the delivery URL of the result (from the examples in ImageKit docs, "Webhook events")."""
        below = {
            "transformation": "",
            "gif-to-video": "/ik-gif-video.mp4",
            "thumbnail": "/ik-thumbnail.jpg",
            "abs": "/ik-master.m3u8" if self.protocol == "hls" else "/ik-master.mpd",
        }[self.type]
        steps = f"sr-{(self.value or '').removeprefix('sr-')}" if self.type == "abs" else self.value
        return f"{endpoint}{quote(path)}{below}" + (f"?tr={quote(steps, safe=',:-_.')}" if steps else "")


def read_transformation(text: str) -> tuple[str | None, tuple[PostTransformation, ...]]:
    """Return the pre-transformation and the post-transformations in the JSON `text`.

    Raises:
        ApiError: 400 if the JSON is not valid.
    """
    try:
        members = as_object(read_json(text))
    except ValueError:
        _refuse()
    pre, post = (members or {}).get("pre"), as_array((members or {}).get("post") or [])
    if members is None or not isinstance(pre, (str, type(None))) or post is None or len(post) > MAX_POST:
        _refuse()
    return pre or None, tuple(map(_read_post, post))


def check_fits(post: tuple[PostTransformation, ...], media_type: MediaType, *, has_pre: bool) -> None:
    """Raise a 400 for transformations that are not possible for a file of this type."""
    if (post or has_pre) and not (media_type.is_image or media_type.is_video):
        message = "transformations are supported only for image and video files."
        raise ApiError(400, f"The file could not be uploaded because {message}")
    for step in post:
        if step.type == "gif-to-video":
            fits = media_type.format == "gif"
        else:
            fits = media_type.is_video or step.type == "transformation"
        if not fits:
            message = "the detected file type & post-transformation are incompatible."
            raise ApiError(400, f"The file could not be uploaded because {message}")


def queue_post_transformations(
    transaction: Transaction, row: FileRow, post: tuple[PostTransformation, ...], request_id: str
) -> None:
    for step in post:
        payload = {"fileId": row.id, "versionId": row.version_id, "post": step.as_json(), "requestId": request_id}
        tasks.add(transaction, "post-transformation", payload, delay=transaction.settings.extension_delay)


def queue_pre_transformation(transaction: Transaction, path: str, pre: str, request_id: str) -> None:
    """Queue the pre-transformation of a video, which the service runs after the response."""
    payload = {"path": path, "pre": pre, "requestId": request_id}
    tasks.add(transaction, "pre-transformation", payload, delay=transaction.settings.extension_delay)


def report_pre_transformation(store: Store, task: Task, connections: Connections) -> None:
    """Report the failure of a queued pre-transformation, which always needs a video encoder."""
    folder, name = split_path(task.payload["path"])
    with store.write() as transaction:
        if tasks.finish(transaction, task):
            pre, request_id = task.payload["pre"], task.payload["requestId"]
            report_pre_error(transaction, folder, name, pre, request_id, ENCODING_FAILED)


def report_pre_error(transaction: Transaction, folder: str, name: str, pre: str, request_id: str, reason: str) -> None:
    request = {"x_request_id": request_id, "transformation": pre}
    data = {"name": name, "path": join_path(folder, name), "transformation": {"error": {"reason": reason}}}
    changes.queue_event(transaction, "upload.pre-transform.error", data, request)


def run_post_transformation(store: Store, task: Task, connections: Connections) -> None:
    """Render a post-transformation and report the result. Delivery renders it again: this only checks that it can."""
    with store.read() as connection:
        row = files.version(connection, task.payload["fileId"], task.payload["versionId"])
    post = PostTransformation(**task.payload["post"])
    is_made = False
    if row is not None and row.is_image and post.type == "transformation" and post.value:
        try:
            transform(
                store,
                store.content(row.content_hash),
                post.value,
                row.mime,
                row.custom_coordinates,
                may_read_private=False,
            )
            is_made = True
        except (ApiError, FileNotFoundError):  # refused, or the file was deleted in the meantime
            pass
    with store.write() as transaction:
        if not tasks.finish(transaction, task) or row is None:
            return
        request = {"x_request_id": task.payload["requestId"], "transformation": post.as_json()}
        data: dict[str, Any] = {
            "fileId": row.id,
            "url": post.url(store.settings.url_endpoints().primary, row.full_path),
            "name": row.name,
        }
        if not is_made:
            data |= {"path": row.full_path, "transformation": {"error": {"reason": ENCODING_FAILED}}}
        outcome = "success" if is_made else "error"
        changes.queue_event(transaction, f"upload.post-transform.{outcome}", data, request)


def _read_post(item: object) -> PostTransformation:
    members: Mapping[str, Any] = as_object(item) or {}
    kind, value, protocol = members.get("type"), members.get("value"), members.get("protocol")
    if kind not in ("transformation", "gif-to-video", "thumbnail", "abs") or not isinstance(value, (str, type(None))):
        _refuse()
    if kind in ("transformation", "abs") and not value:
        _refuse()
    if protocol not in (("hls", "dash") if kind == "abs" else (None,)):
        _refuse()
    if kind == "abs" and not _RESOLUTIONS.fullmatch(value or ""):
        _refuse()
    return PostTransformation(kind, value or None, cast("Literal['hls', 'dash'] | None", protocol))


def _refuse() -> NoReturn:
    raise ApiError(400, "The file could not be uploaded because the transformation field is invalid.")
