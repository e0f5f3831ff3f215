"""Documented import path of `CreateCustomMetadataFieldsRequestOptions`."""

from .custom_metadata import CreateCustomMetadataFieldsRequestOptions as CreateCustomMetadataFieldsRequestOptions
