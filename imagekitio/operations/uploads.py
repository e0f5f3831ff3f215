"""Uploads. ImageKit docs, upload API v1.

An upload whose answer is lost may have been carried out. So that it is neither lost nor there twice:

- Where the service would make the name unique, it is made unique here, in the same way, and the service is told not to
  overwrite. A repeat of an upload that was carried out is refused then, and the file found by its name, which nobody
  else can have drawn. That costs no request unless something fails.
- A file that overwrites another one of its name may be sent again: the result is the same, with one version more at
  worst. Not so with extensions or post-transformations, which cost money each time.
- With `use_unique_file_name` and `overwrite_file` both off, a repeat that is refused may have met a file of somebody
  else. It counts as ours when it has our size and is no older than the first attempt, by the clock of the service.
- `checks` may ask for the name or for these flags; such an upload is sent as it is, and again only when it cannot have
  been carried out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..models.uploads import UploadFileRequestOptions, UploadFileResult
from .core import FilePart, Multipart, Operation, Request
from .encoding import json_text, plain_text, required
from .file_names import unique_name
from .recovery import finds_by_age, finds_by_unique_name
from .responses import reads
from .sources import Uploadable, uploadable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Unpack

    from ..models.uploads import UploadFileKeywords
    from .recovery import Recover

_uploaded = reads(UploadFileResult)

_SEEN_BY_CHECKS = ("request.fileName", "request.useUniqueFileName", "request.overwriteFile")
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
    part = None if isinstance(source, str) else FilePart(source, file_name)
    recover: Recover | None = None
    if any(word in fields.get("checks", "") for word in _SEEN_BY_CHECKS):
        is_repeatable = False
    elif fields.get("useUniqueFileName") != "false":
        fields |= {"fileName": unique_name(file_name), "useUniqueFileName": "false", "overwriteFile": "false"}
        is_repeatable, recover = True, finds_by_unique_name(fields)
    elif fields.get("overwriteFile") == "false":
        is_repeatable, recover = True, finds_by_age(fields, part)
    else:
        is_repeatable = "extensions" not in fields and '"post"' not in fields.get("transformation", "")
    if isinstance(source, str):
        fields |= {"file": plain_text(source, "file")}
    # What is empty counts as absent, says the API; left out it cannot be mistaken.
    body = Multipart(tuple((name, text) for name, text in fields.items() if text), part, on_progress)
    request = Request("POST", "/api/v1/files/upload", body, host="upload", idempotent=is_repeatable)
    return Operation(request, _uploaded, recover)


def _form_text(value: object, name: str) -> str:
    if name in _JSON_FIELDS and not isinstance(value, str):
        return json_text(value)
    return plain_text(value, name)
