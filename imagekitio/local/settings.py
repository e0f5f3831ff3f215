"""What can be set about a local ImageKit, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from .clock import Clock

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTE = 1_048_576  # bytes; api.md section 8

PUBLIC_KEY = "public_local"
PRIVATE_KEY = "private_local"


Access = Literal["none", "read", "read-write", "standard"]  # each allows what those before it allow
_ACCESS_ORDER: tuple[Access, ...] = ("none", "read", "read-write", "standard")


@dataclass(frozen=True)
class KeyPair:
    """A public and a private key that belong together. Local ImageKit refuses every key that is not its own.

    `access` restricts the pair, as accounts can (ImageKit docs, "Restricted API keys").
    """

    public_key: str
    private_key: str = field(repr=False)
    access: Access = "standard"

    def allows(self, need: Access) -> bool:
        return _ACCESS_ORDER.index(self.access) >= _ACCESS_ORDER.index(need)


@dataclass(frozen=True)
class Settings:
    """The account that local ImageKit plays.

    Attributes:
        data: The folder of the database and the contents.
        imagekit_id: First segment of every delivery URL.
        keys: The key pairs that are accepted; the first is the one handed out.
        url_endpoint: What URLs in answers start with, without a trailing slash, such as
            ``http://127.0.0.1:8080/local``.
        max_upload_bytes: Largest upload of anything but a video (api.md, section 8).
        max_video_upload_bytes: Largest upload of a video.
        allow_remote: Whether uploads by URL may fetch from elsewhere than this local ImageKit.
        job_delay: Seconds, by `clock`, until a folder job or a purge is done. 0 does jobs within the call; a large
            number keeps them pending until the clock is moved.
        max_folder_assets: Most files, folders and versions below a folder that is deleted, copied or moved.
        purge_quota: Purge requests in a calendar month.
        max_pixels: Largest picture that is read or made.
        max_source_bytes: Largest file that delivery transforms.
        restrict_unsigned: Whether every delivery request needs a signature.
        auto_orient: Whether the EXIF orientation is applied without ``rt-auto``.
        best_format: Whether a request without ``f`` counts as ``f-auto``, as accounts have it by default.
        clock: Where the time comes from.
    """

    data: Path
    url_endpoint: str
    imagekit_id: str = "local"
    keys: tuple[KeyPair, ...] = (KeyPair(PUBLIC_KEY, PRIVATE_KEY),)
    max_upload_bytes: int = 25 * MEGABYTE
    max_video_upload_bytes: int = 100 * MEGABYTE
    allow_remote: bool = False
    job_delay: float = 0.0
    max_folder_assets: int = 100_000
    purge_quota: int = 1000
    max_pixels: int = 100_000_000
    max_source_bytes: int = 40 * MEGABYTE
    restrict_unsigned: bool = False
    auto_orient: bool = False
    best_format: bool = True
    clock: Clock = field(default_factory=Clock)
