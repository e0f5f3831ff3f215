"""Documented import path of `MoveFileRequestOptions`."""

from .files import MoveFileRequestOptions as MoveFileRequestOptions
