"""Documented import path of `FileExistsBadRequestException`."""

from ._family import FileExistsBadRequestException as FileExistsBadRequestException
