"""Documented import path of `RenameFileResult`."""

from ..files import RenameFileResult as RenameFileResult
