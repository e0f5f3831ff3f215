"""Documented import path of `FileExistsException`."""

from ._family import FileExistsException as FileExistsException
