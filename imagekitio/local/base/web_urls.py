"""The check of URLs in requests."""

from __future__ import annotations

import re
from typing import TypeGuard
from urllib.parse import urlsplit


def is_web_url(value: object) -> TypeGuard[str]:
    """Return whether `value` is an absolute http or https URL."""
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        is_web = parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # unmatched brackets, or a port that is not valid
        return False
    return is_web and not re.search(r"[\x00-\x20\x7f]", str(value))
