"""Lines that point an application at this local ImageKit, ready to paste."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..base.settings import Settings


def write_connection(settings: Settings, request_url: str | None = None) -> dict[str, str]:
    """Return the lines for POSIX shells and PowerShell (environment variables), and for Python.

    Args:
        request_url: Base URL of the request, such as ``http://127.0.0.1:8080``.
    """
    variables = settings.environment(request_url)
    lines = [
        f"    {name.removeprefix('IMAGEKIT_').lower()}={json.dumps(value, ensure_ascii=False)},\n"
        for name, value in variables.items()
    ]
    return {
        "shell": export_variables(variables),
        "powershell": "\n".join(f"$env:{name} = {_quote_for_powershell(value)}" for name, value in variables.items()),
        "python": f"from imagekitio import ImageKit\n\nimagekit = ImageKit(\n{''.join(lines)})",
    }


def export_variables(variables: Mapping[str, str]) -> str:
    """Return the lines for POSIX shells that set environment variables."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())


def _quote_for_powershell(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
