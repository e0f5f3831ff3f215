"""The OpenAPI 3.1 document of local ImageKit, made from the table of operations and their descriptions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..web.operations import OPERATIONS
from .descriptions import DESCRIPTIONS
from .schemas import COMPONENTS, FILLED, ID, ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .descriptions import Described

COMMON_ERRORS = {
    401: "The credentials are missing.",
    403: "The key does not belong to the account, or lacks permission.",
    414: "The URL is too long.",
    429: "Too many requests; the headers X-RateLimit-* say how long to wait.",
}
_ERRORS = {
    400: "A parameter is missing or wrong.",
    404: "The requested resource does not exist.",
    409: "The request conflicts with an existing resource.",
    413: "The body is too large.",
    423: "A folder job is using the folder.",
    **COMMON_ERRORS,
}
_PATH_IDS = {"fileId": ID, "versionId": ID}
_SUCCESS = {200: "Done.", 201: "Created.", 202: "Accepted.", 204: "Done.", 207: "Partially done."}


def make_document(server_url: str) -> dict[str, Any]:
    """Return the whole document.

    Args:
        server_url: Base URL of the server.
    """
    paths: dict[str, dict[str, Any]] = {}
    seen: set[str] = set()
    for name, method, path, *_ in OPERATIONS:
        # Some operations have two paths, but an operationId must be unique.
        operation_id = f"{name}_by_other_path" if name in seen else name
        seen.add(name)
        paths.setdefault(path, {})[method.lower()] = _operation(operation_id, path, DESCRIPTIONS[name])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Local ImageKit",
            "version": "1",
            "description": "The HTTP API of ImageKit.io as implemented by local ImageKit.",
        },
        "servers": [{"url": server_url}],
        "security": [{"privateKey": []}],
        "paths": paths,
        "components": {
            "schemas": dict(COMPONENTS),
            "securitySchemes": {
                "privateKey": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "The private key as the user name; the password is ignored.",
                }
            },
        },
    }


def _operation(operation_id: str, path: str, described: Described) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": operation_id, "summary": described.summary}
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _PATH_IDS.get(name, FILLED)}
        for name in re.findall(r"\{(\w+)\}", path)
    ] + [
        {"name": name, "in": "query", "required": name in described.required_query, "schema": schema}
        for name, schema in described.query.items()
    ]
    if parameters:
        operation["parameters"] = parameters
    errors = {*described.errors, *COMMON_ERRORS}
    if described.body is not None:
        operation["requestBody"] = _content("application/json", described.body)
        errors |= {400, 413}
    if described.form is not None:
        operation["requestBody"] = _content("multipart/form-data", described.form)
        operation["security"] = [{"privateKey": []}, {}]  # or the fields of a signed upload
    responses = {str(status): _response(_SUCCESS[status], schema) for status, schema in described.success.items()}
    for status in sorted(errors):
        responses[str(status)] = _response(_ERRORS[status], ref("Error"))
    return {**operation, "responses": responses}


def _content(media_type: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {media_type: {"schema": schema}}}


def _response(description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    content = {"content": {"application/json": {"schema": schema}}} if schema else {}
    return {"description": description, **content}
