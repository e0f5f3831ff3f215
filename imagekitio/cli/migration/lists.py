"""Entries of a list of URLs in a CSV file, such as an export from Cloudinary.

Columns are found by name, in any order and case; ``--column`` chooses others. Cloudinary's export has the same names,
except that one text holds all tags, and the context is ``alt=…|caption=…`` or JSON. Values of a row that the media
library does not accept are left out of its file, and become a `Loss`.
"""

from __future__ import annotations

import csv
import json
import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from ..base.failures import USAGE, Failure, hide_credentials
from ..base.options import is_url
from ..media.tags import split_tags
from .entries import Entry, Loss

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# Properties of a file, and the columns that may contain them, the best first.
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
_BEYOND = "\0"  # the key of a row's values that have no column


class FileList(NamedTuple):
    """A list of URLs.

    Attributes:
        entries: The files.
        unread: Columns that were not read.
    """

    entries: list[Entry]
    unread: list[str]


Convert = Callable[[str, "str | list[str]"], Any]


def read_list(path: Path, chosen: Mapping[str, str], convert: Convert) -> FileList:
    """Read a list of URLs.

    Args:
        path: A CSV file in UTF-8 whose first line names the columns; they are separated by ``,`` ``;`` ``|`` or tabs.
        chosen: Columns to use, by property; see `COLUMNS`.
        convert: Function that returns the custom metadata value for a key of the context and its value, or raises
            ValueError with the reason why there is none.
    Raises:
        Failure: The file has no header, or no column with URLs, or is not valid; exit code 2.
        OSError: The file cannot be read.
    """
    entries: list[Entry] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            header = file.readline()
            file.seek(0)
            delimiter = max(_DELIMITERS, key=header.count)
            # Strict: an unclosed quotation mark would turn all the following rows into one value.
            rows = csv.DictReader(file, delimiter=delimiter, restkey=_BEYOND, strict=True)
            found = rows.fieldnames or ()
            columns = _find_columns(path, found, chosen)
            for row in rows:
                entry = _read_row(row, columns, f"line {rows.line_num}", convert)
                if entry is not None:
                    entries.append(entry)
        except (csv.Error, UnicodeDecodeError) as exc:
            raise Failure(f"{path} is not a CSV file in UTF-8: {exc}", USAGE) from exc
    return FileList(entries, [name for name in found if name not in columns.values()])


def _find_columns(path: Path, found: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the columns of a file by property."""
    names = ", ".join(map(repr, found)) or "none"
    if any("://" in name for name in found):
        raise Failure(f"{path} has no header: its first line must name the columns (found: {names})", USAGE)
    by_name = {name.strip().lower(): name for name in reversed(found)}
    columns: dict[str, str] = {}
    for meaning, usual in COLUMNS.items():
        wanted = [chosen[meaning].strip().lower()] if meaning in chosen else usual
        column = next((by_name[name] for name in wanted if name in by_name), None)
        if column is not None and found.count(column) > 1:
            raise Failure(f"{path} has two columns {column!r}: give them different names", USAGE)
        if column is not None:
            columns[meaning] = column
        elif meaning in chosen:
            raise Failure(f"{path} has no column {chosen[meaning]!r} (found: {names})", USAGE)
    if "url" not in columns:
        raise Failure(
            f"{path} has no column with URLs, such as 'url' (found: {names}); name it with --column url=COLUMN", USAGE
        )
    return columns


def _read_row(
    row: Mapping[str, Any],
    columns: Mapping[str, str],
    line: str,
    convert: Convert,
) -> Entry | None:
    """Return the entry of a row; None for an empty row."""
    if not any(value for value in row.values()):
        return None
    values = {meaning: (row.get(column) or "").strip() for meaning, column in columns.items()}
    url = values["url"]
    shown = hide_credentials(url.partition("?")[0])  # the query may contain a signature
    if any(row.get(_BEYOND, ())):
        # A value contains the delimiter, so the values after it are in the wrong columns.
        return Entry(line, line, url, reason="has more values than there are columns")
    if not is_url(url):
        return Entry(line, line, url, reason=f"must have a URL (got {shown!r})")
    name = _find_name(values)
    if not name:
        return Entry(line, line, url, reason=f"{shown} does not end with a file name")
    losses: list[Loss] = []
    options = _read_options(values, convert, losses)
    size = values.get("size", "")
    if size and not size.isdecimal():
        losses.append(Loss("size", size, "must be a number of bytes"))
    return Entry(name, shown, url, int(size) if size.isdecimal() else None, options, losses)


def _read_options(values: Mapping[str, str], convert: Convert, losses: list[Loss]) -> dict[str, Any]:
    """Return the upload options of a row; add values that the library does not accept to `losses`."""
    tags, refused = split_tags(_read_tags(values.get("tags", "")))
    losses += (Loss("tags", tag, reason) for tag, reason in refused.items())
    context = _read_context(values.get("context", ""), losses)
    description = values.get("description", "")
    for key in _DESCRIPTIONS:
        text = context.get(key)
        if isinstance(text, str) and description in ("", text):
            description = text
            del context[key]
    metadata: dict[str, Any] = {}
    for key, value in context.items():
        try:
            metadata[key] = convert(key, value)
        except ValueError as exc:
            losses.append(Loss(f"context.{key}", value if isinstance(value, str) else ",".join(value), str(exc)))
    options = {"tags": tags, "description": description, "custom_metadata": metadata}
    return {name: value for name, value in options.items() if value}


def _find_name(values: Mapping[str, str]) -> str:
    """Return the path of a file below the destination.

    A public id of Cloudinary has no extension, and may begin with its folder. Where folders are not part of the ids,
    the whole id is kept below the folder, since only the whole id is unique.
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


def _read_context(text: str, losses: list[Loss]) -> dict[str, str | list[str]]:
    """Return the context: ``alt=A shoe|year=2026``, with ``\\`` before a separator that is text, or JSON."""
    found = _read_json(text)
    if isinstance(found, dict):
        custom = found.pop("custom", {})
        members = {**found, **(custom if isinstance(custom, dict) else {"custom": custom})}
        return {key: _read_member(value) for key, value in members.items() if value not in (None, "", [])}
    context: dict[str, str | list[str]] = {}
    for part in text.replace("\\|", "\0").replace("\\=", "\1").split("|"):
        key, equals, value = (piece.replace("\0", "|").replace("\1", "=").strip() for piece in part.partition("="))
        if key and value:
            if key in context:
                losses.append(Loss(f"context.{key}", str(context[key]), "is given twice; the last value is used"))
            context[key] = value
        elif value or (key and not equals):
            losses.append(Loss("context", key or value, "must be KEY=VALUE, with | between several, or a JSON object"))
    return context


def _read_member(value: Any) -> str | list[str]:
    if isinstance(value, list):
        return [_read_text(one) for one in value]
    return _read_text(value)


def _read_text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _read_json(text: str) -> Any:
    if not text.startswith(("[", "{")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
