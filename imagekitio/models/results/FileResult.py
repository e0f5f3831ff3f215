"""Documented import path of `FileResult`."""

from ..files import FileResult as FileResult
