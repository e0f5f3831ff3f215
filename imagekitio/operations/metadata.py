"""Metadata that the service computes from the content of a file. ImageKit docs, metadata API."""

from __future__ import annotations

from ..models.details import GetMetadataResult
from .core import Operation, Request
from .encoding import get, segment
from .responses import reads

_metadata = reads(GetMetadataResult)


def get_file_metadata(file_id: str) -> Operation[GetMetadataResult]:
    """Examine a file of the media library."""
    return Operation(Request("GET", f"/v1/files/{segment(file_id, 'file_id')}/metadata"), _metadata)


def get_remote_file_url_metadata(remote_file_url: str) -> Operation[GetMetadataResult]:
    """Examine what a URL of the account delivers.

    Raises:
        ValueError: The URL is missing or blank; None too is a ValueError here, as published.
    """
    if remote_file_url is None or (isinstance(remote_file_url, str) and not remote_file_url.strip()):
        raise ValueError("remote_file_url is missing: pass a URL of your ImageKit account")
    return Operation(get("/v1/metadata", {"url": remote_file_url}), _metadata)
