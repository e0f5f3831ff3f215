"""Documented import path of `CustomMetadataFieldsSchema`."""

from .custom_metadata import CustomMetadataFieldsSchema as CustomMetadataFieldsSchema
