"""Documented import path of `ImageKitException`."""

from ._family import ImageKitException as ImageKitException
