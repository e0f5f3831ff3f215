"""Documented import path of `FileTooLargeException`."""

from ._family import FileTooLargeException as FileTooLargeException
