"""Independent Python SDK for ImageKit.io: transformation URLs, signing, media management, and a local ImageKit.

Public names are loaded on first use (PEP 562), so an application that only builds URLs never loads an HTTP library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .aio import AsyncImageKit as AsyncImageKit
    from .bulk import Change as Change
    from .bulk import Done as Done
    from .bulk import Failed as Failed
    from .bulk import Succeeded as Succeeded
    from .client import ImageKit as ImageKit
    from .exceptions import APIConnectionError as APIConnectionError
    from .exceptions import APIError as APIError
    from .exceptions import APIResponseValidationError as APIResponseValidationError
    from .exceptions import APIStatusError as APIStatusError
    from .exceptions import APITimeoutError as APITimeoutError
    from .exceptions import AuthenticationError as AuthenticationError
    from .exceptions import BadRequestError as BadRequestError
    from .exceptions import BadRequestException as BadRequestException
    from .exceptions import ConflictError as ConflictError
    from .exceptions import ConflictException as ConflictException
    from .exceptions import EmptyFileError as EmptyFileError
    from .exceptions import ErrorDetail as ErrorDetail
    from .exceptions import FileExistsBadRequestException as FileExistsBadRequestException
    from .exceptions import FileExistsConflictException as FileExistsConflictException
    from .exceptions import FileExistsException as FileExistsException
    from .exceptions import FileTooLargeException as FileTooLargeException
    from .exceptions import ForbiddenException as ForbiddenException
    from .exceptions import ImageKitError as ImageKitError
    from .exceptions import ImageKitException as ImageKitException
    from .exceptions import InternalServerError as InternalServerError
    from .exceptions import InternalServerException as InternalServerException
    from .exceptions import NetworkException as NetworkException
    from .exceptions import NotFoundError as NotFoundError
    from .exceptions import NotFoundException as NotFoundException
    from .exceptions import PartialSuccessException as PartialSuccessException
    from .exceptions import PermissionDeniedError as PermissionDeniedError
    from .exceptions import RateLimitError as RateLimitError
    from .exceptions import StatusException as StatusException
    from .exceptions import TimeoutException as TimeoutException
    from .exceptions import TooManyRequestsException as TooManyRequestsException
    from .exceptions import UnauthorizedException as UnauthorizedException
    from .exceptions import UnknownException as UnknownException
    from .exceptions import UnprocessableEntityError as UnprocessableEntityError
    from .exceptions import UnprocessableEntityException as UnprocessableEntityException
    from .exceptions import UnreadableResponseException as UnreadableResponseException
    from .html.markup import Markup as Markup
    from .html.options import ImgOptions as ImgOptions
    from .html.options import PictureSource as PictureSource
    from .models import UNSET as UNSET
    from .models import CopyFileRequestOptions as CopyFileRequestOptions
    from .models import CopyFolderRequestOptions as CopyFolderRequestOptions
    from .models import CreateCustomMetadataFieldsRequestOptions as CreateCustomMetadataFieldsRequestOptions
    from .models import CreateFolderRequestOptions as CreateFolderRequestOptions
    from .models import CustomMetadataFieldsSchema as CustomMetadataFieldsSchema
    from .models import CustomMetaDataTypeEnum as CustomMetaDataTypeEnum
    from .models import DeleteFolderRequestOptions as DeleteFolderRequestOptions
    from .models import ListAndSearchFileRequestOptions as ListAndSearchFileRequestOptions
    from .models import MoveFileRequestOptions as MoveFileRequestOptions
    from .models import MoveFolderRequestOptions as MoveFolderRequestOptions
    from .models import PublishOptions as PublishOptions
    from .models import RenameFileRequestOptions as RenameFileRequestOptions
    from .models import RenameFolderRequestOptions as RenameFolderRequestOptions
    from .models import UpdateCustomMetadataFieldsRequestOptions as UpdateCustomMetadataFieldsRequestOptions
    from .models import UpdateFileRequestOptions as UpdateFileRequestOptions
    from .models import UploadFileRequestOptions as UploadFileRequestOptions
    from .models.account import AkeneoPimOrigin as AkeneoPimOrigin
    from .models.account import AzureBlobOrigin as AzureBlobOrigin
    from .models.account import CloudinaryBackupOrigin as CloudinaryBackupOrigin
    from .models.account import GcsOrigin as GcsOrigin
    from .models.account import NamedTransformationRequestOptions as NamedTransformationRequestOptions
    from .models.account import S3CompatibleOrigin as S3CompatibleOrigin
    from .models.account import S3Origin as S3Origin
    from .models.account import SavedExtensionRequestOptions as SavedExtensionRequestOptions
    from .models.account import UrlEndpointRequestOptions as UrlEndpointRequestOptions
    from .models.account import UrlRewriter as UrlRewriter
    from .models.account import WebFolderOrigin as WebFolderOrigin
    from .models.account import WebhookRequestOptions as WebhookRequestOptions
    from .models.account import WebProxyOrigin as WebProxyOrigin
    from .models.results import FileResult as FileResult
    from .models.results import UploadFileResult as UploadFileResult
    from .operations.file_names import clean_file_name as clean_file_name
    from .operations.file_names import clean_folder_name as clean_folder_name
    from .policies import Retry as Retry
    from .urls.explaining import UrlExplanation as UrlExplanation
    from .urls.options import UrlOptions as UrlOptions
    from .urls.parsing import ParsedUrl as ParsedUrl
    from .urls.templates import UrlTemplate as UrlTemplate
    from .urls.transformations.types import ImageOverlay as ImageOverlay
    from .urls.transformations.types import Overlay as Overlay
    from .urls.transformations.types import OverlayPosition as OverlayPosition
    from .urls.transformations.types import OverlayTiming as OverlayTiming
    from .urls.transformations.types import SolidColorOverlay as SolidColorOverlay
    from .urls.transformations.types import SubtitleOverlay as SubtitleOverlay
    from .urls.transformations.types import SubtitleOverlayTransformation as SubtitleOverlayTransformation
    from .urls.transformations.types import TextOverlay as TextOverlay
    from .urls.transformations.types import TextOverlayTransformation as TextOverlayTransformation
    from .urls.transformations.types import Transformation as Transformation
    from .urls.transformations.types import VideoOverlay as VideoOverlay
    from .urls.verifying import SignatureError as SignatureError
    from .webhooks import APIWebhookValidationError as APIWebhookValidationError
    from .webhooks import WebhookVerificationError as WebhookVerificationError
    from .webhooks import parse_webhook as parse_webhook
    from .webhooks import verify_webhook as verify_webhook

    __version__: str

_MODULES = {
    "aio": ("AsyncImageKit",),
    "bulk": ("Change", "Done", "Failed", "Succeeded"),
    "client": ("ImageKit",),
    "exceptions": (
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
    ),
    "html.markup": ("Markup",),
    "html.options": ("ImgOptions", "PictureSource"),
    "models": (
        "CopyFileRequestOptions",
        "CopyFolderRequestOptions",
        "CreateCustomMetadataFieldsRequestOptions",
        "CreateFolderRequestOptions",
        "CustomMetaDataTypeEnum",
        "CustomMetadataFieldsSchema",
        "DeleteFolderRequestOptions",
        "ListAndSearchFileRequestOptions",
        "MoveFileRequestOptions",
        "MoveFolderRequestOptions",
        "PublishOptions",
        "RenameFileRequestOptions",
        "RenameFolderRequestOptions",
        "UNSET",
        "UpdateCustomMetadataFieldsRequestOptions",
        "UpdateFileRequestOptions",
        "UploadFileRequestOptions",
    ),
    "models.account": (
        "AkeneoPimOrigin",
        "AzureBlobOrigin",
        "CloudinaryBackupOrigin",
        "GcsOrigin",
        "NamedTransformationRequestOptions",
        "S3CompatibleOrigin",
        "S3Origin",
        "SavedExtensionRequestOptions",
        "UrlEndpointRequestOptions",
        "UrlRewriter",
        "WebFolderOrigin",
        "WebProxyOrigin",
        "WebhookRequestOptions",
    ),
    "models.results": ("FileResult", "UploadFileResult"),
    "operations.file_names": ("clean_file_name", "clean_folder_name"),
    "policies": ("Retry",),
    "urls.explaining": ("UrlExplanation",),
    "urls.options": ("UrlOptions",),
    "urls.parsing": ("ParsedUrl",),
    "urls.templates": ("UrlTemplate",),
    "urls.transformations.types": (
        "ImageOverlay",
        "Overlay",
        "OverlayPosition",
        "OverlayTiming",
        "SolidColorOverlay",
        "SubtitleOverlay",
        "SubtitleOverlayTransformation",
        "TextOverlay",
        "TextOverlayTransformation",
        "Transformation",
        "VideoOverlay",
    ),
    "urls.verifying": ("SignatureError",),
    "webhooks": ("APIWebhookValidationError", "WebhookVerificationError", "parse_webhook", "verify_webhook"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "UNSET",
    "APIConnectionError",
    "APIError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "APIWebhookValidationError",
    "AkeneoPimOrigin",
    "AsyncImageKit",
    "AuthenticationError",
    "AzureBlobOrigin",
    "BadRequestError",
    "BadRequestException",
    "Change",
    "CloudinaryBackupOrigin",
    "ConflictError",
    "ConflictException",
    "CopyFileRequestOptions",
    "CopyFolderRequestOptions",
    "CreateCustomMetadataFieldsRequestOptions",
    "CreateFolderRequestOptions",
    "CustomMetaDataTypeEnum",
    "CustomMetadataFieldsSchema",
    "DeleteFolderRequestOptions",
    "Done",
    "EmptyFileError",
    "ErrorDetail",
    "Failed",
    "FileExistsBadRequestException",
    "FileExistsConflictException",
    "FileExistsException",
    "FileResult",
    "FileTooLargeException",
    "ForbiddenException",
    "GcsOrigin",
    "ImageKit",
    "ImageKitError",
    "ImageKitException",
    "ImageOverlay",
    "ImgOptions",
    "InternalServerError",
    "InternalServerException",
    "ListAndSearchFileRequestOptions",
    "Markup",
    "MoveFileRequestOptions",
    "MoveFolderRequestOptions",
    "NamedTransformationRequestOptions",
    "NetworkException",
    "NotFoundError",
    "NotFoundException",
    "Overlay",
    "OverlayPosition",
    "OverlayTiming",
    "ParsedUrl",
    "PartialSuccessException",
    "PermissionDeniedError",
    "PictureSource",
    "PublishOptions",
    "RateLimitError",
    "RenameFileRequestOptions",
    "RenameFolderRequestOptions",
    "Retry",
    "S3CompatibleOrigin",
    "S3Origin",
    "SavedExtensionRequestOptions",
    "SignatureError",
    "SolidColorOverlay",
    "StatusException",
    "SubtitleOverlay",
    "SubtitleOverlayTransformation",
    "Succeeded",
    "TextOverlay",
    "TextOverlayTransformation",
    "TimeoutException",
    "TooManyRequestsException",
    "Transformation",
    "UnauthorizedException",
    "UnknownException",
    "UnprocessableEntityError",
    "UnprocessableEntityException",
    "UnreadableResponseException",
    "UpdateCustomMetadataFieldsRequestOptions",
    "UpdateFileRequestOptions",
    "UploadFileRequestOptions",
    "UploadFileResult",
    "UrlEndpointRequestOptions",
    "UrlExplanation",
    "UrlOptions",
    "UrlRewriter",
    "UrlTemplate",
    "VideoOverlay",
    "WebFolderOrigin",
    "WebProxyOrigin",
    "WebhookRequestOptions",
    "WebhookVerificationError",
    "__version__",
    "clean_file_name",
    "clean_folder_name",
    "parse_webhook",
    "verify_webhook",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        value: object = version("imagekitio")
    elif name in _MODULE_OF:
        from importlib import import_module

        value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
