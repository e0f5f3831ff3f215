"""The check of API keys and their scopes (img-src API, "Authentication")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...base.errors import ApiError
from ...web.auth import is_same
from ..limits.quotas import require_pro

if TYPE_CHECKING:
    from ..operations import Operation
    from ..settings import ApiKey, ImgsrcSettings

# The first sentence is the service's. It is the same for unknown and for malformed keys.
INVALID_KEY = (
    "Invalid or missing API key. Local img-src accepts only the keys it was started with, so that no production key "
    "ends up in a test."
)


def authenticate(authorization: str | None, settings: ImgsrcSettings) -> ApiKey:
    """Return the key in an ``Authorization`` header.

    Raises:
        ApiError: 401 unless the header is ``Bearer`` with a key of the account that has not expired.
    """
    scheme, _, given = (authorization or "").strip().partition(" ")
    keys = [key for key in settings.api_keys if is_same(key.key, given.strip()) and not key.is_expired]
    if scheme.lower() != "bearer" or not keys:
        raise ApiError(401, INVALID_KEY)
    return keys[0]


def check_access(key: ApiKey, operation: Operation, settings: ImgsrcSettings) -> None:
    """Refuse an operation that the plan does not include or the key does not allow.

    Raises:
        ApiError: 403 if it is refused.
    """
    if operation.needs_pro:
        require_pro(settings, "Presets" if operation.name.startswith("presets.") else "Signed URLs")
    if operation.scope not in key.scopes:
        raise ApiError(403, f"Insufficient permissions: this needs an API key with the scope {operation.scope!r}")
