"""Documented import path of `ConflictException`."""

from ._family import ConflictException as ConflictException
