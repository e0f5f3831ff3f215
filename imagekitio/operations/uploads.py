"""Uploads. Source: ImageKit docs, upload API v1 and v2.

When the response to an upload is lost, the service may or may not have stored the file. To store it exactly once:

- If the service would make the name unique, it is made unique here instead, in the same way, and the service is told
  not to overwrite. If the first attempt stored the file, the service refuses the second, and the file is found by its
  name, which nobody else can have chosen. This costs no extra request unless something fails.
- An upload that overwrites a file of the same name may be repeated: the result is the same, with one more version at
  worst. Uploads with extensions or post-transformations are not repeated, because these cost money each time.
- If `use_unique_file_name` and `overwrite_file` are both off, the service may refuse the second attempt because of
  somebody else's file. A file counts as ours if it has the same size and is not older than the first attempt, by the
  clock of the service. For a URL and after a transformation, the size is not known here, and the age alone decides.
- If `checks` refers to the name or to these flags, the upload is sent unchanged, and repeated only if the service
  cannot have stored the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..models.spelling import to_snake_case
from ..models.uploads import UploadFileRequestOptions, UploadFileResult
from .core import Multipart, Operation, Request, check_progress
from .encoding import encode_json, encode_text, require_text
from .file_names import make_unique_name
from .recovery import recover_by_age, recover_by_unique_name
from .responses import parse_as
from .sources import Uploadable, resolve_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Unpack

    from ..models.uploads import UploadFileKeywords
    from .recovery import Recover

_parse_upload = parse_as(UploadFileResult)

_NAMES_IN_CHECKS = ("request.fileName", "request.useUniqueFileName", "request.overwriteFile")
UPLOAD_V2_PATH = "/api/v2/files/upload"
_JSON_FIELDS = frozenset({"extensions", "customMetadata", "transformation"})


def upload_file(
    file: Uploadable,
    file_name: str,
    options: UploadFileRequestOptions | Mapping[str, Any] | None = None,
    *,
    on_progress: Callable[[int, int], object] | None = None,
    **keywords: Unpack[UploadFileKeywords],
) -> Operation[UploadFileResult]:
    """Upload a file; see `sources.resolve_file` for the forms that `file` may have."""
    form = UploadFileRequestOptions.of(options, keywords)
    return _build_upload("/api/v1/files/upload", file, file_name, form, on_progress)


def upload_file_v2(
    file: Uploadable,
    file_name: str,
    options: UploadFileRequestOptions | Mapping[str, Any] | None = None,
    *,
    on_progress: Callable[[int, int], object] | None = None,
    **keywords: Unpack[UploadFileKeywords],
) -> Operation[UploadFileResult]:
    """Upload a file with version 2 of the upload API; see `upload_file`."""
    form = UploadFileRequestOptions.of(options, keywords)
    return _build_upload(UPLOAD_V2_PATH, file, file_name, form, on_progress)


def _build_upload(
    path: str,
    file: Uploadable,
    file_name: str,
    options: UploadFileRequestOptions,
    on_progress: Callable[[int, int], object] | None,
) -> Operation[UploadFileResult]:
    check_progress(on_progress)
    fields = encode_fields(file_name, options)
    source = resolve_file(file, file_name)
    part = None if isinstance(source, str) else source
    recover: Recover | None = None
    if any(name in fields.get("checks", "") for name in _NAMES_IN_CHECKS):
        is_repeatable = False
    elif fields.get("useUniqueFileName") != "false":
        fields |= {"fileName": make_unique_name(file_name), "useUniqueFileName": "false", "overwriteFile": "false"}
        is_repeatable, recover = True, recover_by_unique_name(fields)
    elif fields.get("overwriteFile") == "false":
        is_repeatable, recover = True, recover_by_age(fields, part)
    else:
        is_repeatable = "extensions" not in fields and '"post"' not in fields.get("transformation", "")
    if isinstance(source, str):
        fields |= {"file": encode_text(source, "file")}
    # The API treats empty fields as absent, so they are left out.
    body = Multipart(tuple((name, text) for name, text in fields.items() if text), part, on_progress)
    request = Request("POST", path, body, host="upload", idempotent=is_repeatable)
    return Operation(request, _parse_upload, recover)


def encode_fields(file_name: str, options: UploadFileRequestOptions) -> dict[str, str]:
    """Return the fields of the form of an upload, except the file; some may be empty.

    Raises:
        TypeError, ValueError: The name or an option is not valid.
    """
    form = options.to_json()
    fields = {"fileName": encode_text(require_text(file_name, "file_name"), "file_name")}
    return fields | {name: _encode_form_value(value, name) for name, value in form.items()}


def _encode_form_value(value: object, name: str) -> str:
    if name in _JSON_FIELDS and not isinstance(value, str):
        return encode_json(value, to_snake_case(name))
    return encode_text(value, to_snake_case(name))
