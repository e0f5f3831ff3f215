"""Documented import path of `ResponseMetadata`."""

from ..response_metadata import ResponseMetadata as ResponseMetadata
