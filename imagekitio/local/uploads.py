"""Upload API v1: from the parts of a form to a stored file (api.md, chapter 20)."""

from __future__ import annotations

import base64
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, BinaryIO

from . import custom_fields, files, folders
from .auth import authenticate_upload
from .calls import Answer
from .errors import ApiError, not_implemented
from .field_schemas import read_values
from .metadata import UnreadableError, image_metadata
from .names import join_path, unique_name
from .parameters import read_parameters
from .present import upload_json
from .probe import probe
from .sources import CHUNK_BYTES, fetch_own, fetch_remote, parse_own_url, transform

if TYPE_CHECKING:
    from pathlib import Path

    from .contents import Incoming
    from .multipart import Form
    from .parameters import UploadParameters
    from .probe import Probe
    from .rows import FileRow, Work
    from .settings import Settings
    from .store import Store

TOO_LARGE = "Your request contains invalid file parameter. The file size exceeds limits."
_MAX_URL_BYTES = 16_384
_BASE64 = re.compile(rb"[A-Za-z0-9+/]*\Z")


def max_part_bytes(settings: Settings) -> int:
    """How much of the part ``file`` has to be read: the largest file, in base64 with its line breaks."""
    return max(settings.max_upload_bytes, settings.max_video_upload_bytes) * 3 // 2 + _MAX_URL_BYTES


def accept_upload(store: Store, authorization: str | None, form: Form, part: Incoming) -> Answer:
    """Do everything after the body has been read, in the order of section 20.2; `part` holds the part ``file``."""
    with store.write() as work:
        authenticate_upload(authorization, form.fields, store.settings, work)
    if not form.has_file or not part.size:
        raise ApiError(400, "Your request is missing file parameter.")
    parameters = read_parameters(form.fields)
    if form.file_is_cut:
        raise ApiError(400, TOO_LARGE)
    with ExitStack() as stack:
        content = part if form.file_is_binary else _read_text(store, part, stack.enter_context(store.incoming()))
        row, metadata = keep_upload(store, content, parameters)
    available = {
        "tags": list(row.tags) or None,
        "customCoordinates": row.custom_coordinates,
        "isPrivateFile": row.is_private,
        "isPublished": row.is_published,
        "customMetadata": row.custom_metadata,
        "embeddedMetadata": row.embedded_metadata,
        "metadata": metadata,
    }
    asked_for = {name: value for name, value in available.items() if name in parameters.response_fields}
    return Answer(200, upload_json(row, store.settings, asked_for))


def keep_upload(store: Store, content: Incoming, parameters: UploadParameters) -> tuple[FileRow, dict[str, Any]]:
    """Check and store `content`; return the file, and its metadata if the response asks for it.

    Raises:
        ApiError: 400 for whatever section 20.8 refuses.
    """
    settings = store.settings
    found = _checked(content, parameters.file_name, settings)
    with ExitStack() as stack:
        if parameters.pre_transformation:
            if found.type.is_video:
                raise not_implemented("Pre-transformations of videos are")
            if not found.type.is_image:
                raise ApiError(
                    400,
                    "The file could not be uploaded because transformations are supported only for image and video "
                    "files.",
                )
            made = transform(store, content.path, parameters.pre_transformation, found.type.mime)
            content = stack.enter_context(store.incoming())
            content.write(made)
            found = _checked(content, parameters.file_name, settings)
        metadata = _metadata(content.path, parameters) if "metadata" in parameters.response_fields else {}
        with store.write() as work:
            row = _row(work, parameters, found, content)
            work.keep(content)
            return files.put(work, row), metadata


def _checked(content: Incoming, name: str, settings: Settings) -> Probe:
    content.flush()
    found = probe(content.path, name, now=settings.clock.now())
    limit = settings.max_video_upload_bytes if found.type.is_video else settings.max_upload_bytes
    if content.size > limit:
        raise ApiError(400, TOO_LARGE)
    if not content.size:
        raise ApiError(400, "Your request is missing file parameter.")
    return found


def _metadata(path: Path, parameters: UploadParameters) -> dict[str, Any]:
    try:
        return image_metadata(path, parameters.file_name)
    except UnreadableError:
        return {}


