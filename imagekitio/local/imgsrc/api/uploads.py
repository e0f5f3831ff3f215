"""The handler for uploads: from the parts of a form to a stored image (img-src API, "Upload image")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...base.errors import ApiError
from ...web.calls import Answer
from .. import library, usage
from ..limits.quotas import check_monthly, check_storage, require_pro
from ..rows import ImageRow
from . import present
from .names import place_upload
from .pictures import inspect
from .values import read_visibility

if TYPE_CHECKING:
    from ...storage.contents import Incoming
    from ...storage.transactions import DataTransaction
    from ...uploads.form import Form
    from ..rows import Visibility
    from ..settings import ImgsrcSettings
    from ..store import ImgsrcStore

ID_DIGITS = 16


def accept_upload(store: ImgsrcStore, form: Form, content: Incoming, root: str) -> Answer:
    """Handle an upload after its body has been read.

    If the content is already stored, the status is also 201, with ``is_new`` false: the image gets the path, and keeps
    its first file name and date. The upload may make it private but never public, which could reveal an image that
    someone else has hidden; use `update_visibility` for that.

    An upload counts against the monthly quota if it adds or moves a path, whether its content is new or not. The
    service does not document this, and the number of uploads left should not depend on what is stored. An upload of
    content that is already at the path, such as a retry after a lost response, does not count, and is accepted even if
    the quota is used up.

    Args:
        content: The content of the part ``file``, without the form's tail.
        root: Start of the account's delivery URLs, including the user name.
    """
    content.write(form.tail)
    settings = store.settings
    if form.fields.get("visibility") == "private":
        require_pro(settings, "Private images")
    visibility: Visibility = read_visibility(form.fields) if form.fields.get("visibility") else "public"
    if not form.has_file:
        raise ApiError(400, "file is missing: send it as a part of multipart/form-data")
    path = place_upload(form.fields.get("target_path", ""), form.file_name)
    _check_size(form, content, settings)
    picture = inspect(content)
    content.close()  # before the transaction, in which others would wait for it
    with store.write() as transaction:
        new = ImageRow(
            id=content.content_hash[:ID_DIGITS],
            content_hash=content.content_hash,
            original_filename=form.file_name or path.rpartition("/")[2],
            size=content.size,
            **picture._asdict(),
            uploaded_at=transaction.now,
            visibility=visibility,
        )
        old = library.find(transaction.connection, new.id)
        row = _keep(transaction, new, content, settings) if old is None else old
        if visibility == "private" and row.visibility == "public":
            row = library.set_visibility(transaction, row, visibility)
        if library.put(transaction, row, path):
            check_monthly(transaction.connection, settings, transaction.now, "uploads")
            usage.count(transaction, "uploads")
        paths = library.list_paths(transaction.connection, row.id)
    return Answer(201, present.upload_json(row, path, paths, root, is_new=old is None))


def _check_size(form: Form, content: Incoming, settings: ImgsrcSettings) -> None:
    if form.file_is_cut or content.size > settings.max_upload_bytes:
        raise ApiError(413, f"file must have at most {settings.max_upload_bytes} bytes")
    if content.size < settings.min_upload_bytes:
        raise ApiError(400, f"file must have at least {settings.min_upload_bytes} bytes")


def _keep(transaction: DataTransaction, row: ImageRow, content: Incoming, settings: ImgsrcSettings) -> ImageRow:
    check_storage(transaction, row.size, settings)
    transaction.keep(content)
    library.insert(transaction, row)
    return row
