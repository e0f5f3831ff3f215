"""Documented import path of `DeleteFolderRequestOptions`."""

from .folders import DeleteFolderRequestOptions as DeleteFolderRequestOptions
