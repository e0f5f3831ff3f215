"""Reads the docstrings of methods and options, and rewords them for the command line."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENTRY = re.compile(r"    (\w+(?:, \w+)*): (.*)")  # `Args` and `Attributes` indent their entries by 4
_QUOTED = re.compile(r"``([^`]+)``|`([^`]+)`")
# Phrases for people who write Python, and what replaces them in a shell.
_WORDINGS = (
    (re.compile(r", or (?:the )?(?:files?|version) as (?:it was|they were) listed(?: or uploaded)?"), ""),
    (re.compile(r"as a `datetime\.date` or "), ""),
    (re.compile(r"\(x, y, width, height\)`` or ``"), ""),
    (re.compile(r",? as a str\b"), ""),
    (re.compile(r"\bstr\b"), "text"),
    (re.compile(r"Query built with `imagekitio\.search\.Q`, or text in"), "Query in"),
    (re.compile(r"Steps as `url` takes them"), "Steps as JSON"),
    (re.compile(r",? as a list or as ``\w+,\w+``"), ""),
    (re.compile(r'``\["tags", "metadata"\]``'), "tags and metadata"),
    (re.compile(r", …(?=\n|\Z)"), " and more."),
    (re.compile(r"\bNone\b"), "null"),
    (re.compile(r"\bTrue\b"), "true"),
    (re.compile(r"\bFalse\b"), "false"),
    (re.compile(r" \(ImageKit docs, [^)]*\)"), ""),
    (re.compile(r"; `RESPONSE_FIELDS` lists all names, which may also be given in camelCase"), ""),
    (re.compile(r"``url\(path=…, transformation=\[\{\"named\": \"card\"\}\]\)``"), "``tr:n-card``"),
)
# Shell equivalents of methods that have no command of their own.
_COMMANDS = {
    "delete_many": "imagekit rm",
    "get_upload_token": "upload_file_v2_client_side",
    "iter_files": "--all",
}


def read_text(documented: object) -> str:
    """Return the paragraphs of a docstring before its sections."""
    text = inspect.getdoc(documented) or ""
    return re.split(r"\n\n?(?=(?:Args|Attributes|Returns|Raises):\n)", text, maxsplit=1)[0].strip()


def read_entries(documented: object, section: str) -> Mapping[str, str]:
    """Return what a section of a docstring says about each name.

    Args:
        documented: Function or class.
        section: Title of the section: ``Args`` or ``Attributes``.
    """
    _, _, rest = (inspect.getdoc(documented) or "").partition(f"{section}:\n")
    found: dict[str, str] = {}
    names: list[str] = []
    for line in rest.splitlines():
        if line.strip() and not line.startswith(" "):
            break  # the next section
        if match := _ENTRY.fullmatch(line):
            names = match[1].split(", ")
            found |= dict.fromkeys(names, match[2])
        elif line.strip():
            found |= {name: f"{found[name]} {line.strip()}" for name in names}
    return found


def reword(text: str, shown: Mapping[str, str]) -> str:
    """Reword text of a docstring for the help of a command.

    Args:
        text: Text with names between backticks.
        shown: Names on the command line by name of the parameter, such as ``--folder`` for ``folder``.
    """
    for pattern, replacement in _WORDINGS:
        text = pattern.sub(replacement, text)
    text = _QUOTED.sub(lambda match: match[1] or _COMMANDS.get(match[2]) or shown.get(match[2], match[2]), text)
    return re.sub(r"\s+", " ", text).strip()
