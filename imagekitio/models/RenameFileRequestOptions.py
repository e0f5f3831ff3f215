"""Documented import path of `RenameFileRequestOptions`."""

from .files import RenameFileRequestOptions as RenameFileRequestOptions
