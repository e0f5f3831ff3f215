"""The settings of a local ImageKit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .addresses import UrlEndpoints
from .checks import check_items, check_settings, check_url
from .clock import Clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MEGABYTE = 1_048_576  # bytes; api.md section 8

PUBLIC_KEY = "public_local"
PRIVATE_KEY = "private_local"

_ID = re.compile(r"[A-Za-z0-9_-]+")
_RESERVED_IDS = ("v1", "api", "_local")  # paths of the API

Access = Literal["none", "read", "read-write", "standard"]  # each allows what those before it allow
_ACCESS_ORDER: tuple[Access, ...] = ("none", "read", "read-write", "standard")


@dataclass(frozen=True)
class KeyPair:
    """A public key and its private key. Local ImageKit refuses all keys other than its own.

    Attributes:
        access: What the keys may do (ImageKit docs, "Restricted API keys").
        is_expired: Whether the pair was revoked or has expired.
    """

    public_key: str
    private_key: str = field(repr=False)
    access: Access = "standard"
    is_expired: bool = False

    def __post_init__(self) -> None:
        for name in ("public_key", "private_key"):
            if not isinstance(getattr(self, name), str):
                raise TypeError(f"{name} of a KeyPair must be a str (got {type(getattr(self, name)).__name__})")
        if self.access not in _ACCESS_ORDER:
            raise ValueError(f"access of a KeyPair must be one of {', '.join(_ACCESS_ORDER)} (got {self.access!r})")

    def allows(self, need: Access) -> bool:
        return _ACCESS_ORDER.index(self.access) >= _ACCESS_ORDER.index(need)


@dataclass(frozen=True)
class Settings:
    """The settings of the account that local ImageKit emulates.

    Each attribute except `address` and `clock` is also an option of ``imagekit local`` and
    ``python -m imagekitio.local``, with the text below as its help.

    Attributes:
        data: Folder to keep the database and the files in.
        address: Base URL of the address that the server listens on; set at the start.
        public_url: Base URL under which clients reach the server in a container or behind a proxy, such as
            ``https://images.example.test``. Without it, URLs in responses have the address of the request.
        url_endpoint: URL endpoint of delivery URLs in responses; by default, the base URL and the `imagekit_id`.
        trust_forwarded: Whether to take the address of a request from ``X-Forwarded-Host`` and
            ``X-Forwarded-Proto``, which a proxy must set.
        imagekit_id: First path segment of delivery URLs.
        keys: Key pairs to accept; clients of this server use the first.
        max_upload_bytes: Maximum size of an upload that is not a video.
        max_video_upload_bytes: Maximum size of the upload of a video.
        allow_remote: Whether uploads by URL may fetch from servers other than this local ImageKit.
        allow_loopback: Whether uploads by URL may fetch from other servers on this machine, which `allow_remote`
            does not include.
        remote_files: Local files to use in place of remote URLs, so that uploads by URL need no network.
        max_storage_bytes: Storage of the plan; an upload that would exceed it is refused. None means unlimited.
        min_overwrite_seconds: Minimum seconds, by the server's clock, between two uploads to the same path. 0 means no
            limit.
        extension_delay: Seconds, by the server's clock, until extensions and post-transformations finish after an
            upload or update. 0 runs them immediately, in the background.
        extension_units: Extension units for each calendar month. None means unlimited.
        webhook_retry_seconds: Seconds, by the server's clock, before each retry of a webhook or callback that was not
            accepted.
        webhook_timeout_seconds: Maximum time for the response to a webhook.
        job_delay: Seconds, by the server's clock, until a folder job or purge is completed. 0 completes jobs within the
            call; a large number keeps them pending until the clock is moved.
        max_folder_assets: Maximum number of files, folders and versions in a folder to delete, copy or move.
        purge_quota: Purge requests for each calendar month.
        max_pixels: Maximum number of pixels in a picture to read or make; the metadata of a larger one has only the
            data in its header.
        max_source_bytes: Maximum size of a file to transform in delivery.
        render_timeout_seconds: Maximum time for a rendition or the removal of a background; if it takes longer, the
            request is refused as over a limit.
        restrict_unsigned: Whether every delivery request needs a signature.
        restrict_unnamed: Whether delivery accepts only named transformations.
        auto_orient: Whether to apply the EXIF orientation without ``rt-auto``.
        jpeg_background: Background colour of transparent pictures that are converted to JPEG, as RRGGBB.
        best_format: Whether a request without ``f`` counts as ``f-auto``, which is the default of accounts.
        is_disabled: Whether the account is disabled, so that every API call is refused.
        rate_limits: Limits of the management API, which apply to each endpoint: pairs of requests and seconds, such
            as ``(100, 1)``, or ``100/1`` on the command line.
        rate_limit_headers: Whether responses within the limits have the rate limit headers too.
        clock: Clock of the server.
    """

    data: Path
    address: str = "http://127.0.0.1:8080"
    public_url: str | None = None
    url_endpoint: str | None = None
    trust_forwarded: bool = False
    imagekit_id: str = "local"
    keys: tuple[KeyPair, ...] = (KeyPair(PUBLIC_KEY, PRIVATE_KEY),)
    max_upload_bytes: int = 25 * MEGABYTE  # api.md, section 8
    max_video_upload_bytes: int = 100 * MEGABYTE
    allow_remote: bool = False
    allow_loopback: bool = False
    remote_files: Mapping[str, Path] = field(default_factory=dict[str, "Path"])
    max_storage_bytes: int | None = None
    min_overwrite_seconds: float = 0.0
    extension_delay: float = 0.0
    extension_units: int | None = None
    webhook_retry_seconds: tuple[float, ...] = (5, 300, 1_800, 7_200, 18_000, 36_000)  # api.md, section 28.1
    webhook_timeout_seconds: float = 30.0
    job_delay: float = 0.0
    max_folder_assets: int = 100_000
    purge_quota: int = 1000
    max_pixels: int = 100_000_000
    max_source_bytes: int = 40 * MEGABYTE
    render_timeout_seconds: float = 10.0
    restrict_unsigned: bool = False
    restrict_unnamed: bool = False
    auto_orient: bool = False
    jpeg_background: str = "000000"
    best_format: bool = True
    is_disabled: bool = False
    rate_limits: tuple[tuple[int, float], ...] = ()
    rate_limit_headers: bool = False
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        check_settings(self)
        check_pairs(self.keys)
        if not _ID.fullmatch(self.imagekit_id) or self.imagekit_id in _RESERVED_IDS:
            allowed = f"letters, digits, - and _, and must not be one of {', '.join(_RESERVED_IDS)}"
            raise ValueError(f"imagekit_id must consist of {allowed} (got {self.imagekit_id!r})")
        if not self.keys or not all(pair.public_key and pair.private_key for pair in self.keys):
            raise ValueError("keys must have at least one pair, with a public and a private key that are not empty")
        for name in ("public_url", "url_endpoint"):
            check_url(name, getattr(self, name))
        if not re.fullmatch("[0-9a-fA-F]{6}", self.jpeg_background):
            raise ValueError(f"jpeg_background must be RRGGBB such as FFFFFF (got {self.jpeg_background!r})")
        for url, path in self.remote_files.items():
            if not isinstance(url, str) or not isinstance(path, Path):
                raise TypeError(f"remote_files must be a dict of URLs and the Paths of files (got {url!r}: {path!r})")

    def base_url(self, request_url: str | None = None) -> str:
        """Return the base URL of the API and of delivery.

        Args:
            request_url: Base URL of the request; None outside of requests, such as for webhooks.
        """
        return self._base_urls(request_url)[0]

    def url_endpoints(self, request_url: str | None = None) -> UrlEndpoints:
        """Return the URL endpoints of this server; for `request_url` see `base_url`."""
        known = [f"{url}/{self.imagekit_id}" for url in self._base_urls(request_url)]
        return UrlEndpoints((self.url_endpoint or known[0]).rstrip("/"), tuple(known))

    def environment(self, request_url: str | None = None) -> dict[str, str]:
        """Return the environment variables that point an application here; for `request_url` see `base_url`."""
        base_url = self.base_url(request_url)
        return {
            "IMAGEKIT_PUBLIC_KEY": self.keys[0].public_key,
            "IMAGEKIT_PRIVATE_KEY": self.keys[0].private_key,
            "IMAGEKIT_URL_ENDPOINT": self.url_endpoints(request_url).primary,
            "IMAGEKIT_API_BASE_URL": base_url,
            "IMAGEKIT_UPLOAD_BASE_URL": base_url,
        }

    def _base_urls(self, request_url: str | None) -> list[str]:
        return [url.rstrip("/") for url in (self.public_url, request_url, self.address) if url]


def check_pairs(keys: Iterable[object]) -> tuple[KeyPair, ...]:
    """Return `keys` as a tuple.

    Raises:
        TypeError: One of them is not a `KeyPair`.
    """
    return check_items("keys", keys, KeyPair, "[KeyPair('public_local', 'private_local')]")
