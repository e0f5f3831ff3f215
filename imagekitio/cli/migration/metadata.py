"""Converts a context to custom metadata: keys for which the account has a field, with the type and bounds of the field.

Source of the rules: ImageKit docs, "Custom metadata fields". The service refuses a whole file because of one value.
"""

from __future__ import annotations

import json
import math
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...exceptions.printing import join_some
from ...models.moments import to_unix_time

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ...client import ImageKit
    from ...models.custom_metadata import CustomMetadataSchema


_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)  # as in JSON


class MetadataFields:
    """The custom metadata fields of an account, which are requested when the first context is seen."""

    def __init__(self, client: ImageKit) -> None:
        self._client = client

    @cached_property
    def _schemas(self) -> Mapping[str, CustomMetadataSchema]:
        return {field.name: field.schema for field in self._client.get_custom_metadata_fields()}

    def convert(self, name: str, value: str | list[str]) -> Any:
        """Convert a value of a context to a value of the field with that name.

        Fields of types that the service may add later get the text.

        Args:
            name: Name of the field.
            value: A text, or a list of texts.
        Raises:
            ValueError: There is no such field, or it does not accept the value; the message says what it accepts.
        """
        schema = self._schemas.get(name)
        if schema is None:
            raise ValueError("the account has no custom metadata field of this name (see imagekit fields)")
        if schema.type == "MultiSelect":
            parts = [value] if isinstance(value, str) and value in _name_options(schema) else _split(value)
            return [_choose(schema, part) for part in parts]
        text = value if isinstance(value, str) else ",".join(value)
        read = _READERS.get(schema.type)
        return text if read is None else read(schema, text)


def _split(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [part.strip() for part in value.split(",") if part.strip()]


def _name_options(schema: CustomMetadataSchema) -> dict[str, Any]:
    """Return the options of a select field by their texts: the options may be numbers and booleans."""
    return {one if isinstance(one, str) else json.dumps(one): one for one in schema.select_options or ()}


def _choose(schema: CustomMetadataSchema, text: str) -> Any:
    options = _name_options(schema)
    if text not in options:
        raise ValueError(f"must be one of the field's options ({join_some([*options], ', ')})")
    return options[text]


def _read_number(schema: CustomMetadataSchema, text: str) -> float:
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise ValueError("must be a number, such as 12 or 12.5")
    number: float = json.loads(text)
    _check_bounds(number, schema.min_value, schema.max_value, "must be")
    return number


def _read_boolean(_schema: CustomMetadataSchema, text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError("must be true or false")
    return text.lower() == "true"


def _read_text(schema: CustomMetadataSchema, text: str) -> str:
    _check_bounds(len(text), schema.min_length, schema.max_length, "the number of characters must be")
    return text


def _read_date(schema: CustomMetadataSchema, text: str) -> str:
    _check_bounds(text, schema.min_value, schema.max_value, "must be", _to_unix_time)
    return text


def _to_unix_time(text: Any) -> float:
    try:
        return to_unix_time(text)
    except ValueError as exc:
        raise ValueError("must be a date in ISO 8601, such as 2024-03-05") from exc


def _check_bounds(
    value: Any, lowest: Any, highest: Any, rule: str, measure: Callable[[Any], float] = lambda value: value
) -> None:
    """Raise ValueError for a value outside of two bounds, which are inclusive and may be None."""
    measured = measure(value)
    if lowest is not None and measured < measure(lowest):
        raise ValueError(f"{rule} {lowest} or more")
    if highest is not None and measured > measure(highest):
        raise ValueError(f"{rule} {highest} or less")


_READERS: Mapping[str, Callable[[CustomMetadataSchema, str], Any]] = {
    "Number": _read_number,
    "Boolean": _read_boolean,
    "Text": _read_text,
    "Textarea": _read_text,
    "Date": _read_date,
    "SingleSelect": _choose,
}
