"""Documented import path of `ResponseMetadata`."""

from ..metadata import ResponseMetadata as ResponseMetadata
