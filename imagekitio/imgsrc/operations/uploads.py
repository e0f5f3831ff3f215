"""Uploads. Source: img-src API, "Upload image".

An upload can be sent again if its response was lost: the service identifies content by its SHA-256, so the same bytes
under the same path are one image, whose `is_new` is False the second time.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ...models.options import UNSET
from ...operations.core import FilePart, Multipart, Operation, Request, check_progress
from ...operations.encoding import encode_text
from ...operations.sources import CONTENT_FORMS, resolve_content, split_named_content
from .. import parameters
from ..models.images import UploadResponse
from ..models.requests import File, UploadImageRequestBody
from .images import IMAGES_PATH
from .responses import parse_as

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..models.requests import UploadImageRequestBodyTypedDict

_FORMS = f"{CONTENT_FORMS}, a File or a dict of file_name and content"

_parse_upload = parse_as(UploadResponse, 400, 409, 413)


def upload_image(
    request: UploadImageRequestBody | UploadImageRequestBodyTypedDict | None = None,
    keywords: Mapping[str, Any] | None = None,
    on_progress: Callable[[int, int], object] | None = None,
) -> Operation[UploadResponse]:
    """Upload an image; options in `keywords` take precedence over those in `request`."""
    check_progress(on_progress)
    options = UploadImageRequestBody.of(request, keywords)
    form = {name: value for name, value in options.to_json().items() if name != "file"}
    # An empty path is the root, which is the default of the service.
    fields = tuple((name, encode_text(text, name)) for name, text in form.items() if text)
    named = _read_file(options.file, str(form.get("target_path", "")))
    content_type = [named.content_type] if named.content_type else []
    part = FilePart(resolve_content(named.content, _FORMS), encode_text(named.name, "file_name"), *content_type)
    return Operation(Request("POST", IMAGES_PATH, Multipart(fields, part, on_progress)), _parse_upload)


def find_place(options: UploadImageRequestBody) -> tuple[str, Any]:
    """Return the path at which an upload stores its image, and the content; raise the errors of `upload_image`.

    A target path that ends in the extension of an image is the path of the image, any other one is a folder (img-src
    docs, "Uploads").
    """
    target_path = str(options.to_json().get("target_path", ""))
    named = _read_file(options.file, target_path)
    segments = [segment for segment in target_path.split("/") if segment]
    return "/".join(
        segments if _find_name_in(target_path) else [*segments, posixpath.basename(named.name)]
    ), named.content


class _NamedFile(NamedTuple):
    name: str
    content: Any
    content_type: str | None


def _read_file(file: object, target_path: str) -> _NamedFile:
    given: Any = File.of(cast("Mapping[str, Any]", file)) if isinstance(file, Mapping) else file
    if isinstance(given, File):
        given = (given.file_name or None, given.content, given.content_type or None)
    content: Any
    name, content, content_type = split_named_content(given) if isinstance(given, tuple) else (None, given, None)
    if content is UNSET or content is None:
        raise TypeError(f"file is missing: pass {_FORMS}")
    if isinstance(content, str):
        raise TypeError(
            f"file must be {_FORMS} (got a str); pass Path(…) for a path; download the content of a URL, or decode "
            "base64, before you upload it"
        )
    if isinstance(content, (tuple, Mapping, File)):
        raise TypeError(f"the content of file must be {CONTENT_FORMS} (got {type(content).__name__})")
    name = name or find_name(content) or _find_name_in(target_path)
    if not name:
        resolve_content(content, _FORMS)  # an object that is not a file at all is the greater mistake
        raise ValueError(
            "the file has no name: pass file={'file_name': 'photo.jpg', 'content': …}, or a target_path with one"
            + _explain_folder(target_path)
        )
    return _NamedFile(name, content, content_type)


def find_name(content: object) -> str | None:
    """Return the file name of a content, which may be a path or an open file; None if it has none."""
    if isinstance(content, os.PathLike):
        return Path(os.fsdecode(cast("os.PathLike[str]", content))).name
    # Django and Python call it `name`, Werkzeug and Starlette `filename`; for os.fdopen(), it is a number.
    for name in (getattr(content, "filename", None), getattr(content, "name", None)):
        if isinstance(name, (str, os.PathLike)) and (found := os.path.basename(os.fspath(name))):
            return str(found)
    return None


def _find_name_in(target_path: str) -> str | None:
    """Return the last segment of a path that names a file; None for a folder, which lacks the extension of an image."""
    return posixpath.basename(target_path) if parameters.split_extension(target_path)[1] else None


def _explain_folder(target_path: str) -> str:
    """Return why a target path that looks like that of a file is a folder; empty for others."""
    extension = posixpath.splitext(target_path)[1]
    if not extension:
        return ""
    return f" ({target_path!r} is treated as a folder, because {extension!r} is not the extension of an image)"
