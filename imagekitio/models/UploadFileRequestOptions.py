"""Documented import path of `UploadFileRequestOptions`."""

from .uploads import UploadFileRequestOptions as UploadFileRequestOptions
