"""The setting ``IMAGEKIT`` of a project, the options of its storages, and the clients that they describe."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from ...client import ImageKit
from ...models.options import UNSET
from ...models.uploads import UploadFileRequestOptions
from ...settings import Settings
from ...suggestions import did_you_mean
from ..browser_uploads import check_max_bytes, clean_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

Names = Literal["unique", "exact", "overwrite"]


@dataclass(frozen=True)
class StorageOptions:
    """The options of a storage other than those of its client; see `ImageKitStorage`.

    Attributes:
        location: Folder in the media library, as the service stores it: a path without leading or trailing slashes.
        expire_seconds, expire_window: Seconds, or None.
    """

    location: str = ""
    private: bool = False
    expire_seconds: float | None = 3600
    expire_window: float | None = 3600
    names: Names = "unique"
    max_bytes: int | None = None
    upload_options: Mapping[str, Any] = field(default_factory=dict)
    purge: bool = False


STORAGE_KEYS = tuple(one.name for one in fields(StorageOptions))
# The arguments of `ImageKit`.
CLIENT_KEYS = (
    "public_key",
    "private_key",
    "url_endpoint",
    "transformation_position",
    "options",
    *Settings.__annotations__,
    "base_url",
    "max_retries",
    "password",
)
# Keys that only the checks read; see `checks`.
CHECK_KEYS = ("worker_timeout_seconds",)
# Upload options that a storage sets itself, and the option of the storage to use instead.
_OPTION_INSTEAD = {
    "folder": "location",
    "is_private_file": "private",
    "overwrite_file": "names",
    "use_unique_file_name": "names",
}


class Configuration(NamedTuple):
    """The configuration of a storage: the arguments of its client, and its own options."""

    client: Mapping[str, Any]
    storage: StorageOptions


def get_client(**keys: Any) -> ImageKit:
    """Return the client of the project, configured by the setting ``IMAGEKIT`` or, without it, by the environment.

    Calls with the same configuration return the same client, which threads can share. It is made on the first call, and
    again after ``override_settings(IMAGEKIT=…)``, so call this where you need the client and do not keep it.

    ::

        # settings.py
        IMAGEKIT = {
            "public_key": os.environ["IMAGEKIT_PUBLIC_KEY"],
            "private_key": os.environ["IMAGEKIT_PRIVATE_KEY"],
            "url_endpoint": "https://ik.imagekit.io/your_imagekit_id",
            "timeout": 30,       # settings of the client
            "max_bytes": 5_000_000,  # defaults of all storages
        }

        # views.py
        from imagekitio.contrib.django import get_client

        get_client().url(path="/logo.png", transformation=[{"width": 200}])

    Args:
        keys: Keys and settings of `ImageKit` that override those of ``IMAGEKIT``.
    Raises:
        ImproperlyConfigured: A key is unknown or missing, or its value is not valid.
    """
    _check_keys("get_client()", keys, CLIENT_KEYS)
    return find_client(_read_client_keys(_read_setting(), keys))


def read_configuration(given: Mapping[str, Any]) -> Configuration:
    """Return the setting ``IMAGEKIT``, overridden by the options given to a storage.

    Raises:
        ImproperlyConfigured: A key is unknown, or an option of the storage is not valid.
    """
    _check_keys("The storage", given, (*STORAGE_KEYS, *CLIENT_KEYS))
    setting = _read_setting()
    options = {name: value for name, value in {**setting, **given}.items() if name in STORAGE_KEYS}
    try:
        return Configuration(_read_client_keys(setting, given), _check_storage_options(options))
    except (TypeError, ValueError) as exc:
        raise ImproperlyConfigured(f"IMAGEKIT, or the options of the storage: {exc}") from exc


def find_client(keys: Mapping[str, Any]) -> ImageKit:
    """Return the client with these arguments; make it if there is none yet.

    Raises:
        ImproperlyConfigured: An argument is missing or not valid.
    """
    known = _freeze(keys)
    client = _clients.get(known)
    if client is not None:
        return client
    try:
        client = ImageKit(**keys)
    except (TypeError, ValueError) as exc:
        raise ImproperlyConfigured(f"IMAGEKIT: {exc}") from exc
    # Atomic, without a lock that a fork might copy while it is held. A client that loses the race has not opened
    # anything yet.
    return _clients.setdefault(known, client)


_clients: dict[Hashable, ImageKit] = {}
# Settings that determine the clients.
_SETTINGS = ("IMAGEKIT", "STORAGES")


def is_affected(setting: str) -> bool:
    """Return whether changing this Django setting affects storages or clients."""
    return setting in _SETTINGS


def _drop_clients(*, setting: str, **_: object) -> None:
    if is_affected(setting):
        dropped = [*_clients.values()]
        _clients.clear()
        for client in dropped:
            client.close()


setting_changed.connect(_drop_clients)


def _read_setting() -> Mapping[str, Any]:
    setting = getattr(settings, "IMAGEKIT", None)
    if setting is None:
        return {}
    if not isinstance(setting, Mapping):
        raise ImproperlyConfigured(f"IMAGEKIT must be a dict (got {type(setting).__name__})")
    _check_keys("IMAGEKIT", setting, (*STORAGE_KEYS, *CLIENT_KEYS, *CHECK_KEYS))
    return setting


def _check_keys(where: str, given: Iterable[str], known: Iterable[str]) -> None:
    for name in given:
        if name not in known:
            raise ImproperlyConfigured(f"{where} has no key {name!r}{did_you_mean(str(name), known)}")


def _read_client_keys(setting: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of the client. None means the client's default, even if the setting has a value."""
    merged = {**setting, **given}
    return {name: value for name, value in merged.items() if name in CLIENT_KEYS and value is not None}


def _check_storage_options(options: Mapping[str, Any]) -> StorageOptions:
    checked = dict(options)
    checked["location"] = clean_folder("location", options.get("location", "")).strip("/")
    checked["upload_options"] = _read_upload_options(options.get("upload_options"))
    for name in {"expire_seconds", "expire_window"} & options.keys():
        checked[name] = _read_seconds(name, options[name])
    for name in {"private", "purge"} & options.keys():
        if not isinstance(options[name], bool):
            raise TypeError(f"{name} must be True or False (got {options[name]!r})")
    if options.get("names", "unique") not in get_args(Names):
        raise ValueError(f"names must be 'unique', 'exact' or 'overwrite' (got {options['names']!r})")
    check_max_bytes(options.get("max_bytes"))
    return StorageOptions(**checked)


def _read_seconds(name: str, span: object) -> float | None:
    if span is None:
        return None
    seconds = span.total_seconds() if isinstance(span, timedelta) else span
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise TypeError(f"{name} must be a number of seconds, a timedelta or None (got {type(span).__name__})")
    if not 1 <= seconds < float("inf"):
        raise ValueError(f"{name} must be at least 1 second (got {span!r})")
    return seconds


def _read_upload_options(options: UploadFileRequestOptions | Mapping[str, Any] | None) -> dict[str, Any]:
    given = vars(UploadFileRequestOptions.of(options))
    found = {name: value for name, value in given.items() if value is not None and value is not UNSET}
    for name, instead in _OPTION_INSTEAD.items():
        if name in found:
            raise ValueError(f"upload_options must not contain {name}: use the option {instead} of the storage")
    return found


def _freeze(value: Any) -> Hashable:
    """Return a hashable value that is equal for equal configurations. It includes types, because 1 equals True."""
    if isinstance(value, Mapping):
        return frozenset((name, _freeze(one)) for name, one in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(map(_freeze, value))
    return type(value), frozenset(value) if isinstance(value, set) else value
