"""The exceptions of the library.

`_family` shows the tree of the exceptions that communication with the service raises. `EmptyFileError` is separate: it
is a ValueError, and like every error for an invalid argument it is raised before anything is sent. The names of release
5 are aliases, so that `except` clauses written for it keep working.
"""

from ._empty_file import EmptyFileError
from ._family import (
    ErrorDetail,
    FileExistsBadRequestException,
    FileExistsConflictException,
    FileExistsException,
    FileTooLargeException,
    StatusException,
    UnprocessableEntityException,
    UnreadableResponseException,
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

# Release 5.
ImageKitError = APIError = ImageKitException
APIConnectionError = NetworkException
APITimeoutError = TimeoutException
APIStatusError = StatusException
BadRequestError = BadRequestException
AuthenticationError = UnauthorizedException
PermissionDeniedError = ForbiddenException
NotFoundError = NotFoundException
ConflictError = ConflictException
UnprocessableEntityError = UnprocessableEntityException
RateLimitError = TooManyRequestsException
InternalServerError = InternalServerException
APIResponseValidationError = UnreadableResponseException

__all__ = [
    "APIConnectionError",
    "APIError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "BadRequestException",
    "ConflictError",
    "ConflictException",
    "EmptyFileError",
    "ErrorDetail",
    "FileExistsBadRequestException",
    "FileExistsConflictException",
    "FileExistsException",
    "FileTooLargeException",
    "ForbiddenException",
    "ImageKitError",
    "ImageKitException",
    "InternalServerError",
    "InternalServerException",
    "NetworkException",
    "NotFoundError",
    "NotFoundException",
    "PartialSuccessException",
    "PermissionDeniedError",
    "RateLimitError",
    "StatusException",
    "TimeoutException",
    "TooManyRequestsException",
    "UnauthorizedException",
    "UnknownException",
    "UnprocessableEntityError",
    "UnprocessableEntityException",
    "UnreadableResponseException",
]
