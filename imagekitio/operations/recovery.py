"""Find out whether an upload whose response was lost was carried out; see `uploads` for when and why."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..models.moments import to_unix_time
from ..models.response_metadata import ResponseMetadata
from ..models.result import ShapeError
from ..models.uploads import UploadFileResult
from .core import FilePart, Operation, Response
from .encoding import build_get
from .file_names import clean_file_name, clean_folder_name
from .responses import read_metadata
from .sources import count_bytes_left

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..exceptions import ImageKitException

    Reply = Response | ImageKitException
    Recover = Callable[[Reply, float], Operation[UploadFileResult | None]]
    Json = dict[str, Any]

# The `Date` header has whole seconds of the service's clock, and the response took some time to arrive.
_CLOCK_TOLERANCE_SECONDS = 2.0

_UPLOAD_FIELDS = (
    "fileId",
    "name",
    "size",
    "versionInfo",
    "filePath",
    "fileType",
    "height",
    "width",
    "AITags",
    "description",
)


def recover_by_unique_name(fields: Mapping[str, str]) -> Recover:
    """Return the function that recovers an upload with a name that nobody else can have chosen."""
    return lambda reply, elapsed_seconds: _look_up(fields, lambda file, headers: True)


def recover_by_age(fields: Mapping[str, str], part: FilePart | None) -> Recover:
    """Return the function that recovers an upload with a name that somebody else's file may have.

    The size is compared if it is known here, which it is not for a URL or after a transformation.
    """
    size = None if part is None or "transformation" in fields else _count_bytes(part)

    def recover(reply: Reply, elapsed_seconds: float) -> Operation[UploadFileResult | None]:
        answered_at = _parse_date(reply.headers if isinstance(reply, Response) else reply.response_metadata.headers)

        def is_ours(file: Json, headers: Mapping[str, str]) -> bool:
            # Without a response, the search response gives the time: slightly late, so that fewer files count as ours.
            now = _parse_date(headers) if answered_at is None else answered_at
            if now is None or (size is not None and file.get("size") != size):
                return False
            return _parse_created_at(file) >= now - elapsed_seconds - _CLOCK_TOLERANCE_SECONDS

        return _look_up(fields, is_ours)

    return recover


def _look_up(
    fields: Mapping[str, str], is_ours: Callable[[Json, Mapping[str, str]], bool]
) -> Operation[UploadFileResult | None]:
    name = clean_file_name(fields["fileName"])
    folder = "/" + "/".join(clean_folder_name(part) for part in fields.get("folder", "").split("/") if part)
    path = f"{folder.rstrip('/')}/{name}"

    def parse(response: Response) -> UploadFileResult | None:
        metadata = read_metadata(response)
        if response.status != 200 or not isinstance(metadata.raw, list):
            return None
        for file in metadata.raw:
            if isinstance(file, dict) and file.get("filePath") == path and is_ours(file, response.headers):
                body = _convert_to_upload(file, fields.get("responseFields", ""))
                try:
                    return UploadFileResult.from_answer(ResponseMetadata(body, 200, metadata.headers))
                except ShapeError:
                    return None
        return None

    return Operation(build_get("/v1/files", {"path": folder, "searchQuery": f'name = "{name}"'}), parse)


def _convert_to_upload(file: Json, response_fields: str) -> Json:
    """Return the upload response for a file in a listing, without ``metadata``, which listings do not contain."""
    names = (*_UPLOAD_FIELDS, *(name for name in response_fields.split(",") if name))
    body = {name: file[name] for name in names if name in file}
    body["url"] = str(file.get("url", "")).partition("?")[0]
    if file.get("fileType") == "image" and "thumbnail" in file:
        body["thumbnailUrl"] = file["thumbnail"]
    return body


def _count_bytes(part: FilePart) -> int | None:
    source = part.source
    if isinstance(source, bytes):
        return len(source)
    if isinstance(source, Path):
        return source.stat().st_size
    return count_bytes_left(source)


def _parse_date(headers: Mapping[str, str]) -> float | None:
    try:
        return parsedate_to_datetime(headers["date"]).timestamp()
    except (KeyError, ValueError, TypeError):
        return None


def _parse_created_at(file: Json) -> float:
    try:
        return to_unix_time(str(file.get("createdAt")))
    except ValueError:
        return 0.0
