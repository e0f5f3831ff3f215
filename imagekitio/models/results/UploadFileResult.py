"""Documented import path of `UploadFileResult`."""

from ..uploads import UploadFileResult as UploadFileResult
