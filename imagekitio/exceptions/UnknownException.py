"""Documented import path of `UnknownException`."""

from ._family import UnknownException as UnknownException
