"""Documented import path of `CopyFolderRequestOptions`."""

from .folders import CopyFolderRequestOptions as CopyFolderRequestOptions
