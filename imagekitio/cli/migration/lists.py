"""Entries of a list of URLs in a CSV file, such as the export of Cloudinary.

Columns are found by their names, whatever their order and case; ``--column`` names others. Cloudinary's export has the
same names, but for tags in one text and the context, which is ``alt=…|caption=…`` or JSON.
"""

from __future__ import annotations

import csv
import json
import posixpath
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from ..base.failures import USAGE, Failure
from ..base.options import is_url
from .entries import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

# What is known about a file, and the names of columns that say it, the best first.
COLUMNS: Mapping[str, Sequence[str]] = {
    "url": ("secure_url", "url", "secure url", "link", "src"),
    "path": ("path", "file_path", "filepath"),
    "name": ("name", "file_name", "filename"),
    "public_id": ("public_id", "public id"),
    "folder": ("asset_folder", "folder", "asset folder"),
    "format": ("format",),
    "size": ("bytes", "size"),
    "tags": ("tags",),
    "description": ("description",),
    "context": ("context",),
}
# Keys of Cloudinary's context that describe the picture.
_DESCRIPTIONS = ("caption", "alt")
_DELIMITERS = ",;\t|"


class FileList(NamedTuple):
    """A list of URLs.

    Attributes:
        entries: The files; what their rows do not say is left out.
        context_keys: Names of what the context says, besides descriptions.
    """

    entries: list[Entry]
    context_keys: set[str]


def read_list(path: Path, chosen: Mapping[str, str], convert: Callable[[str, str], Any]) -> FileList:
    """Read a list of URLs.

    Args:
        path: A CSV file in UTF-8 whose first line names the columns; they are separated by ``,`` ``;`` ``|`` or tabs.
        chosen: Columns to use, by what they say; see `COLUMNS`.
        convert: Function that returns the custom metadata value for a key of the context and its text; None if there
            is no such field.
    Raises:
        Failure: The file has no header, or no column with URLs; exit code 2.
        OSError: The file cannot be read.
    """
    entries: list[Entry] = []
    keys = set[str]()
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            header = file.readline()
            file.seek(0)
            delimiter = max(_DELIMITERS, key=header.count)
            rows = csv.DictReader(file, delimiter=delimiter)
            columns = _find_columns(path, rows.fieldnames or (), chosen)
            for row in rows:
                entry = _read_row(row, columns, f"line {rows.line_num}", convert, keys)
                if entry is not None:
                    entries.append(entry)
        except (csv.Error, UnicodeDecodeError) as exc:
            raise Failure(f"{path} is not a CSV file in UTF-8: {exc}", USAGE) from exc
    return FileList(entries, keys)


def _find_columns(path: Path, found: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the columns of a file by what they say."""
    names = ", ".join(map(repr, found)) or "none"
    if any("://" in name for name in found):
        raise Failure(f"{path} has no header: its first line must name the columns (found: {names})", USAGE)
    by_name = {name.strip().lower(): name for name in reversed(found)}
    columns: dict[str, str] = {}
    for meaning, usual in COLUMNS.items():
        wanted = [chosen[meaning].strip().lower()] if meaning in chosen else usual
        column = next((by_name[name] for name in wanted if name in by_name), None)
        if column is not None:
            columns[meaning] = column
        elif meaning in chosen:
            raise Failure(f"{path} has no column {chosen[meaning]!r} (found: {names})", USAGE)
    if "url" not in columns:
        raise Failure(
            f"{path} has no column with URLs, such as 'url' (found: {names}); name it: --column url=COLUMN", USAGE
        )
    return columns


def _read_row(
    row: Mapping[str, Any],
    columns: Mapping[str, str],
    line: str,
    convert: Callable[[str, str], Any],
    keys: set[str],
) -> Entry | None:
    """Return the entry of a row; None for a row without anything."""
    if not any(value for value in row.values()):
        return None
    values = {meaning: (row.get(column) or "").strip() for meaning, column in columns.items()}
    url = values["url"]
    shown = url.partition("?")[0]  # the query may hold a signature
    if not is_url(url):
        return Entry(line, line, url, reason=f"{line}: must have a URL (got {shown!r})")
    name = _find_name(values)
    if not name:
        return Entry(line, line, url, reason=f"{line}: {shown} has no name of a file at its end")
    options: dict[str, Any] = {}
    if tags := _read_tags(values.get("tags", "")):
        options["tags"] = tags
    context = _read_context(values.get("context", ""))
    description = values.get("description") or next((context[key] for key in _DESCRIPTIONS if context.get(key)), "")
    if description:
        options["description"] = description
    metadata: dict[str, Any] = {}
    for key, text in context.items():
        if key in _DESCRIPTIONS:
            continue
        keys.add(key)
        value = convert(key, text)
        if value is not None:
            metadata[key] = value
    if metadata:
        options["custom_metadata"] = metadata
    size = values.get("size", "")
    return Entry(name, shown, url, int(size) if size.isdecimal() else None, options)


def _find_name(values: Mapping[str, str]) -> str:
    """Return the path of a file below the destination.

    A public id of Cloudinary has no extension, and may begin with its folder. Where folders are not part of the ids,
    the id is kept whole below the folder, since only that differs from those of all others.
    """
    path = values.get("path", "").strip("/")
    if path:
        return path
    in_url = unquote(urlsplit(values["url"]).path).rpartition("/")[2]
    folder = values.get("folder", "").strip("/")
    name = values.get("name") or values.get("public_id") or in_url
    extension = f".{values['format']}" if values.get("format") else posixpath.splitext(in_url)[1]
    if not values.get("name") and not name.lower().endswith(extension.lower()):
        name += extension
    name = name.strip("/")
    return name if not folder or not name or name.startswith(f"{folder}/") else f"{folder}/{name}"


def _read_tags(text: str) -> list[str]:
    parts = _read_json(text)
    if not isinstance(parts, list):
        parts = text.split("|") if "|" in text else text.replace(";", ",").split(",")
    return [str(part).strip() for part in parts if str(part).strip()]


def _read_context(text: str) -> dict[str, str]:
    """Return the context: ``alt=A shoe|year=2026``, with ``\\`` before a separator that is text, or JSON."""
    found = _read_json(text)
    if isinstance(found, dict):
        custom = found.get("custom", found)
        return {str(key): str(value) for key, value in custom.items()} if isinstance(custom, dict) else {}
    pairs = (part.partition("=") for part in text.replace("\\|", "\0").replace("\\=", "\1").split("|"))
    restored = ((key.strip(), value.replace("\0", "|").replace("\1", "=")) for key, _, value in pairs)
    return {key: value.strip() for key, value in restored if key and value.strip()}


def _read_json(text: str) -> Any:
    if not text.startswith(("[", "{")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None
