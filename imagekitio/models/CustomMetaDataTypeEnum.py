"""Documented import path of `CustomMetaDataTypeEnum`."""

from .custom_metadata import CustomMetaDataTypeEnum as CustomMetaDataTypeEnum
