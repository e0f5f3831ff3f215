"""Which operation of the API a request means, by the names that the methods of the client have.

Names without a method there (accounts, presets, upload v2) are those of the same family. An upload that carries no key
is one from a browser. What asks for a file is called ``delivery``.
"""

from __future__ import annotations

from .routing import PathTable

OPERATION_PATHS: dict[str, tuple[str, str]] = {
    "list_files": ("GET", "/v1/files"),
    "get_purge_file_cache_status": ("GET", "/v1/files/purge/{requestId}"),
    "get_file_details": ("GET", "/v1/files/{fileId}/details"),
    "get_file_versions": ("GET", "/v1/files/{fileId}/versions"),
    "get_file_version_details": ("GET", "/v1/files/{fileId}/versions/{versionId}"),
    "update_file_details": ("PATCH", "/v1/files/{fileId}/details"),
    "delete_file": ("DELETE", "/v1/files/{fileId}"),
    "delete_file_version": ("DELETE", "/v1/files/{fileId}/versions/{versionId}"),
    "restore_file_version": ("PUT", "/v1/files/{fileId}/versions/{versionId}/restore"),
    "add_tags": ("POST", "/v1/files/addTags"),
    "remove_tags": ("POST", "/v1/files/removeTags"),
    "remove_ai_tags": ("POST", "/v1/files/removeAITags"),
    "bulk_file_delete": ("POST", "/v1/files/batch/deleteByFileIds"),
    "copy_file": ("POST", "/v1/files/copy"),
    "move_file": ("POST", "/v1/files/move"),
    "rename_file": ("PUT", "/v1/files/rename"),
    "create_folder": ("POST", "/v1/folder"),
    "delete_folder": ("DELETE", "/v1/folder"),
    "copy_folder": ("POST", "/v1/bulkJobs/copyFolder"),
    "move_folder": ("POST", "/v1/bulkJobs/moveFolder"),
    "rename_folder": ("POST", "/v1/bulkJobs/renameFolder"),
    "get_bulk_job_status": ("GET", "/v1/bulkJobs/{jobId}"),
    "purge_file_cache": ("POST", "/v1/files/purge"),
    "get_file_metadata": ("GET", "/v1/files/{fileId}/metadata"),
    "get_remote_file_url_metadata": ("GET", "/v1/metadata"),
    "create_custom_metadata_fields": ("POST", "/v1/customMetadataFields"),
    "get_custom_metadata_fields": ("GET", "/v1/customMetadataFields"),
    "update_custom_metadata_fields": ("PATCH", "/v1/customMetadataFields/{id}"),
    "delete_custom_metadata_field": ("DELETE", "/v1/customMetadataFields/{id}"),
    "upload_file": ("POST", "/api/v1/files/upload"),
    "upload_file_v2": ("POST", "/api/v2/files/upload"),
    "get_usage": ("GET", "/v1/accounts/usage"),
    "get_usage_analytics": ("GET", "/v1/accounts/usage-analytics"),
    "create_origin": ("POST", "/v1/accounts/origins"),
    "list_origins": ("GET", "/v1/accounts/origins"),
    "get_origin": ("GET", "/v1/accounts/origins/{id}"),
    "update_origin": ("PUT", "/v1/accounts/origins/{id}"),
    "delete_origin": ("DELETE", "/v1/accounts/origins/{id}"),
    "create_url_endpoint": ("POST", "/v1/accounts/url-endpoints"),
    "list_url_endpoints": ("GET", "/v1/accounts/url-endpoints"),
    "get_url_endpoint": ("GET", "/v1/accounts/url-endpoints/{id}"),
    "update_url_endpoint": ("PUT", "/v1/accounts/url-endpoints/{id}"),
    "delete_url_endpoint": ("DELETE", "/v1/accounts/url-endpoints/{id}"),
    "create_webhook": ("POST", "/v1/accounts/webhooks"),
    "list_webhooks": ("GET", "/v1/accounts/webhooks"),
    "get_webhook": ("GET", "/v1/accounts/webhooks/{id}"),
    "update_webhook": ("PATCH", "/v1/accounts/webhooks/{id}"),
    "delete_webhook": ("DELETE", "/v1/accounts/webhooks/{id}"),
    "create_saved_extension": ("POST", "/v1/saved-extensions"),
    "list_saved_extensions": ("GET", "/v1/saved-extensions"),
    "get_saved_extension": ("GET", "/v1/saved-extensions/{id}"),
    "update_saved_extension": ("PATCH", "/v1/saved-extensions/{id}"),
    "delete_saved_extension": ("DELETE", "/v1/saved-extensions/{id}"),
    "create_named_transformation": ("POST", "/v1/named-transformations"),
    "list_named_transformations": ("GET", "/v1/named-transformations"),
    "get_named_transformation": ("GET", "/v1/named-transformations/{id}"),
    "update_named_transformation": ("PATCH", "/v1/named-transformations/{id}"),
    "delete_named_transformation": ("DELETE", "/v1/named-transformations/{id}"),
}
_FROM_BROWSER = {name: f"{name}_client_side" for name in ("upload_file", "upload_file_v2")}
DELIVERY = "delivery"
NAMES: frozenset[str] = frozenset({*OPERATION_PATHS, *_FROM_BROWSER.values(), DELIVERY})

_TABLE = PathTable(
    [
        *((method, path, name) for name, (method, path) in OPERATION_PATHS.items() if "{" not in path),
        ("GET", "/v1/files/metadata", "get_remote_file_url_metadata"),  # as one description of the service has it
        *((method, path, name) for name, (method, path) in OPERATION_PATHS.items() if "{" in path),
    ]
)


def operation_name(method: str, path: str, *, has_key: bool) -> str | None:
    """The name of the API operation at `path`, which is decoded and has no slash at its end; None when there is none.

    Args:
        has_key: Whether the request has an ``Authorization`` header.
    """
    name, _ = _TABLE.find(path).get(method, (None, {}))
    return name if name is None or has_key else _FROM_BROWSER.get(name, name)
