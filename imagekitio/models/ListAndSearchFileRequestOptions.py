"""Documented import path of `ListAndSearchFileRequestOptions`."""

from .files import ListAndSearchFileRequestOptions as ListAndSearchFileRequestOptions
