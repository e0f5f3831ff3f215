"""Documented import path of `CustomMetadataSchema`."""

from ..custom_metadata import CustomMetadataSchema as CustomMetadataSchema