def _row(work: Work, parameters: UploadParameters, found: Probe, content: Incoming) -> FileRow:
    """The row to store: what the request says, and what an overwrite keeps (api.md, section 11.3)."""
    name = parameters.file_name
    if parameters.use_unique_file_name:
        name = unique_name(parameters.file_name)
        while folders.is_taken(work.connection, join_path(parameters.folder, name)):
            name = unique_name(parameters.file_name)
    old = files.at_path(work.connection, join_path(parameters.folder, name))
    if old is not None and not parameters.overwrite_file:
        raise ApiError(
            400,
            "A file with the same name already exists at the exact location. We could not overwrite it because both "
            "overwriteFile and useUniqueFileName are set to false.",
        )
    if parameters.custom_metadata is None and old is not None and not parameters.overwrite_custom_metadata:
        custom_metadata = old.custom_metadata
    else:
        schemas = custom_fields.schemas(work.connection)
        custom_metadata = read_values(schemas, parameters.custom_metadata or {})
    tags = parameters.tags
    if tags is None:
        tags = () if old is None or parameters.overwrite_tags else old.tags
    return files.draft(
        name=name,
        path=parameters.folder,
        content_hash=content.content_hash,
        size=content.size,
        mime=found.type.mime,
        format=found.type.format,
        is_image=found.type.is_image,
        width=found.width,
        height=found.height,
        has_alpha=found.has_alpha,
        orientation=found.orientation,
        embedded_metadata=found.embedded_metadata,
        is_private=parameters.is_private,
        is_published=parameters.is_published,
        tags=tags,
        ai_tags=() if old is None or parameters.overwrite_ai_tags else old.ai_tags,
        custom_metadata=custom_metadata,
        # The service takes them for pictures only.
        custom_coordinates=parameters.custom_coordinates if found.type.is_image else None,
        description=parameters.description,
    )


def _read_text(store: Store, part: Incoming, content: Incoming) -> Incoming:
    """What a text part named ``file`` stands for: a URL, a data URI, base64, or itself."""
    with part.path.open("rb") as text:
        head = text.read(_MAX_URL_BYTES)
        if re.match(rb"https?://", head):
            _fetch(store, head.decode("utf-8", "replace").strip(), content)
            return content
        is_data_uri = head.startswith(b"data:") and b";base64," in head
        text.seek(head.index(b",") + 1 if is_data_uri else 0)
        if _decode_base64(text, content):
            return content
    if is_data_uri:
        raise ApiError(400, "Your request contains invalid file parameter. The data URI is not in base64.")
    return part


def _fetch(store: Store, url: str, content: Incoming) -> None:
    settings = store.settings
    own = parse_own_url(url, settings)
    if own is not None:
        if fetch_own(store, own, content) is None:
            raise ApiError(400, f"The file could not be fetched from {url}: there is no file at {own.path}.")
    elif settings.allow_remote:
        fetch_remote(url, content, max_bytes=max(settings.max_upload_bytes, settings.max_video_upload_bytes))
    else:
        raise ApiError(
            400,
            f"The file could not be fetched from {url}: local ImageKit fetches only its own URLs, those under "
            f"{settings.url_endpoint}/, unless it was started with allow_remote.",
        )


def _decode_base64(text: BinaryIO, content: Incoming) -> bool:
    """Decode `text` into `content`; False, with `content` spoilt, when it is not base64. Padding is optional."""
    rest, ended = b"", False
    while chunk := text.read(CHUNK_BYTES):
        symbols = rest + chunk.translate(None, b"\r\n\t ")
        stripped = symbols.rstrip(b"=")
        if (ended and stripped) or len(symbols) - len(stripped) > 2 or not _BASE64.match(stripped):
            return False
        ended = ended or len(stripped) < len(symbols)
        whole = len(stripped) // 4 * 4
        content.write(base64.b64decode(stripped[:whole]))
        rest = stripped[whole:]
    if len(rest) == 1:
        return False
    content.write(base64.b64decode(rest + b"=" * (-len(rest) % 4)))
    return True
