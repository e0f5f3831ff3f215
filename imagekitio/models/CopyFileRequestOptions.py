"""Documented import path of `CopyFileRequestOptions`."""

from .files import CopyFileRequestOptions as CopyFileRequestOptions
