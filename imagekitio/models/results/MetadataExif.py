"""Documented import path of `MetadataExif`."""

from ..details import MetadataExif as MetadataExif
