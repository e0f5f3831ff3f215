"""Documented import path of `TooManyRequestsException`."""

from ._family import TooManyRequestsException as TooManyRequestsException
