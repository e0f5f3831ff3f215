"""Documented import path of `InternalServerException`."""

from ._family import InternalServerException as InternalServerException
