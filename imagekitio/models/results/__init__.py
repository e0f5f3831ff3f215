"""The result classes of the operations."""

from ..details import ExifExposure, ExifGPS, ExifImage, ExifInteroperability, ExifThumbnail, Metadata
from ..files import CreatedBy
from ..response_metadata import Headers
from .AITags import AITags
from .BulkDeleteFileResult import BulkDeleteFileResult
from .CustomMetadataFieldsResult import CustomMetadataFieldsResult
from .CustomMetadataFieldsResultWithResponseMetadata import CustomMetadataFieldsResultWithResponseMetadata
from .CustomMetadataSchema import CustomMetadataSchema
from .EmbeddedMetadata import EmbeddedMetadata
from .FileResult import FileResult
from .FileResultWithResponseMetadata import FileResultWithResponseMetadata
from .FolderResult import FolderResult
from .GetBulkJobStatusResult import GetBulkJobStatusResult
from .GetMetadataResult import GetMetadataResult
from .ListCustomMetadataFieldsResult import ListCustomMetadataFieldsResult
from .ListFileResult import ListFileResult
from .MetadataExif import MetadataExif
from .PurgeCacheResult import PurgeCacheResult
from .PurgeCacheStatusResult import PurgeCacheStatusResult
from .RenameFileResult import RenameFileResult
from .ResponseMetadata import ResponseMetadata
from .ResponseMetadataResult import ResponseMetadataResult
from .TagsResult import TagsResult
from .UploadFileResult import UploadFileResult
from .VersionInfo import VersionInfo

__all__ = [
    "AITags",
    "BulkDeleteFileResult",
    "CreatedBy",
    "CustomMetadataFieldsResult",
    "CustomMetadataFieldsResultWithResponseMetadata",
    "CustomMetadataSchema",
    "EmbeddedMetadata",
    "ExifExposure",
    "ExifGPS",
    "ExifImage",
    "ExifInteroperability",
    "ExifThumbnail",
    "FileResult",
    "FileResultWithResponseMetadata",
    "FolderResult",
    "GetBulkJobStatusResult",
    "GetMetadataResult",
    "Headers",
    "ListCustomMetadataFieldsResult",
    "ListFileResult",
    "Metadata",
    "MetadataExif",
    "PurgeCacheResult",
    "PurgeCacheStatusResult",
    "RenameFileResult",
    "ResponseMetadata",
    "ResponseMetadataResult",
    "TagsResult",
    "UploadFileResult",
    "VersionInfo",
]
