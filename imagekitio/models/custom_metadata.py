"""Custom metadata fields: the fields that the files of an account can have, and the schemas of their values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict

from .options import UNSET, Options, Unset, option
from .result import ALWAYS, ListResult, Model, Result, object_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import SupportsFloat


class CustomMetaDataTypeEnum(str, Enum):
    """The types of a custom metadata field."""

    Text = "Text"
    Textarea = "Textarea"
    Number = "Number"
    Date = "Date"
    Boolean = "Boolean"
    SingleSelect = "SingleSelect"
    MultiSelect = "MultiSelect"


@dataclass(frozen=True, kw_only=True, repr=False)
class CustomMetadataSchema(Model):
    """The schema that the values of a field must match.

    Attributes:
        type: A value of `CustomMetaDataTypeEnum`; a plain str, because the API may add types.
        select_options: Values to choose from, for the two select types.
        is_value_required: Whether a file must have a value.
        default_value: Value of files for which none is given.
        min_value, max_value: Bounds of the value: numbers, or ISO 8601 dates as str.
        min_length, max_length: Bounds of the length, in characters.
        read_only, select_options_truncated: Flags that only the schemas of path policies have.
    """

    type: str = ALWAYS
    select_options: list[Any] | None = None
    is_value_required: bool | None = None
    default_value: Any = None
    min_value: float | str | None = None
    max_value: float | str | None = None
    min_length: int | None = None
    max_length: int | None = None
    read_only: bool | None = None
    select_options_truncated: bool | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class CustomMetadataFieldsResult(Model):
    """A custom metadata field.

    Attributes:
        id: ID of the field.
        name: Name that programs use, as in `FileResult.custom_metadata`.
        label: Name that people see.
        schema: Schema that values must match.
        description: Description of the field.
        reserved: True if the field is built in.
    """

    id: str = ALWAYS
    name: str = ALWAYS
    label: str = ALWAYS
    schema: CustomMetadataSchema = field(default=ALWAYS, metadata=object_of(CustomMetadataSchema))
    description: str | None = None
    reserved: bool | None = None

    @property
    def schema_(self) -> CustomMetadataSchema:
        """The name of `schema` in release 5."""
        return self.schema


@dataclass(frozen=True, kw_only=True, repr=False)
class CustomMetadataFieldsResultWithResponseMetadata(CustomMetadataFieldsResult, Result):
    """A custom metadata field, with the response that contained it."""


@dataclass(frozen=True, kw_only=True, repr=False)
class ListCustomMetadataFieldsResult(ListResult[CustomMetadataFieldsResult]):
    """The custom metadata fields of the account."""

    @classmethod
    def _decode_item(cls, data: Any) -> CustomMetadataFieldsResult:
        return CustomMetadataFieldsResult.from_json(data)


FieldType: TypeAlias = Literal["Text", "Textarea", "Number", "Date", "Boolean", "SingleSelect", "MultiSelect"]


class CustomMetadataFieldsSchemaDict(TypedDict, total=False):
    """The schema that the values of a field must match, as a dict; see `CustomMetadataFieldsSchema`."""

    type: CustomMetaDataTypeEnum | FieldType
    select_options: Sequence[str | float | bool] | None
    selectOptions: Sequence[str | float | bool] | None
    is_value_required: bool | None
    isValueRequired: bool | None
    default_value: Any
    defaultValue: Any
    min_value: SupportsFloat | date | str | None
    minValue: SupportsFloat | date | str | None
    max_value: SupportsFloat | date | str | None
    maxValue: SupportsFloat | date | str | None
    min_length: int | None
    minLength: int | None
    max_length: int | None
    maxLength: int | None


@dataclass(repr=False)
class CustomMetadataFieldsSchema(Options):
    """The schema that the values of a field must match.

    Attributes:
        type: Type of the values; required for a new field, and fixed from then on.
        select_options: Values to choose from (str, numbers and booleans); required for the two select types.
        is_value_required: Whether a file must have a value; True requires a `default_value`.
        default_value: Value of files for which none is given.
        min_value, max_value: Bounds of a Number, or of a Date as ISO 8601 str.
        min_length, max_length: Bounds of the length of a Text or Textarea, in characters.
    """

    type: CustomMetaDataTypeEnum | FieldType | str | Unset = UNSET
    select_options: Sequence[str | float | bool] | Unset | None = UNSET
    is_value_required: bool | Unset | None = UNSET
    default_value: Any = UNSET
    min_value: float | str | Unset | None = UNSET
    max_value: float | str | Unset | None = UNSET
    min_length: int | Unset | None = UNSET
    max_length: int | Unset | None = UNSET


def _encode_schema(value: object) -> dict[str, Any]:
    return CustomMetadataFieldsSchema.of(value).to_json()


class CreateCustomMetadataFieldsKeywords(TypedDict, total=False):
    """The options of `create_custom_metadata_fields` as keywords."""

    name: str
    label: str
    schema: CustomMetadataFieldsSchema | CustomMetadataFieldsSchemaDict
    description: str | None


@dataclass(repr=False)
class CreateCustomMetadataFieldsRequestOptions(Options):
    """Options of `create_custom_metadata_fields`.

    Attributes:
        name: Name that programs use; required.
        label: Name that people see; required.
        schema: Schema that values must match; required.
        description: Description of the field.
    """

    name: str | Unset = UNSET
    label: str | Unset = UNSET
    schema: CustomMetadataFieldsSchema | CustomMetadataFieldsSchemaDict | Mapping[str, Any] | Unset = field(
        default=UNSET, metadata=option(encode=_encode_schema)
    )
    description: str | Unset | None = UNSET


class UpdateCustomMetadataFieldsKeywords(TypedDict, total=False):
    """The options of `update_custom_metadata_fields` as keywords."""

    label: str | None
    schema: CustomMetadataFieldsSchema | CustomMetadataFieldsSchemaDict | None
    description: str | None


@dataclass(repr=False)
class UpdateCustomMetadataFieldsRequestOptions(Options):
    """Options of `update_custom_metadata_fields`. Attributes that are not set stay unchanged.

    Attributes:
        label: New name that people see.
        schema: New schema of the values; its type cannot change.
        description: New description; an empty str clears it.
    """

    label: str | Unset | None = UNSET
    schema: CustomMetadataFieldsSchema | CustomMetadataFieldsSchemaDict | Mapping[str, Any] | Unset | None = field(
        default=UNSET, metadata=option(encode=_encode_schema)
    )
    description: str | Unset | None = UNSET
