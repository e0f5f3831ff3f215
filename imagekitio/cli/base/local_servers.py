"""Finds the local ImageKit that runs on this machine, for ``--local``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def find_local_server() -> Mapping[str, str]:
    """Return the settings of an account for the local ImageKit that runs."""
    url = "http://127.0.0.1:8080"
    return {
        "public_key": "public_local",
        "private_key": "private_local",
        "url_endpoint": f"{url}/local",
        "api_base_url": url,
        "upload_base_url": url,
    }
