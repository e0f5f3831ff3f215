"""The option classes of the operations; the result classes are in `results`, all of the account in `account`."""

from .CopyFileRequestOptions import CopyFileRequestOptions
from .CopyFolderRequestOptions import CopyFolderRequestOptions
from .CreateCustomMetadataFieldsRequestOptions import CreateCustomMetadataFieldsRequestOptions
from .CreateFolderRequestOptions import CreateFolderRequestOptions
from .CustomMetadataFieldsSchema import CustomMetadataFieldsSchema
from .CustomMetaDataTypeEnum import CustomMetaDataTypeEnum
from .DeleteFolderRequestOptions import DeleteFolderRequestOptions
from .files import PublishOptions
from .folders import RenameFolderRequestOptions
from .ListAndSearchFileRequestOptions import ListAndSearchFileRequestOptions
from .MoveFileRequestOptions import MoveFileRequestOptions
from .MoveFolderRequestOptions import MoveFolderRequestOptions
from .options import UNSET
from .RenameFileRequestOptions import RenameFileRequestOptions
from .UpdateCustomMetadataFieldsRequestOptions import UpdateCustomMetadataFieldsRequestOptions
from .UpdateFileRequestOptions import UpdateFileRequestOptions
from .UploadFileRequestOptions import UploadFileRequestOptions

__all__ = [
    "UNSET",
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
    "UpdateCustomMetadataFieldsRequestOptions",
    "UpdateFileRequestOptions",
    "UploadFileRequestOptions",
]
