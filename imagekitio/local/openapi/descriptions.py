"""The requests and responses of each operation, by its name in `imagekitio.local.web.operations`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..api.bulk import MAX_DELETED, MAX_EDITED
from ..api.listing import KINDS, MAX_LIMIT, SORT_COLUMNS
from ..api.presets.members import shape
from .schemas import (
    ANYTHING,
    COMPONENTS,
    COORDINATES,
    DAY,
    FILLED,
    FLAG,
    ID,
    PATH,
    TAGS,
    TEXT,
    URL,
    answer,
    array,
    default,
    either,
    nullable,
    partial,
    ref,
)

Schema = Mapping[str, Any]

NO_BODY: Schema = {}
DONE: Mapping[int, Schema] = {204: NO_BODY}
OFF, ON = default(FLAG, False), default(FLAG, True)


@dataclass(frozen=True, kw_only=True)
class Described:
    """An operation; `success` has schemas by status, `errors` the statuses other than those of every operation."""

    summary: str
    success: Mapping[int, Schema]
    errors: tuple[int, ...] = ()
    query: Mapping[str, Schema] = field(default_factory=dict[str, Schema])
    required_query: tuple[str, ...] = ()
    body: Schema | None = None
    form: Schema | None = None


_FILE, _FILES = ref("File"), array(ref("File"))
_EXTENSIONS = array(ref("AnyExtension"))
_DAYS = {"startDate": DAY, "endDate": {**DAY, "description": "Less than 90 days after startDate."}}
_FOLDER_JOB = {"sourceFolderPath": PATH, "destinationPath": PATH}


def _edited_ids(more: Mapping[str, Schema]) -> Schema:
    return shape({"fileIds": array(FILLED, minItems=1, maxItems=MAX_EDITED), **more})


def _json(text: Schema, of: Schema) -> Schema:
    return {**text, "contentMediaType": "application/json", "contentSchema": of}


_UPLOAD: Mapping[str, Schema] = {
    "file": {"description": "The file itself, or a URL, data URI or base64 text."},
    "fileName": FILLED,
    "useUniqueFileName": ON,
    "tags": {**TEXT, "description": "Comma-separated."},
    "folder": default(PATH, "/"),
    "isPrivateFile": OFF,
    "isPublished": ON,
    "customCoordinates": COORDINATES,
    "responseFields": {
        **TEXT,
        "description": "Comma-separated: tags, customCoordinates, isPrivateFile, isPublished, embeddedMetadata, "
        "customMetadata, metadata.",
    },
    "extensions": _json(TEXT, _EXTENSIONS),
    "webhookUrl": TEXT,
    "overwriteFile": ON,
    "overwriteAITags": ON,
    "overwriteTags": ON,
    "overwriteCustomMetadata": ON,
    "customMetadata": _json(TEXT, ANYTHING),
    "transformation": _json(TEXT, ref("UploadTransformation")),
    "checks": {**TEXT, "description": 'A condition in the search language, such as "file.size" < "5mb".'},
    "description": TEXT,
}
_REQUIRED_OF_UPLOAD = ("file", "fileName")
_BROWSER = {
    "publicKey": TEXT,
    "signature": TEXT,
    "expire": {**TEXT, "description": "Unix time in seconds."},
    "token": {**TEXT, "description": "Can be used only once."},
}


def _upload(version: str, credentials: Mapping[str, Schema]) -> Described:
    return Described(
        summary=f"Upload a file ({version})",
        success={200: ref("UploadResult"), 202: answer({"message": TEXT})},
        errors=(400,),
        form={
            "type": "object",
            "required": [*_REQUIRED_OF_UPLOAD],
            "properties": {**_UPLOAD, **credentials},
        },
    )


def _collection(one: str, many: str, schema: str, update: str) -> dict[str, Described]:
    """Return the five operations on presets; `update` is ``replace`` for the whole preset or ``change`` for members."""
    request, stored = ref(f"{schema}Request"), ref(schema)
    name = one.lower().replace("-", "_").replace(" ", "_")
    plural = many.lower().replace("-", "_").replace(" ", "_")
    change = request if update == "replace" else partial(COMPONENTS[f"{schema}Request"])
    in_use = (400, 404, 409) if name in ("origin", "url_endpoint") else (400, 404)
    return {
        f"create_{name}": Described(summary=f"Create a {one}", body=request, success={201: stored}, errors=(400,)),
        f"list_{plural}": Described(summary=f"List all {many}", success={200: array(stored)}),
        f"get_{name}": Described(summary=f"Get a {one}", success={200: stored}, errors=(400, 404)),
        f"update_{name}": Described(
            summary=f"{update.capitalize()} a {one}", body=change, success={200: stored}, errors=(400, 404)
        ),
        f"delete_{name}": Described(summary=f"Delete a {one}", success=DONE, errors=in_use),
    }


DESCRIPTIONS: Mapping[str, Described] = {
    "list_files": Described(
        summary="List and search files, versions and folders",
        query={
            "type": {"enum": [*KINDS], "default": "file"},
            "sort": {
                "enum": [f"{direction}_{by}" for direction in ("ASC", "DESC") for by in SORT_COLUMNS],
                "default": "ASC_CREATED",
            },
            "path": {**TEXT, "description": "Only items directly in this folder."},
            "searchQuery": {**TEXT, "examples": ['name : "shoe" AND size > "1mb"']},
            "fileType": {"enum": ["all", "image", "non-image"], "default": "all"},
            "limit": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": MAX_LIMIT},
            "skip": {"type": "integer", "minimum": 0, "default": 0},
            "tags": {**TEXT, "description": "Comma-separated; matches files with any of the tags."},
            "name": TEXT,
            "includeFolder": OFF,
        },
        success={200: array(either(_FILE, ref("Folder")))},
        errors=(400,),
    ),
    "get_file_details": Described(summary="Get the details of a file", success={200: _FILE}, errors=(400, 404)),
    "get_file_versions": Described(summary="List the versions of a file", success={200: _FILES}, errors=(400, 404)),
    "get_file_version_details": Described(
        summary="Get the details of a version", success={200: _FILE}, errors=(400, 404)
    ),
    "update_file_details": Described(
        summary="Change the details of a file, or publish or unpublish it",
        body=either(
            shape(
                {},
                {
                    "removeAITags": either(array(TEXT), {"enum": ["all"]}),
                    "extensions": _EXTENSIONS,
                    "webhookUrl": TEXT,
                    "tags": nullable(TAGS),
                    "customCoordinates": nullable(COORDINATES),
                    "customMetadata": {**ANYTHING, "description": "Merged with existing values; null removes one."},
                    "description": nullable(TEXT),
                },
            ),
            shape({"publish": shape({"isPublished": FLAG}, {"includeFileVersions": OFF})}),
        ),
        success={200: _FILE},
        errors=(400, 404),
    ),
    "delete_file": Described(summary="Delete a file with all its versions", success=DONE, errors=(400, 404)),
    "delete_file_version": Described(summary="Delete an archived version", success=DONE, errors=(400, 404)),
    "restore_file_version": Described(
        summary="Make an archived version the current one", success={200: _FILE}, errors=(400, 404)
    ),
    "add_tags": Described(
        summary="Add tags to files",
        body=_edited_ids({"tags": {**TAGS, "minItems": 1}}),
        success={200: ref("FileIds")},
        errors=(400, 404),
    ),
    "remove_tags": Described(
        summary="Remove tags from files",
        body=_edited_ids({"tags": {**TAGS, "minItems": 1}}),
        success={200: ref("FileIds")},
        errors=(400, 404),
    ),
    "remove_ai_tags": Described(
        summary="Remove AI tags from files",
        body=_edited_ids({"AITags": array(TEXT, minItems=1)}),
        success={200: ref("FileIds")},
        errors=(400, 404),
    ),
    "bulk_file_delete": Described(
        summary="Delete files",
        body=shape({"fileIds": array(FILLED, minItems=1, maxItems=MAX_DELETED)}),
        success={200: answer({"successfullyDeletedFileIds": array(TEXT)})},
        errors=(400, 404),
    ),
    "copy_file": Described(
        summary="Copy a file",
        body=shape({"sourceFilePath": PATH, "destinationPath": PATH}, {"includeFileVersions": OFF}),
        success=DONE,
        errors=(400, 404),
    ),
    "move_file": Described(
        summary="Move a file",
        body=shape({"sourceFilePath": PATH, "destinationPath": PATH}),
        success=DONE,
        errors=(400, 404),
    ),
    "rename_file": Described(
        summary="Rename a file",
        body=shape({"filePath": PATH, "newFileName": FILLED}, {"purgeCache": OFF}),
        success={200: answer({}, {"purgeRequestId": ID}), 207: ref("Error")},
        errors=(400, 404, 409),
    ),
    "create_folder": Described(
        summary="Create a folder",
        body=shape({"folderName": FILLED, "parentFolderPath": PATH}),
        success={201: answer({})},
        errors=(400,),
    ),
    "delete_folder": Described(
        summary="Delete a folder with all its contents",
        body=shape({"folderPath": PATH}),
        success=DONE,
        errors=(400, 404, 423),
    ),
    "copy_folder": Described(
        summary="Copy a folder into another",
        body=shape(_FOLDER_JOB, {"includeVersions": OFF, "includeFileVersions": OFF}),
        success={200: ref("JobId")},
        errors=(400, 404, 423),
    ),
    "move_folder": Described(
        summary="Move a folder into another",
        body=shape(_FOLDER_JOB),
        success={200: ref("JobId")},
        errors=(400, 404, 423),
    ),
    "rename_folder": Described(
        summary="Rename a folder",
        body=shape({"folderPath": PATH, "newFolderName": FILLED}, {"purgeCache": OFF}),
        success={202: ref("JobId")},
        errors=(400, 404, 409, 423),
    ),
    "get_bulk_job_status": Described(
        summary="Get the status of a folder job", success={200: ref("Job"), 207: ref("Job")}, errors=(404,)
    ),
    "purge_file_cache": Described(
        summary="Purge the cache of a URL",
        body=shape({"url": URL}),
        success={201: answer({"requestId": ID})},
        errors=(400,),
    ),
    "get_purge_file_cache_status": Described(
        summary="Get the status of a purge",
        success={200: answer({"status": {"enum": ["Pending", "Completed"]}})},
        errors=(400,),
    ),
    "get_file_metadata": Described(
        summary="Get the metadata of a file in the library", success={200: ref("Metadata")}, errors=(400, 404)
    ),
    "get_remote_file_url_metadata": Described(
        summary="Get the metadata of a file at a delivery URL",
        query={"url": URL},
        required_query=("url",),
        success={200: ref("Metadata")},
        errors=(400, 404),
    ),
    "create_custom_metadata_fields": Described(
        summary="Create a custom metadata field",
        body=shape(
            {"name": FILLED, "label": FILLED, "schema": ref("CustomMetadataFieldSchema")},
            {"description": {**TEXT, "maxLength": 500}},
        ),
        success={201: ref("CustomMetadataField")},
        errors=(400,),
    ),
    "get_custom_metadata_fields": Described(
        summary="List the custom metadata fields",
        query={"includeDeleted": OFF, "folderPath": TEXT},
        success={200: array(ref("CustomMetadataField"))},
        errors=(400,),
    ),
    "update_custom_metadata_fields": Described(
        summary="Change a custom metadata field",
        body=shape(
            {},
            {
                "label": FILLED,
                "schema": partial(COMPONENTS["CustomMetadataFieldSchema"]),
                "description": {**TEXT, "maxLength": 500},
            },
        ),
        success={200: ref("CustomMetadataField")},
        errors=(400, 404),
    ),
    "delete_custom_metadata_field": Described(
        summary="Delete a custom metadata field", success=DONE, errors=(400, 404)
    ),
    "upload_file": _upload("v1", _BROWSER),
    "upload_file_v2": _upload("v2", {"token": {**TEXT, "description": "A JSON Web Token that can be used only once."}}),
    "get_usage": Described(
        summary="Get the usage of the account; endDate is exclusive",
        query=_DAYS,
        required_query=("startDate", "endDate"),
        success={200: ref("Usage")},
        errors=(400,),
    ),
    "get_usage_analytics": Described(
        summary="Get delivery analytics; endDate is inclusive",
        query=_DAYS,
        required_query=("startDate", "endDate"),
        success={200: ref("UsageAnalytics")},
        errors=(400,),
    ),
    **_collection("origin", "origins", "Origin", "replace"),
    **_collection("URL endpoint", "URL endpoints", "UrlEndpoint", "replace"),
    **_collection("webhook", "webhooks", "Webhook", "change"),
    **_collection("saved extension", "saved extensions", "SavedExtension", "change"),
    **_collection("named transformation", "named transformations", "NamedTransformation", "change"),
}
