"""Documented import path of `PurgeCacheResult`."""

from ..cache import PurgeCacheResult as PurgeCacheResult
