"""Custom metadata fields: what the files of an account may carry, and of which kind it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, TypedDict

from .options import UNSET, Options, Unset, option
from .result import ALWAYS, ListResult, Model, Result, nested

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class CustomMetaDataTypeEnum(str, Enum):
    """The types that a custom metadata field can have."""

    Text = "Text"
    Textarea = "Textarea"
    Number = "Number"
    Date = "Date"
    Boolean = "Boolean"
    SingleSelect = "SingleSelect"
    MultiSelect = "MultiSelect"


@dataclass(frozen=True, kw_only=True, repr=False)
class CustomMetadataSchema(Model):
    """What the values of a field must be.

    Attributes:
        type: A value of `CustomMetaDataTypeEnum`; a str, since the API may learn more.
        min_value, max_value: Numbers, or ISO 8601 texts for a date.
        min_length, max_length: Characters.
        read_only, select_options_truncated: Only in the schemas of path policies.
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
    """A custom metadata field. `reserved` is True for the built-in ones."""

    id: str = ALWAYS
    name: str = ALWAYS
    label: str = ALWAYS
    schema: CustomMetadataSchema = field(default=ALWAYS, metadata=nested(CustomMetadataSchema))
    description: str | None = None
    reserved: bool | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class CustomMetadataFieldsResultWithResponseMetadata(CustomMetadataFieldsResult, Result):
    """A custom metadata field, as the only content of an answer."""


@dataclass(frozen=True, kw_only=True, repr=False)
class ListCustomMetadataFieldsResult(ListResult[CustomMetadataFieldsResult]):
    """The custom metadata fields of the account."""

    @classmethod
    def _item(cls, data: Any) -> CustomMetadataFieldsResult:
        return CustomMetadataFieldsResult.from_json(data)


@dataclass(repr=False)
class CustomMetadataFieldsSchema(Options):
    """What the values of a field must be.

    Attributes:
        type: Required for a new field; cannot change afterwards.
        select_options: Texts, numbers and booleans; required for the two select types.
        is_value_required: Needs a `default_value`.
        min_value, max_value: For Number, or as ISO 8601 text for Date.
        min_length, max_length: Characters; for Text and Textarea.
    """

    type: CustomMetaDataTypeEnum | str | Unset = UNSET
    select_options: Sequence[str | float | bool] | Unset | None = UNSET
    is_value_required: bool | Unset | None = UNSET
    default_value: Any = UNSET
    min_value: float | str | Unset | None = UNSET
    max_value: float | str | Unset | None = UNSET
    min_length: int | Unset | None = UNSET
    max_length: int | Unset | None = UNSET


def _schema(value: object) -> dict[str, Any]:
    return CustomMetadataFieldsSchema.of(value).to_json()


class CreateCustomMetadataFieldsKeywords(TypedDict, total=False):
    """The options of `create_custom_metadata_fields` as keywords."""

    name: str
    label: str
    schema: CustomMetadataFieldsSchema | Mapping[str, Any]
    description: str | None


@dataclass(repr=False)
class CreateCustomMetadataFieldsRequestOptions(Options):
    """A new field: `name` for programs, `label` for people, and the schema of its values."""

    name: str | Unset = UNSET
    label: str | Unset = UNSET
    schema: CustomMetadataFieldsSchema | Mapping[str, Any] | Unset = field(
        default=UNSET, metadata=option(encode=_schema)
    )
    description: str | Unset | None = UNSET


class UpdateCustomMetadataFieldsKeywords(TypedDict, total=False):
    """The options of `update_custom_metadata_fields` as keywords."""

    label: str | None
    schema: CustomMetadataFieldsSchema | Mapping[str, Any] | None
    description: str | None


@dataclass(repr=False)
class UpdateCustomMetadataFieldsRequestOptions(Options):
    """What to change of a field; an empty `description` clears it."""

    label: str | Unset | None = UNSET
    schema: CustomMetadataFieldsSchema | Mapping[str, Any] | Unset | None = field(
        default=UNSET, metadata=option(encode=_schema)
    )
    description: str | Unset | None = UNSET
