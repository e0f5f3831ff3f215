"""Documented import path of `TagsResult`."""

from ..bulk import TagsResult as TagsResult
