"""Metadata that the service computes from the content of a file. Source: ImageKit docs, metadata API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..models.details import GetMetadataResult
from .core import Operation, Request
from .encoding import build_get, require_text
from .ids import quote_file_id
from .responses import parse_as

if TYPE_CHECKING:
    from .ids import FileId

_parse_metadata = parse_as(GetMetadataResult)


def get_file_metadata(file_id: FileId) -> Operation[GetMetadataResult]:
    """Return the metadata of a file in the media library."""
    return Operation(Request("GET", f"/v1/files/{quote_file_id(file_id)}/metadata"), _parse_metadata)


def get_remote_file_url_metadata(remote_file_url: str) -> Operation[GetMetadataResult]:
    """Return the metadata of the image or video that a URL of the account delivers.

    Raises:
        ValueError: The URL is blank or missing; None is a ValueError too, as in the published SDK.
        TypeError: The URL is not a str.
    """
    if remote_file_url is None or (isinstance(remote_file_url, str) and not remote_file_url.strip()):
        raise ValueError("remote_file_url is missing: pass a URL of your ImageKit account")
    return Operation(
        build_get("/v1/metadata", {"url": require_text(remote_file_url, "remote_file_url")}), _parse_metadata
    )
