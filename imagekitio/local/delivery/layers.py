"""The files that the layers of a transformation need, and the right to use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ..rendering import LayerFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..library.account import Account
    from ..library.tables.rows import FileRow
    from ..rendering import Transformation


class FileStore(Protocol):
    """The part of the store that delivery uses."""

    def file_at(self, path: str, version_token: str | None = None) -> FileRow | None: ...

    def content(self, content_hash: str) -> Path: ...

    def account(self) -> Account: ...


class PrivateLayer(Exception):  # noqa: N818 - the caller words the error
    """The request may not use a layer, because it is private."""

    def __init__(self, path: str) -> None:
        super().__init__(f"the layer {path} is private")


def find_published(store: FileStore, path: str, version_token: str | None = None) -> FileRow | None:
    """Return the file at a canonical path, or None if it is missing or not published."""
    file = store.file_at(path, version_token)
    return file if file is not None and file.is_published else None


def find_layers(
    store: FileStore, transformation: Transformation, *, may_read_private: bool
) -> dict[str, FileRow | None]:
    """Return the files that layers may need, by path, with None for missing ones.

    Raises:
        PrivateLayer: A layer is private and `may_read_private` is false.
    """
    layers = {path: find_published(store, path) for path in sorted(transformation.files)}
    for path, file in layers.items():
        if file is not None and file.is_private and not may_read_private:
            raise PrivateLayer(path)
    return layers


def as_layer_files(store: FileStore, layers: Mapping[str, FileRow | None]) -> dict[str, LayerFile]:
    """Return the files of `layers` in the form that the renderer takes."""
    return {
        path: LayerFile(store.content(file.content_hash), file.custom_coordinates)
        for path, file in layers.items()
        if file is not None
    }
