"""Documented import path of `ResponseMetadataResult`."""

from ..result import ResponseMetadataResult as ResponseMetadataResult
