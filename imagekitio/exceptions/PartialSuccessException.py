"""Documented import path of `PartialSuccessException`."""

from ._family import PartialSuccessException as PartialSuccessException
