"""Arguments of each call in the examples of its help: the minimum that it needs, with realistic ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_ID, VERSION_ID, OTHER_ID = "65e6c5a9b7d1f2034a5b6c7d", "65e7ffffb7d1f2034a5b6d11", "6671a0d2c3e4f5061728394a"
URL = "https://ik.imagekit.io/demo/shop/shoe.jpg"

_FILE = "--source-file-path /shop/shoe.jpg --destination-path /sale"
_FOLDER = "--source-folder-path /shop --destination-path /sale"
_PERIOD = "2026-03-01 2026-03-31"
_ORIGIN = "--type WEB_FOLDER --name Shop --base-url https://shop.example/pictures"
_EXTENSION = "--name Cut --description 'Cut out' --config '{\"name\": \"remove-bg\"}'"
_FIELD = "--name price --label Price --schema-type Number --schema-min-value 0"

EXAMPLES: Mapping[str, str] = {
    "list_files": "--path /shop --sort DESC_CREATED --limit 10",
    "get_purge_file_cache_status": OTHER_ID,
    "get_file_details": FILE_ID,
    "get_file_versions": FILE_ID,
    "get_file_version_details": f"{FILE_ID} {VERSION_ID}",
    "update_file_details": f"{FILE_ID} --tags summer --tags sale",
    "delete_file": FILE_ID,
    "delete_file_version": f"{FILE_ID} {VERSION_ID}",
    "restore_file_version": f"{FILE_ID} {VERSION_ID}",
    "add_tags": f"--file-ids {FILE_ID} --tags summer",
    "remove_tags": f"--file-ids {FILE_ID} --tags summer",
    "remove_ai_tags": f"--file-ids {FILE_ID} --ai-tags shoe",
    "bulk_file_delete": f"--file-ids {FILE_ID}",
    "copy_file": _FILE,
    "move_file": _FILE,
    "rename_file": "--file-path /shop/shoe.jpg --new-file-name boot.jpg",
    "create_folder": "--folder-name sale --parent-folder-path /",
    "delete_folder": "--folder-path /shop",
    "copy_folder": _FOLDER,
    "move_folder": _FOLDER,
    "rename_folder": "--folder-path /shop --new-folder-name store",
    "get_bulk_job_status": OTHER_ID,
    "purge_file_cache": URL,
    "get_file_metadata": FILE_ID,
    "get_remote_file_url_metadata": URL,
    "create_custom_metadata_fields": _FIELD,
    "get_custom_metadata_fields": "",
    "update_custom_metadata_fields": f"{OTHER_ID} --label Price",
    "delete_custom_metadata_field": OTHER_ID,
    "upload_file": "shoe.jpg shoe.jpg --folder /shop",
    "upload_file_client_side": "shoe.jpg --folder /shop",
    "upload_file_v2": "shoe.jpg shoe.jpg --folder /shop",
    "upload_file_v2_client_side": "shoe.jpg --folder /shop",
    "get_usage": _PERIOD,
    "get_usage_analytics": _PERIOD,
    "create_origin": _ORIGIN,
    "list_origins": "",
    "get_origin": OTHER_ID,
    "update_origin": f"{OTHER_ID} {_ORIGIN}",
    "delete_origin": OTHER_ID,
    "create_url_endpoint": "--description Shop --url-prefix shop",
    "list_url_endpoints": "",
    "get_url_endpoint": OTHER_ID,
    "update_url_endpoint": f"{OTHER_ID} --description Shop --url-prefix shop",
    "delete_url_endpoint": OTHER_ID,
    "create_webhook": "--endpoint https://shop.example/hooks --events file.created",
    "list_webhooks": "",
    "get_webhook": OTHER_ID,
    "update_webhook": f"{OTHER_ID} --no-enabled",
    "delete_webhook": OTHER_ID,
    "create_saved_extension": _EXTENSION,
    "list_saved_extensions": "",
    "get_saved_extension": OTHER_ID,
    "update_saved_extension": f"{OTHER_ID} --description Boots",
    "delete_saved_extension": OTHER_ID,
    "create_named_transformation": "--name card --transformation w-320,h-200",
    "list_named_transformations": "",
    "get_named_transformation": OTHER_ID,
    "update_named_transformation": f"{OTHER_ID} --transformation w-320",
    "delete_named_transformation": OTHER_ID,
}
