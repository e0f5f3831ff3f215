"""Documented import path of `UpdateFileRequestOptions`."""

from .files import UpdateFileRequestOptions as UpdateFileRequestOptions
