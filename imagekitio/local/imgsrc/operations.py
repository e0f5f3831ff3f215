"""The operations of the API: one table. Handlers (`imagekitio.local.imgsrc.app`) are bound by name.

Names are those of the client's groups and methods; `requests` and faults use them too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..web.site import DELIVERY

if TYPE_CHECKING:
    from .settings import KeyScope


class Operation(NamedTuple):
    """One row of the table.

    Attributes:
        path: Path, in which ``{name}`` matches any segment that is not empty, ``{name:path}`` the rest of the path.
        scope: Scope that the API key must have.
        needs_pro: Whether it is available only in the plan ``pro``.
    """

    name: str
    method: str
    path: str
    scope: KeyScope
    needs_pro: bool = False

    @property
    def is_for_browsers(self) -> bool:
        """Always False, as API keys are for servers only."""
        return False


OPERATIONS: tuple[Operation, ...] = (
    Operation("images.upload_image", "POST", "/api/v1/images", "write"),
    Operation("images.list_images", "GET", "/api/v1/images", "read"),
    Operation("images.search_images", "GET", "/api/v1/images/search", "read"),
    Operation("images.get_image", "GET", "/api/v1/images/{id}", "read"),
    Operation("images.delete_image", "DELETE", "/api/v1/images/{id}", "write"),
    Operation("images.create_signed_url", "POST", "/api/v1/images/{id}/signed-url", "write", needs_pro=True),
    Operation("images.update_visibility", "PATCH", "/api/v1/images/{id}/visibility", "write"),
    Operation("images.delete_image_path", "DELETE", "/api/v1/images/path/{username}/{filepath:path}", "write"),
    Operation("presets.list_presets", "GET", "/api/v1/settings/presets", "read", needs_pro=True),
    Operation("presets.create_preset", "POST", "/api/v1/settings/presets", "write", needs_pro=True),
    Operation("presets.get_preset", "GET", "/api/v1/settings/presets/{id}", "read", needs_pro=True),
    Operation("presets.update_preset", "PUT", "/api/v1/settings/presets/{id}", "write", needs_pro=True),
    Operation("presets.delete_preset", "DELETE", "/api/v1/settings/presets/{name}", "write", needs_pro=True),
    Operation("settings.get_settings", "GET", "/api/v1/settings", "read"),
    Operation("settings.update_settings", "PUT", "/api/v1/settings", "write"),
    Operation("usage.get_usage", "GET", "/api/v1/usage", "read"),
)
HEALTH = "health"  # the name of requests to /health, which need no key

# All operation names in `server.requests` and in faults.
NAMES: frozenset[str] = frozenset({*(operation.name for operation in OPERATIONS), HEALTH, DELIVERY})
