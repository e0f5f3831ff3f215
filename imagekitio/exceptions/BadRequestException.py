"""Documented import path of `BadRequestException`."""

from ._family import BadRequestException as BadRequestException
