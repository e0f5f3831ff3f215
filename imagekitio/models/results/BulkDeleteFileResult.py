"""Documented import path of `BulkDeleteFileResult`."""

from ..bulk import BulkDeleteFileResult as BulkDeleteFileResult
