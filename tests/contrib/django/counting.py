"""How many requests local ImageKit got."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from imagekitio.local import LocalImageKit

_MARKER = "/marker"


def count_requests(account: LocalImageKit) -> int:
    """Return the number of requests so far.

    A request is noted just after its answer was sent, so another one is sent first, which waits its turn and does not
    count.
    """
    requests.get(account.url + _MARKER, timeout=60)
    return sum(request.path != _MARKER for request in account.requests)
