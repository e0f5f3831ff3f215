"""Documented import path of `ListCustomMetadataFieldsResult`."""

from ..custom_metadata import ListCustomMetadataFieldsResult as ListCustomMetadataFieldsResult
