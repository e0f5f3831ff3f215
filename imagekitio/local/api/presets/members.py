"""The check of a request body against its schema in `/openapi.json`.

Only the keywords of JSON Schema that presets use are supported: type, format ``uri``, lengths, pattern (with a
``description`` in words), enum, minItems, default, required, additionalProperties.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from ...base.errors import ApiError
from ...base.json_values import as_array, as_object
from ...base.web_urls import is_web_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    Schema = Mapping[str, Any]

REQUIRED = "{name} is required and must be {words}"


def shape(
    required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, *, strict: bool = False
) -> dict[str, Any]:
    """Return the schema of an object; a strict one allows no other members."""
    closed = {"additionalProperties": False} if strict else {}
    return {"type": "object", "required": [*required], "properties": {**required, **(optional or {})}, **closed}


def read_members(
    schema: Schema, body: Mapping[str, Any], *, partial: bool = False, required: str = REQUIRED
) -> dict[str, Any]:
    """Return the members of `body` that are in the schema of an object, with defaults filled in.

    Args:
        schema: Schema made by `shape`.
        body: The object that was sent.
        partial: Whether the body is a change, in which required members may be left out and get no default.
        required: Message for a missing required member, with ``{name}`` and ``{words}``.
    Raises:
        ApiError: 400 for the first member that is missing or wrong, or unknown if the schema is strict.
    """
    properties: Mapping[str, Schema] = schema["properties"]
    values: dict[str, Any] = {}
    missing = [] if partial else [name for name in schema["required"] if body.get(name) is None]
    if missing:
        raise ApiError(400, required.format(name=missing[0], words=_words(properties[missing[0]])))
    for name, member in properties.items():
        is_required = name in schema["required"]
        if name not in body or (body[name] is None and not partial and not is_required):
            if "default" in member and not partial:
                values[name] = copy.deepcopy(member["default"])
            continue
        if not _is_a(member, body[name]):
            pattern = required if is_required and required == REQUIRED else "{name} must be {words}"
            raise ApiError(400, pattern.format(name=name, words=_words(member)))
        _check_range(name, member, body[name])
        values[name] = body[name]
    unknown = [name for name in body if name not in properties]
    if unknown and schema.get("additionalProperties") is False:
        raise ApiError(400, f"{unknown[0]} is not allowed; the members are {', '.join(properties)}")
    return values


def _is_a(member: Schema, value: object) -> bool:
    kind = member["type"]
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "object":
        return as_object(value) is not None
    if kind == "array":
        items = as_array(value)
        return (
            items is not None
            and len(items) >= member.get("minItems", 0)
            and all(_is_a(member["items"], item) for item in items)
        )
    if member.get("format") == "uri":
        return is_web_url(value)
    # An empty string counts as missing if the schema requires text.
    return isinstance(value, str) and (bool(value) or not member.get("minLength"))


def _check_range(name: str, member: Schema, value: Any) -> None:
    if "maxLength" in member and len(value) > member["maxLength"]:
        raise ApiError(400, f"{name} must have at most {member['maxLength']} characters (got {len(value)})")
    if "maxItems" in member and len(value) > member["maxItems"]:
        raise ApiError(400, f"{name} must have at most {member['maxItems']} items (got {len(value)})")
    if "pattern" in member and not re.fullmatch(member["pattern"].strip("^$"), value):
        raise ApiError(400, f"{name} must consist of {member['description']} (got '{value}')")
    for item in value if member["type"] == "array" else [value]:
        options = member.get("items", member).get("enum")
        if options is not None and item not in options:
            raise ApiError(400, f"{name} must be one of {', '.join(options)} (got '{item}')")


def _words(member: Schema) -> str:
    if member.get("format") == "uri":
        return "a valid URL"
    if member["type"] == "array":
        return "a non-empty array" if member.get("minItems") else "an array of strings"
    return {"string": "a string", "boolean": "a boolean", "object": "an object"}[member["type"]]
