"""The exceptions of the library.

`_family` shows the tree of those that the communication with the service raises. Beside it stands `EmptyFileError`, a
ValueError: like every error for a wrong argument it is raised before anything is sent.
"""

from ._empty_file import EmptyFileError
from ._family import (
    ErrorDetail,
    FileExistsBadRequestException,
    FileExistsConflictException,
    FileExistsException,
    FileTooLargeException,
)
from .BadRequestException import BadRequestException
from .ConflictException import ConflictException
from .ForbiddenException import ForbiddenException
from .ImageKitException import ImageKitException
from .InternalServerException import InternalServerException
from .NetworkException import NetworkException
from .NotFoundException import NotFoundException
from .PartialSuccessException import PartialSuccessException
from .TimeoutException import TimeoutException
from .TooManyRequestsException import TooManyRequestsException
from .UnauthorizedException import UnauthorizedException
from .UnknownException import UnknownException

__all__ = [
    "BadRequestException",
    "ConflictException",
    "EmptyFileError",
    "ErrorDetail",
    "FileExistsBadRequestException",
    "FileExistsConflictException",
    "FileExistsException",
    "FileTooLargeException",
    "ForbiddenException",
    "ImageKitException",
    "InternalServerException",
    "NetworkException",
    "NotFoundException",
    "PartialSuccessException",
    "TimeoutException",
    "TooManyRequestsException",
    "UnauthorizedException",
    "UnknownException",
]
