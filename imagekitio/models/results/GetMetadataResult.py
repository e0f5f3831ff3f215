"""Documented import path of `GetMetadataResult`."""

from ..details import GetMetadataResult as GetMetadataResult
