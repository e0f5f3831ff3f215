"""Documented import path of `FileResultWithResponseMetadata`."""

from ..files import FileResultWithResponseMetadata as FileResultWithResponseMetadata
