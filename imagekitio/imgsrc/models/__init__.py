"""Requests and results of img-src.io, under the names of the released package.

There, each call has a result class that wraps the class of its data. Here, one class is both, so the two names are
aliases.
"""

from .account import (
    Credits,
    CurrentPeriod,
    DeletePresetResponse,
    ListPresetsResponse,
    PlanLimits,
    PlanStatus,
    Preset,
    SettingsResponse,
    SettingsUpdateResponse,
    UsageResponse,
    UserSettings,
)
from .base import Error, ErrorResponseData, HttpMeta, HttpRequest, Visibility
from .images import (
    ActiveSignedURL,
    AvailableFormats,
    CdnUrls,
    DeleteResponse,
    Dimensions,
    ImageListItem,
    ImageMetadata,
    Links,
    MetadataResponse,
    PathDeleteResponse,
    SearchResult,
    SignedURLResponse,
    UpdateVisibilityResponse,
    UploadResponse,
)
from .listings import AsyncImageListResponse, FolderItem, ImageListResponse, SearchResponse
from .requests import (
    CreatePresetRequest,
    CreatePresetRequestTypedDict,
    File,
    FileTypedDict,
    Fit,
    Format,
    Transformation,
    TransformationTypedDict,
    UpdateSettingsRequest,
    UpdateSettingsRequestTypedDict,
    UploadImageRequestBody,
    UploadImageRequestBodyTypedDict,
)

HTTPMetadata = HttpMeta
UploadImageResponse = UploadResponse
ListImagesResponse = ImageListResponse
SearchImagesResponse = SearchResponse
GetImageResponse = MetadataResponse
DeleteImageResponse = DeleteResponse
CreateSignedURLResponse = SignedURLResponse
UpdateVisibilityResponse1 = UpdateVisibilityResponse
DeleteImagePathResponse = PathDeleteResponse
ListPresetsResponse1 = ListPresetsResponse
CreatePresetResponse = Preset
GetPresetResponse = Preset
UpdatePresetResponse = Preset
DeletePresetResponse1 = DeletePresetResponse
GetSettingsResponse = SettingsResponse
UpdateSettingsResponse = SettingsUpdateResponse
GetUsageResponse = UsageResponse

__all__ = [
    "ActiveSignedURL",
    "AsyncImageListResponse",
    "AvailableFormats",
    "CdnUrls",
    "CreatePresetRequest",
    "CreatePresetRequestTypedDict",
    "CreatePresetResponse",
    "CreateSignedURLResponse",
    "Credits",
    "CurrentPeriod",
    "DeleteImagePathResponse",
    "DeleteImageResponse",
    "DeletePresetResponse",
    "DeletePresetResponse1",
    "DeleteResponse",
    "Dimensions",
    "Error",
    "ErrorResponseData",
    "File",
    "FileTypedDict",
    "Fit",
    "FolderItem",
    "Format",
    "GetImageResponse",
    "GetPresetResponse",
    "GetSettingsResponse",
    "GetUsageResponse",
    "HTTPMetadata",
    "HttpMeta",
    "HttpRequest",
    "ImageListItem",
    "ImageListResponse",
    "ImageMetadata",
    "Links",
    "ListImagesResponse",
    "ListPresetsResponse",
    "ListPresetsResponse1",
    "MetadataResponse",
    "PathDeleteResponse",
    "PlanLimits",
    "PlanStatus",
    "Preset",
    "SearchImagesResponse",
    "SearchResponse",
    "SearchResult",
    "SettingsResponse",
    "SettingsUpdateResponse",
    "SignedURLResponse",
    "Transformation",
    "TransformationTypedDict",
    "UpdatePresetResponse",
    "UpdateSettingsRequest",
    "UpdateSettingsRequestTypedDict",
    "UpdateSettingsResponse",
    "UpdateVisibilityResponse",
    "UpdateVisibilityResponse1",
    "UploadImageRequestBody",
    "UploadImageRequestBodyTypedDict",
    "UploadImageResponse",
    "UploadResponse",
    "UsageResponse",
    "UserSettings",
    "Visibility",
]
