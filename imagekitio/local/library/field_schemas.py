"""Checks of the schemas of custom metadata fields and of their values (api.md, sections 11.5 and 19.1)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ..base.dates import parse_moment
from ..base.errors import ApiError
from ..base.json_values import as_array, as_object

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Schema = Mapping[str, Any]

TYPES = ("Text", "Textarea", "Number", "Date", "Boolean", "SingleSelect", "MultiSelect")
_SELECTS = ("SingleSelect", "MultiSelect")
_ALLOWED_FOR = {
    "selectOptions": _SELECTS,
    "minValue": ("Number", "Date"),
    "maxValue": ("Number", "Date"),
    "minLength": ("Text", "Textarea"),
    "maxLength": ("Text", "Textarea"),
}


class ValueRefused(ValueError):  # noqa: N818 - not an error of ours
    """A value or a member of a schema is not valid; the message says what is allowed."""


def read_schema(given: object, type_: str | None = None) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a schema without unknown members, and the error of each member that is not valid.

    Args:
        given: The schema in the request.
        type_: The type of an existing field, which overrides the one in `given`.
    """
    members = as_object(given)
    if members is None:
        return {}, {"schema": "should be of type object"}
    kind = type_ or members.get("type")
    kind = "Textarea" if kind == "TextArea" else kind  # one description of the service spells it this way
    if kind not in TYPES:
        return {}, {"type": f"should be one of {', '.join(TYPES)}"}
    schema: dict[str, Any] = {"type": kind}
    errors: dict[str, str] = {}
    for name, read in _MEMBERS.items():
        if members.get(name) is None:
            continue
        if kind not in _ALLOWED_FOR.get(name, TYPES):
            errors[name] = "not allowed for this type"
            continue
        try:
            schema[name] = read(kind, members[name])
        except ValueRefused as exc:
            errors[name] = str(exc)
    return schema, errors or _contradictions(schema, members.get("defaultValue"))


def _contradictions(schema: dict[str, Any], default: object) -> dict[str, str]:
    """Return the contradictions between members, by name. Also add the default, which is checked against them."""
    if schema["type"] in _SELECTS and "selectOptions" not in schema:
        return {"selectOptions": "is required for this type"}
    for low, high in (("minValue", "maxValue"), ("minLength", "maxLength")):
        if low in schema and high in schema and _order(schema[low]) > _order(schema[high]):
            return {low: f"should not be greater than {high}"}
    if default is not None:
        try:
            schema["defaultValue"] = read_value(schema, default)
        except ValueRefused as exc:
            return {"defaultValue": str(exc)}
    elif schema.get("isValueRequired"):
        return {"defaultValue": "is required when isValueRequired is true"}
    return {}


def read_value(schema: Schema, value: Any) -> Any:
    """Return `value` in the form that is stored for a field with this schema.

    Raises:
        ValueRefused: The value does not satisfy the schema; types are not coerced.
    """
    kind = schema["type"]
    if kind == "MultiSelect":
        options = _array(kind, value)
        for option in options:
            _check_option(schema, option)
        return options
    if kind == "SingleSelect":
        # One table in the docs has an array, but all examples have a scalar (api.md, point 71).
        options = as_array(value) or []
        option = options[0] if len(options) == 1 else value
        _check_option(schema, option)
        return option
    if kind == "Boolean":
        return _boolean(kind, value)
    if kind in ("Text", "Textarea"):
        _check_bounds(schema, "Length", len(_text(kind, value)))
        return value
    bound = _bound(kind, value)
    _check_bounds(schema, "Value", _order(bound))
    return bound


def read_values(
    schemas: Mapping[str, Schema], given: object, *, stored: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the custom metadata of a file after a request.

    Args:
        schemas: The schemas of the existing fields, by name.
        given: The object in the request: values by field name.
        stored: The current values of the file, which `given` then changes, with None to remove a value. Without it,
            `given` has all values, and fields left out get their default.
    Raises:
        ApiError: 400 "Invalid custom metadata." with the reason for each field; then nothing may be stored.
    """
    changes = as_object(given)
    if changes is None:
        raise ApiError(400, "Your request contains invalid customMetadata parameter.")
    values = dict(stored or {})
    errors: dict[str, str] = {}
    for name, value in changes.items():
        schema = schemas.get(name)
        if schema is None:
            errors[name] = "no such custom metadata field exists"
        elif value is not None:
            try:
                values[name] = read_value(schema, value)
            except ValueRefused as exc:
                errors[name] = str(exc)
        elif schema.get("isValueRequired"):
            errors[name] = "is required"
        else:
            values.pop(name, None)
    if errors:
        raise ApiError(400, "Invalid custom metadata.", errors=errors)
    if stored is None:
        defaults = {name: schema["defaultValue"] for name, schema in schemas.items() if "defaultValue" in schema}
        return {**defaults, **values}
    return values


def _check_option(schema: Schema, value: Any) -> None:
    # True equals 1 in Python, but not in JSON.
    options = schema["selectOptions"]
    if not any(option == value and isinstance(option, bool) == isinstance(value, bool) for option in options):
        raise ValueRefused("should be one of the select options")


def _check_bounds(schema: Schema, what: str, measure: float) -> None:
    low, high = schema.get(f"min{what}"), schema.get(f"max{what}")
    if low is not None and measure < _order(low):
        raise ValueRefused(f"should not be less than min{what} {low}")
    if high is not None and measure > _order(high):
        raise ValueRefused(f"should not be greater than max{what} {high}")


def _order(bound: float | str) -> float:
    """Return numbers unchanged, and dates as Unix time."""
    return _date(bound) if isinstance(bound, str) else bound


def _date(text: str) -> float:
    moment = parse_moment(text)
    if moment is None:
        raise ValueRefused("should be a date in ISO 8601, such as 2024-03-05T07:08:09.123Z")
    return moment


def _boolean(_kind: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueRefused("should be of type boolean")
    return value


def _text(_kind: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueRefused("should be of type string")
    return value


def _number(_kind: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueRefused("should be of type number")
    return value


def _length(kind: str, value: Any) -> float:
    if _number(kind, value) < 0:
        raise ValueRefused("should not be less than 0")
    return float(value) if isinstance(value, float) else int(value)


def _bound(kind: str, value: Any) -> float | str:
    if kind == "Number":
        return _number(kind, value)
    _date(_text(kind, value))
    return str(value)


def _array(_kind: str, value: Any) -> list[Any]:
    items = as_array(value)
    if items is None:
        raise ValueRefused("should be of type array")
    return items


def _options(kind: str, value: Any) -> list[Any]:
    if not _array(kind, value) or not all(isinstance(option, (str, int, float)) for option in value):
        raise ValueRefused("should be an array of strings, numbers or booleans, and not empty")
    return _array(kind, value)


_MEMBERS: Mapping[str, Callable[[str, Any], Any]] = {
    "selectOptions": _options,
    "isValueRequired": _boolean,
    "minValue": _bound,
    "maxValue": _bound,
    "minLength": _length,
    "maxLength": _length,
}
