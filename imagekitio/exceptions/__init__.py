"""The exceptions of the library; `_family` shows the whole tree."""

from ._family import ErrorDetail
from .BadRequestException import BadRequestException
from .ConflictException import ConflictException
from .FileExistsBadRequestException import FileExistsBadRequestException
from .FileExistsConflictException import FileExistsConflictException
from .FileExistsException import FileExistsException
from .FileTooLargeException import FileTooLargeException
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
