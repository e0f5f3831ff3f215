"""Lines that point an application at this local ImageKit, ready to paste."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..base.settings import Settings


def write_connection(settings: Settings, asked_url: str | None = None) -> dict[str, str]:
    """Return the lines for POSIX shells and PowerShell (environment variables), and for Python.

    Args:
        asked_url: Base URL under which the page is open.
    """
    keys, base_url = settings.keys[0], settings.base_url(asked_url)
    arguments = {
        "public_key": keys.public_key,
        "private_key": keys.private_key,
        "url_endpoint": settings.url_endpoints(asked_url).primary,
        "api_base_url": base_url,
        "upload_base_url": base_url,
    }
    variables = {f"IMAGEKIT_{name.upper()}": value for name, value in arguments.items()}
    lines = [f"    {name}={json.dumps(value, ensure_ascii=False)},\n" for name, value in arguments.items()]
    return {
        "shell": "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items()),
        "powershell": "\n".join(f"$env:{name} = {_quote_for_powershell(value)}" for name, value in variables.items()),
        "python": f"from imagekitio import ImageKit\n\nimagekit = ImageKit(\n{''.join(lines)})",
    }


def _quote_for_powershell(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
