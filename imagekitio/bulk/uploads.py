"""Uploads of many files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

from ..models.spelling import to_snake_case
from ..models.uploads import UploadFileRequestOptions
from ..operations.core import check_progress
from ..operations.uploads import upload_file
from .work import Call, do_each

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Iterable

    from ..models.uploads import UploadFileResult
    from ..operations.sources import Uploadable
    from .work import Job, Work

    # Called with an item, or a `Change`, when its transfer starts; returns its `on_progress`.
    StartTransfer = Callable[[Any], Callable[[int, int], object] | None]

# One upload of many: a path, a file and its name, the same with options, or all of it as a dict.
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
    return do_each(items, partial(upload_item, read_common_options(keywords), start_transfer))


def read_common_options(keywords: Mapping[str, Any]) -> UploadFileRequestOptions:
    """Return the options of all uploads; a wrong one is an error at once, and not one for each item."""
    common = UploadFileRequestOptions.of(None, keywords)
    common.to_json()
    return common


def upload_item(
    common: UploadFileRequestOptions, start_transfer: StartTransfer | None, item: UploadItem
) -> Job[UploadFileResult]:
    """Upload one item; its own options win over the common ones."""
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
        raise TypeError(f"an upload must be {wanted} (got {type(item).__name__})")
    own = UploadFileRequestOptions.of(options)
    options = common.merge_with(own)
    on_progress = None if start_transfer is None else start_transfer(item)
    result: UploadFileResult = yield Call(upload_file(file, file_name, options, on_progress=on_progress))
    return result
