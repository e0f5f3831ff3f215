"""Documented import path of `CustomMetadataFieldsResult`."""

from ..custom_metadata import CustomMetadataFieldsResult as CustomMetadataFieldsResult
