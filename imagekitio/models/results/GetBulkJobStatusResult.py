"""Documented import path of `GetBulkJobStatusResult`."""

from ..folders import GetBulkJobStatusResult as GetBulkJobStatusResult
