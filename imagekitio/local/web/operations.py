"""The table of operations of the API. Handlers (`imagekitio.local.app`) and OpenAPI descriptions are bound by name.

Names are those of the client's methods; operations without a method are named like related ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .routing import PathTable
from .site import DELIVERY

if TYPE_CHECKING:
    from ..base.settings import Access
    from .routing import Route


class Operation(NamedTuple):
    """One row of the table.

    Attributes:
        path: Path, in which ``{name}`` matches any segment that is not empty.
        access: Access that the key must have.
        is_for_browsers: Whether it may be called with a signature instead of a key, and from other origins.
    """

    name: str
    method: str
    path: str
    access: Access
    is_for_browsers: bool = False


OPERATIONS: tuple[Operation, ...] = (
    Operation("list_files", "GET", "/v1/files", "read"),
    Operation("get_purge_file_cache_status", "GET", "/v1/files/purge/{requestId}", "read"),
    Operation("get_file_details", "GET", "/v1/files/{fileId}/details", "read"),
    Operation("get_file_versions", "GET", "/v1/files/{fileId}/versions", "read"),
    Operation("get_file_version_details", "GET", "/v1/files/{fileId}/versions/{versionId}", "read"),
    Operation("update_file_details", "PATCH", "/v1/files/{fileId}/details", "read-write"),
    Operation("delete_file", "DELETE", "/v1/files/{fileId}", "read-write"),
    Operation("delete_file_version", "DELETE", "/v1/files/{fileId}/versions/{versionId}", "read-write"),
    Operation("restore_file_version", "PUT", "/v1/files/{fileId}/versions/{versionId}/restore", "read-write"),
    Operation("add_tags", "POST", "/v1/files/addTags", "read-write"),
    Operation("remove_tags", "POST", "/v1/files/removeTags", "read-write"),
    Operation("remove_ai_tags", "POST", "/v1/files/removeAITags", "read-write"),
    Operation("bulk_file_delete", "POST", "/v1/files/batch/deleteByFileIds", "read-write"),
    Operation("copy_file", "POST", "/v1/files/copy", "read-write"),
    Operation("move_file", "POST", "/v1/files/move", "read-write"),
    Operation("rename_file", "PUT", "/v1/files/rename", "read-write"),
    Operation("create_folder", "POST", "/v1/folder", "read-write"),
    Operation("delete_folder", "DELETE", "/v1/folder", "read-write"),
    Operation("copy_folder", "POST", "/v1/bulkJobs/copyFolder", "read-write"),
    Operation("move_folder", "POST", "/v1/bulkJobs/moveFolder", "read-write"),
    Operation("rename_folder", "POST", "/v1/bulkJobs/renameFolder", "read-write"),
    Operation("get_bulk_job_status", "GET", "/v1/bulkJobs/{jobId}", "read"),
    Operation("purge_file_cache", "POST", "/v1/files/purge", "read-write"),
    Operation("get_file_metadata", "GET", "/v1/files/{fileId}/metadata", "read"),
    Operation("get_remote_file_url_metadata", "GET", "/v1/metadata", "read"),
    # One description of the service has this second path.
    Operation("get_remote_file_url_metadata", "GET", "/v1/files/metadata", "read"),
    Operation("create_custom_metadata_fields", "POST", "/v1/customMetadataFields", "read-write"),
    Operation("get_custom_metadata_fields", "GET", "/v1/customMetadataFields", "read"),
    Operation("update_custom_metadata_fields", "PATCH", "/v1/customMetadataFields/{id}", "read-write"),
    Operation("delete_custom_metadata_field", "DELETE", "/v1/customMetadataFields/{id}", "read-write"),
    Operation("upload_file", "POST", "/api/v1/files/upload", "read-write", is_for_browsers=True),
    Operation("upload_file_v2", "POST", "/api/v2/files/upload", "read-write", is_for_browsers=True),
    Operation("get_usage", "GET", "/v1/accounts/usage", "standard"),
    Operation("get_usage_analytics", "GET", "/v1/accounts/usage-analytics", "standard"),
    Operation("create_origin", "POST", "/v1/accounts/origins", "standard"),
    Operation("list_origins", "GET", "/v1/accounts/origins", "standard"),
    Operation("get_origin", "GET", "/v1/accounts/origins/{id}", "standard"),
    Operation("update_origin", "PUT", "/v1/accounts/origins/{id}", "standard"),
    Operation("delete_origin", "DELETE", "/v1/accounts/origins/{id}", "standard"),
    Operation("create_url_endpoint", "POST", "/v1/accounts/url-endpoints", "standard"),
    Operation("list_url_endpoints", "GET", "/v1/accounts/url-endpoints", "standard"),
    Operation("get_url_endpoint", "GET", "/v1/accounts/url-endpoints/{id}", "standard"),
    Operation("update_url_endpoint", "PUT", "/v1/accounts/url-endpoints/{id}", "standard"),
    Operation("delete_url_endpoint", "DELETE", "/v1/accounts/url-endpoints/{id}", "standard"),
    Operation("create_webhook", "POST", "/v1/accounts/webhooks", "standard"),
    Operation("list_webhooks", "GET", "/v1/accounts/webhooks", "standard"),
    Operation("get_webhook", "GET", "/v1/accounts/webhooks/{id}", "standard"),
    Operation("update_webhook", "PATCH", "/v1/accounts/webhooks/{id}", "standard"),
    Operation("delete_webhook", "DELETE", "/v1/accounts/webhooks/{id}", "standard"),
    Operation("create_saved_extension", "POST", "/v1/saved-extensions", "standard"),
    Operation("list_saved_extensions", "GET", "/v1/saved-extensions", "standard"),
    Operation("get_saved_extension", "GET", "/v1/saved-extensions/{id}", "standard"),
    Operation("update_saved_extension", "PATCH", "/v1/saved-extensions/{id}", "standard"),
    Operation("delete_saved_extension", "DELETE", "/v1/saved-extensions/{id}", "standard"),
    Operation("create_named_transformation", "POST", "/v1/named-transformations", "standard"),
    Operation("list_named_transformations", "GET", "/v1/named-transformations", "standard"),
    Operation("get_named_transformation", "GET", "/v1/named-transformations/{id}", "standard"),
    Operation("update_named_transformation", "PATCH", "/v1/named-transformations/{id}", "standard"),
    Operation("delete_named_transformation", "DELETE", "/v1/named-transformations/{id}", "standard"),
)
CLIENT_SIDE = "_client_side"  # suffix of the names of calls without a key

# All operation names in `server.requests` and in faults.
NAMES: frozenset[str] = frozenset(
    {
        *(operation.name for operation in OPERATIONS),
        *(operation.name + CLIENT_SIDE for operation in OPERATIONS if operation.is_for_browsers),
        DELIVERY,
    }
)

_TABLE = PathTable(OPERATIONS)


def find_route(method: str, path: str) -> Route | None:
    """Return the route of a request; see `PathTable.find`."""
    return _TABLE.find(method, path)


def name_call(route: Route, *, has_key: bool) -> str | None:
    """Return the name of the operation for a request with an ``Authorization`` header, or without one."""
    if route.operation is None:
        return None
    is_client_side = route.operation.is_for_browsers and not has_key
    return route.operation.name + (CLIENT_SIDE if is_client_side else "")
