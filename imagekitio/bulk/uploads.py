"""Many uploads."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

from ..models.options import UNSET
from ..models.spelling import snake_case
from ..models.uploads import UploadFileRequestOptions
from .window import refuse_text
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
    "os.PathLike[str]",
    "tuple[Uploadable, str]",
    "tuple[Uploadable, str, UploadFileRequestOptions | Mapping[str, Any]]",
    "Mapping[str, Any]",
]


def upload_many(
    client: ImageKit, items: Iterable[UploadItem], common: Mapping[str, Any], how: Workers
) -> Iterator[Done[UploadItem, UploadFileResult]]:
    """Upload many files; see `ImageKit.upload_many`."""
    return how.each(partial(_upload_one, Shared(client), checked(common)), refuse_text(items))


def checked(common: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the options for all uploads, by their names here; a wrong one is an error at once and not one an item."""
    options = UploadFileRequestOptions.of(None, common)
    options.to_json()
    return vars(options)


def _upload_one(shared: Shared[ImageKit], common: Mapping[str, Any], item: UploadItem) -> UploadFileResult:
    return shared.client.upload_file(*arguments(item, common))


def arguments(item: UploadItem, common: Mapping[str, Any]) -> tuple[Uploadable, str, dict[str, Any]]:
    """Return file, name and options of an upload; its own options win over the common ones."""
    file: Any
    options: object = None
    if isinstance(item, os.PathLike):
        file = Path(item)
        file_name = file.name
    elif isinstance(item, Mapping):
        given = {snake_case(str(name)): value for name, value in item.items()}
        file, file_name = given.pop("file", None), given.pop("file_name", None)
        options = given
    elif isinstance(item, tuple) and len(item) in (2, 3):
        file, file_name, options = (*item, None) if len(item) == 2 else item
    else:
        wanted = "a path, (file, file_name), (file, file_name, options) or a dict"
        raise TypeError(f"an upload must be {wanted} (got {type(item).__name__})")
    own = {name: value for name, value in vars(UploadFileRequestOptions.of(options)).items() if value is not UNSET}
    return file, file_name, {**common, **own}
