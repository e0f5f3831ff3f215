"""The handling of uploads in both API versions, from the parts of a form to a stored file (api.md, chapter 20)."""

from __future__ import annotations

import base64
import string
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, NamedTuple

from ..base.errors import ApiError
from ..base.names import join_path, make_unique_name
from ..delivery.sources import fetch, transform
from ..events.changes import queue_event
from ..events.outbox import Callback
from ..extensions.requests import resolve_extensions
from ..extensions.start import start_extensions
from ..library import files, folders
from ..library.field_schemas import read_values
from ..library.present import upload_json
from ..library.presets import saved_extension_config
from ..web.calls import Answer
from ..web.outgoing.connections import CHUNK_BYTES, Connections
from .credentials import authenticate_v1, authenticate_v2
from .parameters import read_parameters
from .transformations import (
    ENCODING_FAILED,
    QUEUED,
    check_fits,
    queue_post_transformations,
    queue_pre_transformation,
    report_pre_error,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ..base.addresses import UrlEndpoints
    from ..base.settings import Settings
    from ..extensions.requests import Schemas
    from ..library.store import Store
    from ..library.tables.rows import FileRow
    from ..library.tables.transactions import Transaction
    from ..media.probe import Probe
    from ..storage.contents import Incoming
    from .checks import Checks
    from .form import Form
    from .parameters import UploadParameters

Version = Literal["v1", "v2"]

TOO_LARGE = "Your request contains invalid file parameter. The file size exceeds limits."
_MAX_URL_BYTES = 16_384
_BASE64 = string.ascii_letters.encode() + string.digits.encode() + b"+/"


def max_part_bytes(settings: Settings) -> int:
    """Return how many bytes of the part ``file`` to store: the largest file, in base64 with line breaks."""
    return max(settings.max_upload_bytes, settings.max_video_upload_bytes) * 3 // 2 + _MAX_URL_BYTES


class Sender(NamedTuple):
    """The sender of an upload.

    Attributes:
        is_of_account: Whether the private key authorises the parameters.
        endpoints: URL endpoints for the address that the client uses.
        request_id: Request id in the headers of the response and in events.
    """

    is_of_account: bool
    endpoints: UrlEndpoints
    request_id: str = ""


class Kept(NamedTuple):
    """A stored file, and extra data for the response."""

    row: FileRow
    metadata: dict[str, Any]  # only if the response needs it
    extension_status: dict[str, str]


def accept_upload(
    store: Store,
    form: Form,
    part: Incoming,
    *,
    version: Version,
    authorization: str | None,
    request_id: str,
    endpoints: UrlEndpoints,
) -> Answer:
    """Handle an upload after its body has been read, in the order of section 20.2.

    Args:
        part: Content of the part ``file``, without the form's tail.
        version: Version of the upload API, which determines the authentication of browsers.
        request_id: Request id in the headers of the response and in events.
        endpoints: URL endpoints for the address that the client uses.
    """
    part.write(form.tail)
    sender = Sender(_AUTHENTICATE[version](authorization, form.fields, store), endpoints, request_id)
    if not form.has_file or not part.size:
        raise ApiError(400, "Your request is missing file parameter.")
    parameters = read_parameters(form.fields)
    parameters, checks, schemas = _resolve_parameters(store, parameters)
    if form.file_is_cut:
        raise ApiError(400, TOO_LARGE)
    with ExitStack() as stack:
        content = (
            part if form.file_is_binary else _read_text(store, part, stack.enter_context(store.incoming()), endpoints)
        )
        found = _inspect(content, parameters, store.settings)
        pre = parameters.pre_transformation
        if pre and found.type.is_video:
            with store.write() as transaction:
                queue_pre_transformation(
                    transaction, join_path(parameters.folder, parameters.file_name), pre, request_id
                )
            return Answer(202, {"message": QUEUED})
        if pre:
            original, content = content, stack.enter_context(store.incoming())
            found = _pre_transform(store, original, found.type.mime, content, parameters, sender)
        if checks is not None:
            from .checks import facts

            checks.enforce(facts(parameters, found, content.size, schemas))
        kept = _keep(store, content, found, parameters, sender)
    row = kept.row
    available = {
        "tags": list(row.tags) or None,
        "customCoordinates": row.custom_coordinates,
        "isPrivateFile": row.is_private,
        "isPublished": row.is_published,
        "customMetadata": row.custom_metadata,
        "embeddedMetadata": row.embedded_metadata,
        "metadata": kept.metadata,
    }
    extra = {name: value for name, value in available.items() if name in parameters.response_fields}
    if kept.extension_status:
        extra["extensionStatus"] = kept.extension_status
    return Answer(200, upload_json(row, endpoints.primary, extra))


def keep_upload(store: Store, content: Incoming, parameters: UploadParameters) -> Kept:
    """Check and store `content` like an upload without a transformation.

    Raises:
        ApiError: 400 in the cases of section 20.8.
    """
    sender = Sender(is_of_account=True, endpoints=store.settings.url_endpoints())
    return _keep(store, content, _inspect(content, parameters, store.settings), parameters, sender)


_AUTHENTICATE: Mapping[Version, Callable[[str | None, Mapping[str, str], Store], bool]] = {
    "v1": authenticate_v1,
    "v2": authenticate_v2,
}


def _resolve_parameters(store: Store, parameters: UploadParameters) -> tuple[UploadParameters, Checks | None, Schemas]:
    """Resolve the parameters that depend on the account: saved extensions and checks with custom metadata fields."""
    if not (parameters.extensions or parameters.checks):
        return parameters, None, {}
    schemas = store.account().field_schemas
    with store.read() as connection:
        extensions = resolve_extensions(
            parameters.extensions, lambda id_: saved_extension_config(connection, id_), schemas
        )
    kinds = {name: schema["type"] for name, schema in schemas.items()}
    checks = None
    if parameters.checks:
        from .checks import parse_checks  # loads the search language, so only when needed

        checks = parse_checks(parameters.checks, custom_fields=kinds, now=store.settings.clock.now())
    return parameters._replace(extensions=extensions), checks, schemas


def _pre_transform(
    store: Store, original: Incoming, mime: str, made: Incoming, parameters: UploadParameters, sender: Sender
) -> Probe:
    """Write the transformed picture into `made`; private layers need the private key."""
    pre = parameters.pre_transformation or ""
    try:
        made.write(transform(store, original.path, pre, mime, may_read_private=sender.is_of_account))
    except ApiError:
        with store.write() as transaction:
            place = parameters.folder, parameters.file_name
            report_pre_error(transaction, *place, pre, sender.request_id, ENCODING_FAILED)
        raise
    return _probe(made, parameters.file_name, store.settings)


def _keep(store: Store, content: Incoming, found: Probe, parameters: UploadParameters, sender: Sender) -> Kept:
    callback = None if parameters.webhook_url is None else Callback(parameters.webhook_url, sender.is_of_account)
    metadata = _metadata(content.path, parameters, store.settings) if "metadata" in parameters.response_fields else {}
    content.close()  # before the transaction, in which others would wait for it
    with store.write() as transaction:
        parameters, old = _choose_name(transaction, parameters)
        row = _row(parameters, found, content, old, store.account().field_schemas)
        _check_storage(transaction, content.size)
        transaction.keep(content)
        row = files.put(transaction, row, old)
        status: dict[str, str] = {}
        if parameters.extensions:
            status = start_extensions(transaction, row, parameters.extensions, callback)
            row = files.find(transaction.connection, row.id) or row  # it may have AI tags now
        if parameters.pre_transformation:
            request = {"x_request_id": sender.request_id, "transformation": parameters.pre_transformation}
            uploaded = upload_json(row, store.settings.url_endpoints().primary, {})
            queue_event(transaction, "upload.pre-transform.success", uploaded, request)
        queue_post_transformations(transaction, row, parameters.post_transformations, sender.request_id)
        return Kept(row, metadata, status)


def _inspect(content: Incoming, parameters: UploadParameters, settings: Settings) -> Probe:
    found = _probe(content, parameters.file_name, settings)
    check_fits(parameters.post_transformations, found.type, has_pre=parameters.pre_transformation is not None)
    return found


def _check_storage(transaction: Transaction, size: int) -> None:
    limit = transaction.settings.max_storage_bytes
    if limit is not None:
        (used,) = transaction.connection.execute("SELECT coalesce(sum(size), 0) FROM assets").fetchone()
        if used + size > limit:
            raise ApiError(400, "Upload Limit Exceeded.")


def _probe(content: Incoming, name: str, settings: Settings) -> Probe:
    from ..media.probe import probe  # slow to load, so only when needed

    found = probe(content.path, name, now=settings.clock.now(), head=content.head)
    limit = settings.max_video_upload_bytes if found.type.is_video else settings.max_upload_bytes
    if content.size > limit:
        raise ApiError(400, TOO_LARGE)
    if not content.size:
        raise ApiError(400, "Your request is missing file parameter.")
    return found


def _metadata(path: Path, parameters: UploadParameters, settings: Settings) -> dict[str, Any]:
    from ..media.metadata import UnreadableError, file_metadata  # slow to load, so only when needed

    try:
        return file_metadata(path, parameters.file_name, max_pixels=settings.max_pixels)
    except UnreadableError:
        return {}


def _choose_name(transaction: Transaction, parameters: UploadParameters) -> tuple[UploadParameters, FileRow | None]:
    """Return the parameters with the name of the new file, and the file that it overwrites.

    Raises:
        ApiError: 400 if the file may not be overwritten, or not yet.
    """
    if parameters.use_unique_file_name:
        name = make_unique_name(parameters.file_name)
        while folders.is_taken(transaction.connection, join_path(parameters.folder, name)):
            name = make_unique_name(parameters.file_name)
        return parameters._replace(file_name=name), None
    old = files.find_overwritten(transaction.connection, join_path(parameters.folder, parameters.file_name))
    if old is not None and not parameters.overwrite_file:
        raise ApiError(
            400,
            "A file with the same name already exists at the exact location. We could not overwrite it because both "
            "overwriteFile and useUniqueFileName are set to false.",
        )
    if old is not None and transaction.now - old.uploaded_at < transaction.settings.min_overwrite_seconds:
        message = "You have sent too many requests to update the file recently. Please try again later."
        raise ApiError(400, message)
    return parameters, old


def _row(
    parameters: UploadParameters, found: Probe, content: Incoming, old: FileRow | None, schemas: Schemas
) -> FileRow:
    """Return the row to store, with values of the request and those that an overwrite keeps (api.md, section 11.3)."""
    if parameters.custom_metadata is None and old is not None and not parameters.overwrite_custom_metadata:
        custom_metadata = old.custom_metadata
    else:
        custom_metadata = read_values(schemas, parameters.custom_metadata or {})
    tags = parameters.tags
    if tags is None:
        tags = () if old is None or parameters.overwrite_tags else old.tags
    return files.new_row(
        name=parameters.file_name,
        path=parameters.folder,
        content_hash=content.content_hash,
        size=content.size,
        mime=found.type.mime,
        format=found.type.format,
        is_image=found.type.is_image,
        width=found.width,
        height=found.height,
        duration=found.duration,
        bit_rate=found.bit_rate,
        video_codec=found.video_codec,
        audio_codec=found.audio_codec,
        has_alpha=found.has_alpha,
        orientation=found.orientation,
        embedded_metadata=found.embedded_metadata,
        is_private=parameters.is_private,
        is_published=parameters.is_published,
        tags=tags,
        ai_tags=() if old is None or parameters.overwrite_ai_tags else old.ai_tags,
        custom_metadata=custom_metadata,
        # The service accepts coordinates only for pictures.
        custom_coordinates=parameters.custom_coordinates if found.type.is_image else None,
        description=parameters.description,
    )


def _read_text(store: Store, part: Incoming, content: Incoming, endpoints: UrlEndpoints) -> Incoming:
    """Return the content of a text part named ``file``, which is a URL, a data URI, base64 or the content itself."""
    with part.path.open("rb") as text:
        head = text.read(_MAX_URL_BYTES)
        if head.startswith((b"http://", b"https://")):
            fetch(store, head.decode("utf-8", "replace").strip(), content, Connections(), endpoints)
            return content
        is_data_uri = head.startswith(b"data:") and b";base64," in head
        text.seek(head.index(b",") + 1 if is_data_uri else 0)
        if _decode_base64(text, content):
            return content
    if is_data_uri:
        raise ApiError(400, "Your request contains invalid file parameter. The data URI is not in base64.")
    return part


def _decode_base64(text: BinaryIO, content: Incoming) -> bool:
    """Decode `text` into `content`; return False if it is not base64, with partial content. Padding is optional."""
    rest, ended = b"", False
    while chunk := text.read(CHUNK_BYTES):
        symbols = rest + chunk.translate(None, b"\r\n\t ")
        stripped = symbols.rstrip(b"=")
        if (ended and stripped) or len(symbols) - len(stripped) > 2 or stripped.translate(None, _BASE64):
            return False
        ended = ended or len(stripped) < len(symbols)
        whole = len(stripped) // 4 * 4
        content.write(base64.b64decode(stripped[:whole]))
        rest = stripped[whole:]
    if len(rest) == 1:
        return False
    content.write(base64.b64decode(rest + b"=" * (-len(rest) % 4)))
    return True
