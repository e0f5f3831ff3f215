"""Documented import path of `MoveFolderRequestOptions`."""

from .folders import MoveFolderRequestOptions as MoveFolderRequestOptions
