"""The JSON of API objects (api.md, sections 9.4 and 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..base.dates import iso_date
from .tables.rows import FileRow, FolderRow

if TYPE_CHECKING:
    from .tables.rows import Row

THUMBNAIL = "tr:n-ik_ml_thumbnail"


def asset_json(row: Row, url_endpoint: str) -> dict[str, Any]:
    return file_json(row, url_endpoint) if isinstance(row, FileRow) else folder_json(row)


def folder_json(row: FolderRow) -> dict[str, Any]:
    return {
        "type": "folder",
        "folderId": row.id,
        "name": row.name,
        "folderPath": row.full_path,
        "createdAt": iso_date(row.created_at),
        "updatedAt": iso_date(row.updated_at),
        "customMetadata": row.custom_metadata,
    }


def file_json(row: FileRow, url_endpoint: str) -> dict[str, Any]:
    """Return a file or an archived version of one; its URLs start with `url_endpoint`."""
    token = f"ik-obj-version={row.token}&" if row.kind == "file-version" else ""
    url = f"{url_endpoint}{quote(row.full_path)}?{token}updatedAt={int(row.updated_at * 1000)}"
    # Pictures and videos have a thumbnail (api.md, point 15).
    has_thumbnail = row.is_image or row.mime.startswith("video/")
    return {
        "type": row.kind,
        "name": row.name,
        "createdAt": iso_date(row.created_at),
        "updatedAt": iso_date(row.updated_at),
        "fileId": row.id,
        "tags": list(row.tags) or None,
        "AITags": list(row.ai_tags) or None,
        "versionInfo": _version_info(row),
        "embeddedMetadata": row.embedded_metadata or None,
        "customCoordinates": row.custom_coordinates,
        "customMetadata": row.custom_metadata,
        "isPrivateFile": row.is_private,
        "isPublished": row.is_published,
        "description": row.description,
        "url": url,
        **({"thumbnail": f"{url}&tr=n-ik_ml_thumbnail"} if has_thumbnail else {}),
        "fileType": _file_type(row),
        "filePath": row.full_path,
        **_measures(row),
        "size": row.size,
        **({} if row.has_alpha is None else {"hasAlpha": row.has_alpha}),
        "mime": row.mime,
    }


def upload_json(row: FileRow, url_endpoint: str, extra: dict[str, Any]) -> dict[str, Any]:
    """Return the response to an upload; `extra` has the members requested with `responseFields`."""
    path = quote(row.full_path)
    return {
        "fileId": row.id,
        "name": row.name,
        "size": row.size,
        "versionInfo": _version_info(row),
        "filePath": row.full_path,
        "url": url_endpoint + path,
        "fileType": _file_type(row),
        **_measures(row),
        **({"orientation": row.orientation} if row.orientation else {}),
        **({"thumbnailUrl": f"{url_endpoint}/{THUMBNAIL}{path}"} if row.is_image else {}),
        "AITags": list(row.ai_tags) or None,
        "description": row.description,
        **extra,
    }


def _version_info(row: FileRow) -> dict[str, str]:
    return {"id": row.version_id, "name": f"Version {row.number}"}


def _file_type(row: FileRow) -> str:
    return "image" if row.is_image else "non-image"


def _measures(row: FileRow) -> dict[str, Any]:
    found = {
        "height": row.height,
        "width": row.width,
        "duration": row.duration,
        "bitRate": row.bit_rate,
        "videoCodec": row.video_codec,
        "audioCodec": row.audio_codec,
    }
    return {name: value for name, value in found.items() if value is not None}
