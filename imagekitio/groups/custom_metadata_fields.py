"""`imagekit.custom_metadata_fields`: the fields that the files of an account can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..models.custom_metadata import CustomMetadataFieldsResult, ListCustomMetadataFieldsResult
from ..operations import custom_metadata
from .call import Call, Group, ModeT, RawT
from .results import read_list

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..models.custom_metadata import (
        CreateCustomMetadataFieldsKeywords,
        CustomMetadataFieldsResultWithResponseMetadata,
        UpdateCustomMetadataFieldsKeywords,
    )
    from ..models.result import ResponseMetadataResult
    from ..operations.core import Operation


@Call
def create_field(
    **options: Unpack[CreateCustomMetadataFieldsKeywords],
) -> Operation[CustomMetadataFieldsResultWithResponseMetadata]:
    """Create a field; see `ImageKit.create_custom_metadata_fields`."""
    return custom_metadata.create_custom_metadata_fields(**options)


@Call
def list_fields(
    *, include_deleted: bool = False, folder_path: str | None = None
) -> Operation[list[CustomMetadataFieldsResult]]:
    """List the fields; see `ImageKit.get_custom_metadata_fields`."""
    operation = custom_metadata.get_custom_metadata_fields(include_deleted, folder_path)
    return read_list(operation, ListCustomMetadataFieldsResult)


@Call
def update_field(
    id: str, **options: Unpack[UpdateCustomMetadataFieldsKeywords]
) -> Operation[CustomMetadataFieldsResultWithResponseMetadata]:
    """Change a field; see `ImageKit.update_custom_metadata_fields`."""
    return custom_metadata.update_custom_metadata_fields(id, **options)


@Call
def delete_field(id: str) -> Operation[ResponseMetadataResult]:
    """Delete a field; see `ImageKit.delete_custom_metadata_field`."""
    return custom_metadata.delete_custom_metadata_field(id)


class CustomMetadataFieldsGroup(Group[ModeT, RawT]):
    """`imagekit.custom_metadata_fields`: custom metadata fields."""

    create = create_field
    list = list_fields
    update = update_field
    delete = delete_field

    @property
    def with_raw_response(self) -> CustomMetadataFieldsGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return CustomMetadataFieldsGroup(self._raw, self._raw)
