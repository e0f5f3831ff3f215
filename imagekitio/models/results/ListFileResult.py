"""Documented import path of `ListFileResult`."""

from ..files import ListFileResult as ListFileResult
