"""Documented import path of `TimeoutException`."""

from ._family import TimeoutException as TimeoutException
