"""Documented import path of `PurgeCacheStatusResult`."""

from ..cache import PurgeCacheStatusResult as PurgeCacheStatusResult
