"""Documented import path of `NetworkException`."""

from ._family import NetworkException as NetworkException
