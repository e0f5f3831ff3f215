"""Handlers for custom metadata fields (api.md, chapter 19)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..base.errors import ApiError
from ..base.names import is_object_id
from ..library import fields
from ..library.field_schemas import read_schema
from ..library.fields import Field
from ..web.calls import NO_CONTENT, Answer, query_flag

if TYPE_CHECKING:
    import sqlite3

    from ..library.store import Store
    from ..library.tables.transactions import Transaction
    from ..web.calls import Call

MAX_DESCRIPTION_LENGTH = 500  # characters
RESERVED_PREFIX = "_internal_"  # for fields that the service creates itself

LABEL_TAKEN = "A custom metadata field with this label already exists."


def create_field(store: Store, call: Call) -> Answer:
    body = call.body
    errors = {name: "is required" for name in ("name", "label", "schema") if not body.get(name)}
    errors.update({name: "should be of type string" for name in ("name", "label") if not _is_text(body.get(name))})
    if str(body.get("name")).startswith(RESERVED_PREFIX):
        errors["name"] = f"should not start with {RESERVED_PREFIX}, which is reserved"
    schema, schema_errors = read_schema(body.get("schema") or {})
    errors.update(_description_errors(call))
    if errors or schema_errors:
        raise ApiError(400, "Invalid field object", errors={**schema_errors, **errors})
    with store.write() as transaction:
        if any(field.name == body["name"] for field in fields.all_fields(transaction.connection, include_deleted=True)):
            raise ApiError(400, "A custom metadata field with this name already exists.")
        _check_label(transaction, body["label"])
        field = Field(
            id=transaction.new_id(),
            name=body["name"],
            label=body["label"],
            schema=schema,
            description=body.get("description") or None,
        )
        fields.insert(transaction, field)
    return Answer(201, _field_json(field))


def list_fields(store: Store, call: Call) -> Answer:
    # folderPath has no effect without path policies (api.md, section 19.3).
    include_deleted = query_flag(call, "includeDeleted")
    with store.read() as connection:
        found = fields.all_fields(connection, include_deleted=include_deleted)
    return Answer(200, [_field_json(field) for field in found])


def update_field(store: Store, call: Call) -> Answer:
    field_id, body = _field_id(call), call.body
    if "name" in body:
        raise ApiError(400, "Name cannot be updated.")
    if all(body.get(name) is None for name in ("label", "schema", "description")):
        raise ApiError(400, "Either label or schema should be provided.")
    errors = {} if body.get("label") is None or _is_text(body["label"]) else {"label": "should be of type string"}
    errors.update(_description_errors(call))
    with store.write() as transaction:
        field = _existing_field(transaction.connection, field_id)
        if field.is_deleted:
            raise ApiError(400, "Cannot update a deleted custom metadata fields.")
        schema = field.schema
        if body.get("schema") is not None:
            schema, schema_errors = read_schema(body["schema"], field.schema["type"])
            errors.update(schema_errors)
        if errors:
            raise ApiError(400, "Invalid schema object.", errors=errors)
        label = body.get("label") or field.label
        if label != field.label:
            _check_label(transaction, label)
        description = field.description if body.get("description") is None else body["description"] or None
        changed = replace(field, label=label, schema=schema, description=description)
        fields.update(transaction, changed)
    return Answer(200, _field_json(changed))


def delete_field(store: Store, call: Call) -> Answer:
    field_id = _field_id(call)
    with store.write() as transaction:
        field = _existing_field(transaction.connection, field_id)
        if field.is_deleted:
            raise _no_such_field()
        fields.delete(transaction, field)
    return NO_CONTENT


def _field_id(call: Call) -> str:
    if not is_object_id(call.path["id"]):
        raise ApiError(400, "Your request contains invalid ID parameter.")
    return call.path["id"]


def _existing_field(connection: sqlite3.Connection, field_id: str) -> Field:
    field = fields.find(connection, field_id)
    if field is None:
        raise _no_such_field()
    return field


def _no_such_field() -> ApiError:
    return ApiError(404, "No such custom metadata field exists.")


def _check_label(transaction: Transaction, label: str) -> None:
    if any(field.label == label for field in fields.all_fields(transaction.connection)):
        raise ApiError(400, LABEL_TAKEN)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _description_errors(call: Call) -> dict[str, str]:
    description = call.body.get("description")
    if description is None or (isinstance(description, str) and len(description) <= MAX_DESCRIPTION_LENGTH):
        return {}
    return {"description": f"should be a string of at most {MAX_DESCRIPTION_LENGTH} characters"}


def _field_json(field: Field) -> dict[str, Any]:
    described = {} if field.description is None else {"description": field.description}
    return {"id": field.id, "name": field.name, "label": field.label, **described, "schema": field.schema}
