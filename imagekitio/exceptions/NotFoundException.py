"""Documented import path of `NotFoundException`."""

from ._family import NotFoundException as NotFoundException
