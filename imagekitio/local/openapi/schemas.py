"""JSON Schemas of requests and responses (api.md, chapter 10 and the chapters of the operations)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..api.presets.members import shape
from ..api.presets.named_transformations import SCHEMA as NAMED_TRANSFORMATION
from ..api.presets.origins import TYPES as ORIGIN_TYPES
from ..api.presets.saved_extensions import SCHEMA as SAVED_EXTENSION
from ..api.presets.url_endpoints import REWRITER_SCHEMAS
from ..api.presets.url_endpoints import SCHEMA as URL_ENDPOINT
from ..api.presets.webhooks import SCHEMA as WEBHOOK
from ..api.usage import COUNTS, GROUPS
from ..extensions.requests import NAMES, TAGGING
from ..library.field_schemas import TYPES as FIELD_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FILLED: Schema = {"type": "string", "minLength": 1}
PATH: Schema = {"type": "string", "minLength": 1, "examples": ["/shop/red-shoe.jpg"]}
URL: Schema = {"type": "string", "format": "uri"}
FLAG: Schema = {"type": "boolean"}
INTEGER: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
ID: Schema = {"type": "string", "pattern": "^[0-9a-f]{24}$", "examples": ["65e6c5a9b7d1f2034a5b6c7d"]}
ANYTHING: Schema = {"type": "object", "additionalProperties": True}
COORDINATES: Schema = {"type": "string", "pattern": r"^\s*\d+\s*,\s*\d+\s*,\s*\d+\s*,\s*\d+\s*$"}
TAGS: Schema = {
    "type": "array",
    "items": {"type": "string", "pattern": "^[^%]*$"},
    "description": "At most 500 characters in total.",
}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def array(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def either(*schemas: Schema) -> Schema:
    return {"anyOf": [*schemas]}


def default(schema: Schema, value: object) -> Schema:
    return {**schema, "default": value}


def nullable(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else either(schema, {"type": "null"})


def strict(schema: Mapping[str, Any]) -> Schema:
    """Return a schema that allows no other members: responses have none, although requests may."""
    return {**schema, "additionalProperties": False}


def answer(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    return strict(shape(required, optional))


_MEDIA: Mapping[str, Schema] = {
    "height": INTEGER,
    "width": INTEGER,
    "duration": NUMBER,
    "bitRate": NUMBER,
    "videoCodec": TEXT,
    "audioCodec": TEXT,
}
_EXTENSION_STATUS = {
    "type": "object",
    "properties": {name: {"enum": ["success", "pending", "failed"]} for name in NAMES},
    "additionalProperties": False,
}
_AI_TAGS = nullable(array(ref("AITag")))
_FILE: Mapping[str, Schema] = {
    "type": {"enum": ["file", "file-version"]},
    "name": TEXT,
    "fileId": ID,
    "versionInfo": ref("VersionInfo"),
    "filePath": PATH,
    "createdAt": MOMENT,
    "updatedAt": MOMENT,
    "tags": nullable(array(TEXT)),
    "AITags": _AI_TAGS,
    "embeddedMetadata": nullable(ANYTHING),
    "customCoordinates": nullable(TEXT),
    "customMetadata": ANYTHING,
    "isPrivateFile": FLAG,
    "isPublished": FLAG,
    "description": nullable(TEXT),
    "url": URL,
    "fileType": {"enum": ["image", "non-image"]},
    "mime": TEXT,
    "size": COUNT,
}
_EXIF = ("image", "thumbnail", "exif", "gps", "interoperability", "makernote")
_RANKED = ref("Ranked")
_SCALAR = {"type": ["string", "number", "boolean"]}
_BOUND = {"type": ["number", "string"]}
_FIELD_SCHEMA = shape(
    {"type": {"enum": [*FIELD_TYPES]}},
    {
        "selectOptions": array(_SCALAR, minItems=1),
        "isValueRequired": FLAG,
        "defaultValue": either(_SCALAR, array(_SCALAR)),
        "minValue": _BOUND,
        "maxValue": _BOUND,
        "minLength": {"type": "number", "minimum": 0},
        "maxLength": {"type": "number", "minimum": 0},
    },
)
_DATES = {"createdAt": MOMENT, "updatedAt": MOMENT}


def _preset_response(schema: Mapping[str, Any], id_name: str, further: Mapping[str, Schema]) -> Schema:
    """Return the response for a preset: its id, every member that is not secret, and those that the service adds."""
    shown = {name: member for name, member in schema["properties"].items() if not member.get("writeOnly")}
    always = [name for name in shown if name in schema["required"] or "default" in shown[name]]
    properties = {"id": {**TEXT, "examples": [id_name]}, **shown, **further}
    return strict({"type": "object", "required": ["id", *always, *further], "properties": properties})


def _union(schemas: Mapping[str, Mapping[str, Any]]) -> Schema:
    """Return a schema for one of several objects, which differ in the member ``type``."""
    return {"oneOf": [dict(schema) for schema in schemas.values()]}


_URL_ENDPOINT = {
    **URL_ENDPOINT,
    "properties": {**URL_ENDPOINT["properties"], "urlRewriter": _union(REWRITER_SCHEMAS)},
}
_TAGGING = {name: {"type": "string", "enum": [name]} for name in TAGGING}
_EXTENSIONS: list[Schema] = [
    *(
        shape(
            {
                "name": name,
                "minConfidence": {"type": "number", "minimum": 0, "maximum": 100},
                "maxTags": {"type": "integer", "minimum": 0, "maximum": 30},
            }
        )
        for name in _TAGGING.values()
    ),
    shape({"name": {"enum": ["remove-bg"]}}, {"options": ANYTHING}),
    shape({"name": {"enum": ["ai-auto-description"]}}),
    shape({"name": {"enum": ["ai-tasks"]}, "tasks": array(ANYTHING, minItems=1, maxItems=10)}),
]

COMPONENTS: Mapping[str, Schema] = {
    "Error": answer(
        {"message": TEXT},
        {
            "help": TEXT,
            "reason": {"type": "string", "pattern": "^[A-Z_]+$"},
            "errors": {"type": "object", "additionalProperties": TEXT, "description": "The error of each member."},
            "missingFileIds": array(TEXT),
        },
    ),
    "VersionInfo": answer({"id": ID, "name": {"type": "string", "pattern": r"^Version \d+$"}}),
    "AITag": answer({"name": TEXT, "confidence": {"type": "number", "minimum": 0, "maximum": 100}, "source": TEXT}),
    "File": answer(_FILE, {"thumbnail": URL, "hasAlpha": FLAG, "extensionStatus": _EXTENSION_STATUS, **_MEDIA}),
    "Folder": answer(
        {
            "type": {"enum": ["folder"]},
            "folderId": ID,
            "name": TEXT,
            "folderPath": PATH,
            "createdAt": MOMENT,
            "updatedAt": MOMENT,
            "customMetadata": ANYTHING,
        }
    ),
    "UploadResult": answer(
        {
            **{name: _FILE[name] for name in ("fileId", "name", "size", "versionInfo", "filePath", "url", "fileType")},
            "AITags": _AI_TAGS,
            "description": nullable(TEXT),
        },
        {
            **_MEDIA,
            "orientation": {"type": "integer", "minimum": 1, "maximum": 8},
            "thumbnailUrl": URL,
            "extensionStatus": _EXTENSION_STATUS,
            **{
                name: _FILE[name]
                for name in ("tags", "customCoordinates", "isPrivateFile", "isPublished", "customMetadata")
            },
            "embeddedMetadata": nullable(ANYTHING),
            "metadata": ANYTHING,
        },
    ),
    "Metadata": answer(
        {"height": INTEGER, "width": INTEGER, "size": COUNT},
        {
            **_MEDIA,
            "format": TEXT,
            "hasColorProfile": FLAG,
            "hasTransparency": FLAG,
            "quality": {"type": "integer", "minimum": 0, "maximum": 100},
            "density": INTEGER,
            "pHash": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
            "exif": answer(dict.fromkeys(_EXIF, ANYTHING)),
        },
    ),
    "CustomMetadataFieldSchema": _FIELD_SCHEMA,
    "CustomMetadataField": answer(
        {"id": ID, "name": TEXT, "label": TEXT, "schema": ref("CustomMetadataFieldSchema")}, {"description": TEXT}
    ),
    "FileIds": answer({"successfullyUpdatedFileIds": array(TEXT)}),
    "JobId": answer({"jobId": ID}),
    "Job": answer(
        {
            "jobId": ID,
            "type": {"enum": ["COPY_FOLDER", "MOVE_FOLDER", "RENAME_FOLDER"]},
            "status": {"enum": ["Pending", "Completed", "Partial success", "Failed"]},
        },
        {"purgeRequestId": ID, "message": TEXT, "help": TEXT},
    ),
    "Extension": {"oneOf": _EXTENSIONS},
    "AnyExtension": {"oneOf": [*_EXTENSIONS, shape({"name": {"enum": ["saved-extension"]}, "id": FILLED})]},
    "UploadTransformation": shape(
        {},
        {
            "pre": {**TEXT, "description": "Steps without tr:, applied before the file is stored."},
            "post": array(
                {
                    "oneOf": [
                        shape({"type": {"enum": ["transformation"]}, "value": FILLED}),
                        shape({"type": {"enum": ["gif-to-video", "thumbnail"]}}, {"value": TEXT}),
                        shape({"type": {"enum": ["abs"]}, "value": FILLED, "protocol": {"enum": ["hls", "dash"]}}),
                    ]
                },
                maxItems=5,
            ),
        },
    ),
    "Ranked": answer(
        {
            by: array(answer({"name": TEXT, "bandwidthBytes": COUNT, "requestCount": COUNT}, {"code": TEXT}))
            for by in ("byBandwidth", "byRequests")
        }
    ),
    "Usage": answer(
        dict.fromkeys(
            (
                "bandwidthBytes",
                "mediaLibraryStorageBytes",
                "videoProcessingUnitsCount",
                "extensionUnitsCount",
                "originalCacheStorageBytes",
            ),
            COUNT,
        )
    ),
    "UsageAnalytics": answer(
        {
            "startDate": DAY,
            "endDate": DAY,
            "generatedAt": MOMENT,
            "bandwidthBytes": COUNT,
            "requestCount": COUNT,
            "cache": answer(dict.fromkeys(("hitCount", "missCount", "errorCount"), COUNT)),
            **dict.fromkeys(GROUPS, _RANKED),
            **dict.fromkeys(COUNTS, array(answer({"name": TEXT, "requestCount": COUNT}))),
            "extensions": array(answer({"name": TEXT, "operationCount": COUNT})),
            "videoProcessing": array(answer({"codec": TEXT, "resolution": TEXT, "durationSeconds": NUMBER})),
        }
    ),
    "OriginRequest": _union(ORIGIN_TYPES),
    "Origin": _union({name: _preset_response(schema, "orig_8c1f", {}) for name, schema in ORIGIN_TYPES.items()}),
    "UrlEndpointRequest": _URL_ENDPOINT,
    "UrlEndpoint": _preset_response(_URL_ENDPOINT, "ep_41d0", {}),
    "WebhookRequest": WEBHOOK,
    "Webhook": _preset_response(WEBHOOK, "wh_77aa", {"secret": TEXT, **_DATES}),
    "SavedExtensionRequest": {
        **SAVED_EXTENSION,
        "properties": {**SAVED_EXTENSION["properties"], "config": ref("Extension")},
    },
    "SavedExtension": _preset_response(SAVED_EXTENSION, "ext_5f21", _DATES),
    "NamedTransformationRequest": NAMED_TRANSFORMATION,
    "NamedTransformation": _preset_response(NAMED_TRANSFORMATION, "nt_3b90", {"createdAt": MOMENT}),
}


def partial(schema: Mapping[str, Any]) -> Schema:
    """Return the same schema with every member optional."""
    return {name: value for name, value in schema.items() if name != "required"}
