"""Documented import path of `ForbiddenException`."""

from ._family import ForbiddenException as ForbiddenException
