"""Many uploads."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

from ..models.names import snake_case
from ..models.uploads import UploadFileRequestOptions
from .workers import Shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..client import ImageKit
    from ..models.uploads import UploadFileResult
    from ..operations.sources import Uploadable
    from .window import Done
    from .workers import Workers

# What one upload of many is: a path, a file and its name, the same with options, or all of it as a dict.
UploadItem = Union[
    "os.PathLike[str]", "tuple[Uploadable, str]", "tuple[Uploadable, str, Mapping[str, Any]]", "Mapping[str, Any]"
]


def upload_many(
    client: ImageKit, items: Iterable[UploadItem], common: Mapping[str, Any], how: Workers
) -> Iterator[Done[UploadItem, UploadFileResult]]:
    """Upload many files; see `ImageKit.upload_many`."""
    return how.each(partial(_upload_one, Shared(client), checked(common)), items)


def checked(common: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the options for all uploads; a wrong one is an error at once and not one an item."""
    UploadFileRequestOptions.of(None, common).to_json()
    return common


def _upload_one(shared: Shared[ImageKit], common: Mapping[str, Any], item: UploadItem) -> UploadFileResult:
    return shared.client.upload_file(*arguments(item, common))


def arguments(item: UploadItem, common: Mapping[str, Any]) -> tuple[Uploadable, str, dict[str, Any]]:
    """Return file, name and options of an upload; its own options win over the common ones."""
    file: Any
    options: Mapping[str, Any] = {}
    if isinstance(item, os.PathLike):
        file = Path(item)
        file_name = file.name
    elif isinstance(item, Mapping):
        options = dict(item)
        file, file_name = options.pop("file", None), options.pop("file_name", None)
    elif isinstance(item, tuple) and len(item) in (2, 3):
        file, file_name, options = (*item, {}) if len(item) == 2 else item
    else:
        wanted = "a path, (file, file_name), (file, file_name, options) or a dict"
        raise TypeError(f"an upload must be {wanted} (got {type(item).__name__})")
    return file, file_name, {**common, **{snake_case(name): value for name, value in options.items()}}
