"""`imagekit.cache`: purges of the caches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..operations import cache
from .call import Call, Group, ModeT, RawT

if TYPE_CHECKING:
    from ..models.cache import PurgeCacheResult, PurgeCacheStatusResult
    from ..operations.core import Operation


@Call
def create_invalidation(*, url: str) -> Operation[PurgeCacheResult]:
    """Purge a URL from the caches; see `ImageKit.purge_file_cache`."""
    return cache.purge_file_cache(url)


@Call
def get_invalidation(request_id: str) -> Operation[PurgeCacheStatusResult]:
    """Return the status of a purge; see `ImageKit.get_purge_file_cache_status`."""
    return cache.get_purge_file_cache_status(request_id)


class InvalidationGroup(Group[ModeT, RawT]):
    """`imagekit.cache.invalidation`: purges."""

    create = create_invalidation
    get = get_invalidation

    @property
    def with_raw_response(self) -> InvalidationGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return InvalidationGroup(self._raw, self._raw)


class CacheGroup(Group[ModeT, RawT]):
    """`imagekit.cache`: only `invalidation`."""

    @property
    def invalidation(self) -> InvalidationGroup[ModeT, RawT]:
        """Purges of the caches."""
        return InvalidationGroup(self._mode, self._raw)

    @property
    def with_raw_response(self) -> CacheGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return CacheGroup(self._raw, self._raw)
