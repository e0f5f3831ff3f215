"""Results of cache purges."""

from __future__ import annotations

from dataclasses import dataclass

from .result import ALWAYS, Result


@dataclass(frozen=True, kw_only=True, repr=False)
class PurgeCacheResult(Result):
    """A purge that was accepted; pass its `request_id` to `get_purge_file_cache_status` to follow its progress."""

    request_id: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class PurgeCacheStatusResult(Result):
    """The progress of a purge: `status` is ``Pending`` or ``Completed``."""

    status: str = ALWAYS
