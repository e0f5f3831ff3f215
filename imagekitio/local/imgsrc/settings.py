"""The settings of a local img-src."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

from ..base.checks import check_items, check_settings, check_url, has_type
from ..base.clock import Clock
from ..base.settings import MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

API_KEY = "imgsrc_localFakeKeyForDevelopmentAndTests"
USERNAME = "local"

Plan = Literal["free", "pro"]
KeyScope = Literal["read", "write"]
# A number, the limit of the plan, or no limit.
Quota: TypeAlias = "int | Literal['plan'] | None"

_GIGABYTE = 1024 * MEGABYTE
_KEY = re.compile(r"imgsrc_[A-Za-z0-9]+")
_USERNAME = re.compile(r"[A-Za-z0-9_-]+")
_RESERVED_USERNAMES = ("i", "api", "health", "_local")  # paths of other resources
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class ApiKey:
    """An API key. Local img-src refuses all keys other than its own, so that no production key ends up in a test.

    Attributes:
        scopes: Scopes of the key: ``read`` for lists, metadata, settings and usage, ``write`` for changes.
        is_expired: Whether the key has expired.
    """

    key: str = field(repr=False)
    scopes: tuple[KeyScope, ...] = ("read", "write")
    is_expired: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.key, str) or not _KEY.fullmatch(self.key):
            raise ValueError("an API key must be imgsrc_ followed by letters or digits")
        known = get_args(KeyScope)
        if not isinstance(self.scopes, (tuple, list)):
            raise TypeError(f"the scopes of an API key must be a tuple such as ('read',) (got {self.scopes!r})")
        if not self.scopes or any(scope not in known for scope in self.scopes):
            raise ValueError(f"the scopes of an API key must be some of {', '.join(known)} (got {self.scopes!r})")


class Limits(NamedTuple):
    """The limits of a plan; None means no limit. The service often changes them; these are from February 2026."""

    max_uploads_per_month: int | None
    max_storage_bytes: int | None
    max_transformations_per_month: int | None
    max_bandwidth_per_month: int | None  # bytes
    max_api_requests_per_month: int | None
    max_presets: int | None
    requests_per_minute: int | None


# A limit whose figure is not documented is None.
PLAN_LIMITS: Mapping[Plan, Limits] = {
    "free": Limits(100, 10 * _GIGABYTE, 1_000, None, None, 0, 100),
    "pro": Limits(None, 50 * _GIGABYTE, 10_000, None, None, 50, 500),
}


@dataclass(frozen=True)
class ImgsrcSettings:
    """The settings of the account that local img-src emulates.

    Each attribute except `address` and `clock` is also an option of ``python -m imagekitio.local --img-src``, with the
    text below as its help. The limits of the plan apply unless they are set to a number, or to None for no limit.

    Attributes:
        data: Folder to keep the database and the files in.
        address: Base URL of the address that the server listens on; set at the start.
        public_url: Base URL under which clients reach the server in a container or behind a proxy, such as
            ``https://images.example.test``. Without it, URLs in responses have the address of the request.
        trust_forwarded: Whether to take the address of a request from ``X-Forwarded-Host`` and
            ``X-Forwarded-Proto``, which a proxy must set.
        api_keys: API keys to accept; clients of this server use the first.
        username: User name in delivery URLs.
        email: Email address of the account.
        plan: Plan of the account: presets, private images and signed URLs need the plan ``pro``.
        max_uploads_per_month: Maximum number of uploads in a calendar month.
        max_storage_bytes: Maximum total size of all images.
        max_transformations_per_month: Maximum number of transformations in a calendar month.
        max_bandwidth_per_month: Maximum number of bytes delivered in a calendar month.
        max_api_requests_per_month: Maximum number of API requests in a calendar month.
        max_presets: Maximum number of presets.
        requests_per_minute: Maximum number of API requests in a minute with the same key.
        max_upload_bytes: Maximum size of an upload.
        min_upload_bytes: Minimum size of an upload.
        max_pixels: Maximum number of pixels in a picture to read or make; the metadata of a larger one has only the
            data in its header.
        render_timeout_seconds: Maximum time for a rendition.
        jpeg_background: Background colour of transparent pictures that are converted to JPEG, as RRGGBB.
        clock: Clock of the server.
    """

    data: Path
    address: str = "http://127.0.0.1:8080"
    public_url: str | None = None
    trust_forwarded: bool = False
    api_keys: tuple[ApiKey, ...] = (ApiKey(API_KEY),)
    username: str = USERNAME
    email: str = "local@example.test"
    plan: Plan = "pro"
    max_uploads_per_month: Quota = "plan"
    max_storage_bytes: Quota = "plan"
    max_transformations_per_month: Quota = "plan"
    max_bandwidth_per_month: Quota = "plan"
    max_api_requests_per_month: Quota = "plan"
    max_presets: Quota = "plan"
    requests_per_minute: Quota = "plan"
    max_upload_bytes: int = 5 * MEGABYTE
    min_upload_bytes: int = 100
    max_pixels: int = 100_000_000
    render_timeout_seconds: float = 10.0
    jpeg_background: str = "FFFFFF"
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        check_settings(self)
        check_items("api_keys", self.api_keys, ApiKey, "(ApiKey('imgsrc_abc'),)")
        if not self.api_keys:
            raise ValueError("api_keys must have at least one key")
        if not _USERNAME.fullmatch(self.username) or self.username in _RESERVED_USERNAMES:
            allowed = f"letters, digits, - and _, and must not be one of {', '.join(_RESERVED_USERNAMES)}"
            raise ValueError(f"username must consist of {allowed} (got {self.username!r})")
        if not _EMAIL.fullmatch(self.email):
            raise ValueError(f"email must be an address such as local@example.test (got {self.email!r})")
        if not isinstance(self.plan, str) or self.plan not in PLAN_LIMITS:
            error = ValueError if isinstance(self.plan, str) else TypeError
            raise error(f"plan must be one of {', '.join(PLAN_LIMITS)} (got {self.plan!r})")
        if not re.fullmatch("[0-9a-fA-F]{6}", self.jpeg_background):
            raise ValueError(f"jpeg_background must be RRGGBB such as FFFFFF (got {self.jpeg_background!r})")
        check_url("public_url", self.public_url)
        for each in fields(self):
            if each.type == "Quota":
                least = 1 if each.name == "requests_per_minute" else 0
                _check_quota(each.name, getattr(self, each.name), least)

    @property
    def limits(self) -> Limits:
        """The limits of the account: those that are set, and otherwise those of its plan."""
        of_plan = PLAN_LIMITS[self.plan]
        set_limits = {name: getattr(self, name) for name in Limits._fields}
        return of_plan._replace(**{name: limit for name, limit in set_limits.items() if limit != "plan"})

    def base_url(self, request_url: str | None = None) -> str:
        """Return the base URL of the API.

        Args:
            request_url: Base URL of the request; None outside of requests.
        """
        return (self.public_url or request_url or self.address).rstrip("/")

    def delivery_url(self, request_url: str | None = None) -> str:
        """Return the start of delivery URLs, up to the user name; for `request_url` see `base_url`."""
        return f"{self.base_url(request_url)}/i"

    def environment(self, request_url: str | None = None) -> dict[str, str]:
        """Return the environment variables that point an application here; for `request_url` see `base_url`."""
        return {
            "IMGSRC_API_KEY": self.api_keys[0].key,
            "IMGSRC_SERVER_URL": self.base_url(request_url),
            "IMGSRC_USERNAME": self.username,
            "IMGSRC_DELIVERY_URL": self.delivery_url(request_url),
        }

    # More settings that rendering reads, which an account cannot choose.

    @property
    def max_source_bytes(self) -> int:
        return self.max_upload_bytes

    @property
    def auto_orient(self) -> bool:
        return False

    @property
    def best_format(self) -> bool:
        return False


def read_api_keys(api_keys: Iterable[ApiKey | str]) -> tuple[ApiKey, ...]:
    """Return the API keys as a tuple; a str is a key with both scopes.

    Raises:
        TypeError: `api_keys` is not a list of keys; the message shows an example.
        ValueError: A str does not have the form of a key.
    """
    given: Iterable[object] = api_keys
    if not isinstance(api_keys, (str, bytes)) and isinstance(api_keys, Iterable):
        given = [ApiKey(key) if isinstance(key, str) else key for key in api_keys]
    return check_items("api_keys", given, ApiKey, "['imgsrc_abc'] or [ApiKey('imgsrc_abc', ('read',))]")


def _check_quota(name: str, limit: object, least: int) -> None:
    if limit is None or limit == "plan" or (has_type(limit, (int,)) and limit >= least):  # type: ignore[operator]
        return
    error = ValueError if has_type(limit, (int, str)) else TypeError
    raise error(f"{name} must be a number of at least {least}, None for no limit, or 'plan' (got {limit!r})")
