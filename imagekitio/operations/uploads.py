"""Uploads. ImageKit docs, upload API v1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..models.uploads import UploadFileRequestOptions, UploadFileResult
from .core import FilePart, Multipart, Operation, Request
from .errors import reads
from .requests import json_text, plain_text, required
from .sources import Uploadable, uploadable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Unpack

    from ..models.uploads import UploadFileKeywords

_uploaded = reads(UploadFileResult)

_JSON_FIELDS = frozenset({"extensions", "customMetadata", "transformation"})


def upload_file(
    file: Uploadable,
    file_name: str,
    options: UploadFileRequestOptions | Mapping[str, Any] | None = None,
    *,
    on_progress: Callable[[int, int], object] | None = None,
    **keywords: Unpack[UploadFileKeywords],
) -> Operation[UploadFileResult]:
    """Upload a file; `sources.uploadable` says what `file` may be."""
    form = UploadFileRequestOptions.of(options, keywords).to_json()
    fields = {"fileName": plain_text(required(file_name, "file_name"), "file_name")}
    fields |= {name: _form_text(value, name) for name, value in form.items()}
    source = uploadable(file)
    if isinstance(source, str):
        part, fields["file"] = None, plain_text(source, "file")
    else:
        part = FilePart(source, file_name)
    # What is empty counts as absent, says the API; left out it cannot be mistaken.
    body = Multipart(tuple((name, text) for name, text in fields.items() if text), part, on_progress)
    return Operation(Request("POST", "/api/v1/files/upload", body, host="upload", idempotent=False), _uploaded)


def _form_text(value: object, name: str) -> str:
    if name in _JSON_FIELDS and not isinstance(value, str):
        return json_text(value)
    return plain_text(value, name)
