"""Uploads of many files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Union

from ..models.spelling import to_snake_case
from ..models.uploads import UploadFileRequestOptions
from ..operations.core import check_progress
from ..operations.file_names import clean_file_name, clean_folder_name
from ..operations.uploads import upload_file
from .work import Call, Claims, advise_path, do_each

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Iterable

    from ..models.uploads import UploadFileResult
    from ..operations.sources import Uploadable
    from .work import Job, Work

    # Called with an item, or a `Change`, when its transfer starts; returns its `on_progress`.
    StartTransfer = Callable[[Any], Callable[[int, int], object] | None]

# One of many uploads: a path, a file and its name, the same with options, or all of these as a dict.
UploadItem = Union[
    "os.PathLike[str]",
    "tuple[Uploadable, str]",
    "tuple[Uploadable, str, UploadFileRequestOptions | Mapping[str, Any]]",
    "Mapping[str, Any]",
]


def upload_many(
    items: Iterable[UploadItem] | AsyncIterable[UploadItem],
    keywords: Mapping[str, Any],
    start_transfer: StartTransfer | None = None,
) -> Work:
    """Upload many files; see `ImageKit.upload_many`."""
    check_progress(start_transfer, "start_transfer")
    common = read_common_options(keywords)
    return do_each(items, partial(_upload_item, start_transfer), prepare=_Uploads(common).choose)


class _Upload(NamedTuple):
    """The upload of an item; its own options override the common ones."""

    item: UploadItem
    file: Any
    file_name: Any
    options: UploadFileRequestOptions

    @property
    def place(self) -> str | None:
        """The path at which it overwrites an existing file; None if it overwrites none."""
        options = self.options
        if not _is_off(options.use_unique_file_name) or _is_off(options.overwrite_file):
            return None
        folder = options.folder if isinstance(options.folder, str) else ""
        folders = [clean_folder_name(name) for name in folder.split("/") if name]
        return "/" + "/".join([*folders, clean_file_name(self.file_name)])


def _is_off(option: object) -> bool:
    return str(option).lower() == "false"  # options may be given as str


class _Uploads:
    """The uploads of the items; an upload that would overwrite another one of the call is refused."""

    def __init__(self, common: UploadFileRequestOptions) -> None:
        self._common = common
        self._claims = Claims("give another name or folder, or leave use_unique_file_name out")

    def choose(self, item: UploadItem) -> _Upload | Exception:
        """Return the upload of an item, or the reason why there is none."""
        try:
            upload = _read_item(self._common, item)
            if isinstance(upload.file_name, str) and (place := upload.place) is not None:
                self._claims.claim_for_upload(place, upload.file)
            return upload
        except Exception as exc:
            return exc


def read_common_options(keywords: Mapping[str, Any]) -> UploadFileRequestOptions:
    """Return the options of all uploads; an invalid one raises immediately, and not once per item."""
    common = UploadFileRequestOptions.of(None, keywords)
    common.to_json()
    return common


def _upload_item(start_transfer: StartTransfer | None, upload: _Upload | Exception) -> Job[UploadFileResult]:
    if isinstance(upload, Exception):
        raise upload
    on_progress = None if start_transfer is None else start_transfer(upload.item)
    operation = upload_file(upload.file, upload.file_name, upload.options, on_progress=on_progress)
    result: UploadFileResult = yield Call(operation)
    return result


def _read_item(common: UploadFileRequestOptions, item: UploadItem) -> _Upload:
    file: Any
    options: Any = None
    if isinstance(item, os.PathLike):
        file, file_name = Path(item), Path(item).name
    elif isinstance(item, Mapping):
        options = {to_snake_case(str(name)): value for name, value in item.items()}
        file, file_name = options.pop("file", None), options.pop("file_name", None)
    elif isinstance(item, tuple) and len(item) in (2, 3):
        file, file_name, options = (*item, None) if len(item) == 2 else item
    else:
        wanted = "a path, (file, file_name), (file, file_name, options) or a dict"
        raise TypeError(f"an upload must be {wanted} (got {type(item).__name__}){advise_path(item)}")
    return _Upload(item, file, file_name, common.merge_with(UploadFileRequestOptions.of(options)))
