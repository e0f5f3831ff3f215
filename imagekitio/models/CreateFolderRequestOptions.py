"""Documented import path of `CreateFolderRequestOptions`."""

from .folders import CreateFolderRequestOptions as CreateFolderRequestOptions
