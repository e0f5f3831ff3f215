"""The part of a storage that sends nothing: its options, its client and the names of its files."""

from __future__ import annotations

import posixpath
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import Storage
from django.core.signals import setting_changed
from django.utils.functional import cached_property

from ....models.options import UNSET, Unset
from ....operations.file_names import clean_file_name
from ..configuration import Configuration, StorageOptions, find_client, is_affected, read_configuration
from .names import clean_name

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from datetime import timedelta

    from ....client import ImageKit
    from ....models.uploads import UploadFileRequestOptions
    from ..configuration import Names


class ConfiguredStorage(Storage):
    """A storage with options, a client, and names as the service makes them; see `ImageKitStorage`."""

    def __init__(
        self,
        location: str | Unset = UNSET,
        private: bool | Unset = UNSET,
        expire_seconds: float | timedelta | Unset | None = UNSET,
        expire_window: float | timedelta | Unset | None = UNSET,
        names: Names | Unset = UNSET,
        max_bytes: int | Unset | None = UNSET,
        upload_options: UploadFileRequestOptions | Mapping[str, Any] | Unset | None = UNSET,
        purge: bool | Unset = UNSET,
        **client_keys: Any,
    ) -> None:
        given = {
            "location": location,
            "private": private,
            "expire_seconds": expire_seconds,
            "expire_window": expire_window,
            "names": names,
            "max_bytes": max_bytes,
            "upload_options": upload_options,
            "purge": purge,
            **client_keys,
        }
        self._given = {name: value for name, value in given.items() if value is not UNSET}
        _ = self._configuration  # so that a mistake raises an error here
        setting_changed.connect(self._forget_configuration)

    @cached_property
    def _configuration(self) -> Configuration:
        return read_configuration(self._given)

    @cached_property
    def client(self) -> ImageKit:
        """The client; storages and `get_client` share it if their keys and settings are the same."""
        return find_client(self._configuration.client)

    @property
    def options(self) -> StorageOptions:
        """The options, including those from ``IMAGEKIT``."""
        return self._configuration.storage

    @property
    def location(self) -> str:
        """The folder in the media library, without leading or trailing slashes."""
        return self.options.location

    def _forget_configuration(self, *, setting: str, **_: object) -> None:
        if is_affected(setting):
            for name in ("_configuration", "client"):
                self.__dict__.pop(name, None)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ConfiguredStorage):
            return NotImplemented
        # Not type(other), because `default_storage` is a proxy.
        return self.__class__ is other.__class__ and self._given == other._given

    def __hash__(self) -> int:
        return hash((type(self), frozenset(self._given)))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: /{self.location}>"

    # Names

    def get_path(self, name: str) -> str:
        """Return the path of a file in the media library.

        Raises:
            SuspiciousFileOperation: `name` points outside the location.
        """
        return self._join(clean_name(name))

    def get_name(self, path: str) -> str:
        """Return the name of the file that has this path in the media library; the inverse of `get_path`.

        Raises:
            ValueError: The file is not below the location.
        """
        prefix = self._join("")
        prefix += "" if prefix.endswith("/") else "/"
        if not path.startswith(prefix):
            raise ValueError(f"the file is not below {prefix!r} (got {path!r})")
        return path.removeprefix(prefix)

    def _join(self, name: str) -> str:
        return "/" + "/".join(part for part in (self.options.location, name) if part)

    def get_valid_name(self, name: str) -> str:
        """Return a file name as the service stores it: ``logo@2x.png`` becomes ``logo_2x.png``.

        Raises:
            SuspiciousFileOperation: Django would leave nothing of `name`, such as an empty name, ``..`` or ``???``.
        """
        super().get_valid_name(name)
        return clean_file_name(str(name).strip())

    def generate_filename(self, filename: str | os.PathLike[str]) -> str:
        """Return the name for a file, with its folders, as the service stores it."""
        return clean_name(super().generate_filename(filename))

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return the name that `save` tries first. Sends no request.

        A name that is too long is shortened as in Django, and gets a random suffix unless files may be overwritten. A
        name that turns out to be taken is shortened later, to make room for its suffix.

        Raises:
            SuspiciousFileOperation: The name points outside the location, or does not fit into `max_length`.
        """
        name = str(name).replace("\\", "/")
        folder, file_name = posixpath.split(name)
        if ".." in folder.split("/"):
            raise SuspiciousFileOperation(f"Detected path traversal attempt in '{folder}'")
        if file_name in {"", ".", ".."}:
            raise SuspiciousFileOperation(f"Could not derive file name from '{file_name}'")
        name = clean_name(name)
        return self._make_alternative(name, max_length) if max_length and len(name) > max_length else name

    def get_alternative_name(self, file_root: str, file_ext: str) -> str:
        """Return another name for a file whose name is taken or too long, with a random suffix as in Django.

        If files may be overwritten, return the same name.
        """
        if self.options.names == "overwrite":
            return file_root + file_ext
        return super().get_alternative_name(file_root, file_ext)

    def _make_alternative(self, name: str, max_length: int | None) -> str:
        folder, file_name = posixpath.split(name)
        extension = "".join(PurePosixPath(file_name).suffixes)
        root = file_name.removesuffix(extension)
        other = posixpath.join(folder, self.get_alternative_name(root, extension))
        if max_length and len(other) > max_length and self.options.names != "exact":
            root = root[: max_length - len(other)]
            other = posixpath.join(folder, self.get_alternative_name(root, extension))
        if not root or (max_length and len(other) > max_length):
            raise SuspiciousFileOperation(
                f'Storage can not find an available filename for "{name}". '
                'Please make sure that the corresponding file field allows sufficient "max_length".'
            )
        return other
