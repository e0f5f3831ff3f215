"""Documented import path of `EmbeddedMetadata`."""

from ..details import EmbeddedMetadata as EmbeddedMetadata
