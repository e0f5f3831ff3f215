"""Documented import path of `FileExistsConflictException`."""

from ._family import FileExistsConflictException as FileExistsConflictException
