"""The error for a file without content. It is an invalid argument, not an `ImageKitException`: nothing was sent."""

from __future__ import annotations


class EmptyFileError(ValueError):
    """The file to upload is empty, or has been read to its end. The service would refuse it."""
