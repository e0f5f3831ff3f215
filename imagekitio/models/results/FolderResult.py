"""Documented import path of `FolderResult`."""

from ..files import FolderResult as FolderResult
