"""Documented import path of `CustomMetadataFieldsResultWithResponseMetadata`."""

from ..custom_metadata import (
    CustomMetadataFieldsResultWithResponseMetadata as CustomMetadataFieldsResultWithResponseMetadata,
)
