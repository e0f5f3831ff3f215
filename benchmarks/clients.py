"""Shared by the benchmarks: the settings of the clients, and the parts of requests that are sent without a client."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PRIVATE_KEY = "private_benchmark"
AUTHORIZATION = {"Authorization": "Basic " + base64.b64encode(f"{PRIVATE_KEY}:".encode()).decode()}


def make_settings(base_url: str) -> dict[str, Any]:
    """Return the arguments of a client that sends API calls and uploads to `base_url`."""
    return {
        "public_key": "public_benchmark",
        "private_key": PRIVATE_KEY,
        "url_endpoint": "https://ik.example.com/demo",
        "api_base_url": base_url,
        "upload_base_url": base_url,
    }


def encode_form(fields: Mapping[str, str], file_name: str, content: bytes) -> tuple[bytes, str]:
    """Return a multipart body with `fields` and one file, and its content type."""
    boundary = "0123456789abcdef0123456789abcdef"
    disposition = f"--{boundary}\r\nContent-Disposition: form-data; name="
    head = "".join(f'{disposition}"{name}"\r\n\r\n{text}\r\n' for name, text in fields.items())
    head += f'{disposition}"file"; filename="{file_name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    return head.encode() + content + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
