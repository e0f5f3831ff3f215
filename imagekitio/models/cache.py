"""Results of cache purges."""

from __future__ import annotations

from dataclasses import dataclass

from .result import ALWAYS, Result


@dataclass(frozen=True, kw_only=True, repr=False)
class PurgeCacheResult(Result):
    """A purge was taken up; ask with `request_id` how far it is."""

    request_id: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class PurgeCacheStatusResult(Result):
    """How far a purge is: `status` is ``Pending`` or ``Completed``."""

    status: str = ALWAYS
