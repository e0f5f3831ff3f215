"""Documented import path of `UnauthorizedException`."""

from ._family import UnauthorizedException as UnauthorizedException
