"""Documented import path of `UpdateCustomMetadataFieldsRequestOptions`."""

from .custom_metadata import UpdateCustomMetadataFieldsRequestOptions as UpdateCustomMetadataFieldsRequestOptions
