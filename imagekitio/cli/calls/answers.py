"""Prints the answers to calls, and the requests that would be sent."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any, cast

from ...models.result import ListResult, Model, Result
from ...operations.core import Multipart
from ...settings import API_BASE_URL, UPLOAD_BASE_URL
from ..base.failures import escape_controls
from ..base.output import make_planned

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ...operations.core import Request
    from ..accounts.account import Account
    from ..base.output import Output

_BASE_URLS = {"api": API_BASE_URL, "upload": UPLOAD_BASE_URL}
HIDDEN = "…"  # stands for a secret


def print_value(output: Output, value: Any) -> None:
    """Print a JSON value: on several lines for people, otherwise on one."""
    text = json.dumps(value, ensure_ascii=False, indent=2 if output.has_terminal else None)
    if output.has_terminal:
        text = "\n".join(map(escape_controls, text.split("\n")))
    output.print_line(text)


def print_answer(output: Output, result: Result) -> None:
    """Print the answer to a call; with ``--json``, each entry of a list on a line of its own."""
    if has_secret(result):
        output.warn("the answer contains a secret: keep it out of logs")
    raw = result.response_metadata.raw
    if output.as_json and isinstance(raw, list):
        for entry in raw:
            print_value(output, entry)
    elif raw in (None, "", {}):
        output.note(f"done (HTTP {result.response_metadata.http_status_code})")
    else:
        print_value(output, raw)


def print_entries(output: Output, entries: Iterable[Model]) -> None:
    """Print the entries of a listing of any length, one by one."""
    for entry in entries:
        print_value(output, entry.raw)


def print_headers(output: Output, result: Result) -> None:
    """Print the status and the headers of an answer on stderr."""
    metadata = result.response_metadata
    output.note(f"HTTP {metadata.http_status_code}")
    for name, value in metadata.headers.items():
        output.note(escape_controls(f"{name}: {value}"))
    output.note("")


def list_secrets(model: type[Model]) -> set[str]:
    """Return the names of a result's secret fields: those that `repr` leaves out."""
    declared = fields(cast("Any", model))
    return {field.name for field in declared if not field.repr and field.metadata.get("in_json", True)}


def has_secret(result: Model) -> bool:
    """Return whether an answer contains something that only the owner of the account may see."""
    if isinstance(result, ListResult):
        return any(has_secret(entry) for entry in result if isinstance(entry, Model))
    return any(getattr(result, name) for name in list_secrets(type(result)))


def print_request(output: Output, account: Account, request: Request, secrets: Collection[str]) -> None:
    """Print a request instead of sending it.

    Args:
        output: Where to print.
        account: The account whose base URLs to show.
        request: The request.
        secrets: JSON names of the members of the body to hide.
    """
    base_url = account.get(f"{request.host}_base_url") or _BASE_URLS[request.host]
    headers = {"Authorization": f"Basic {HIDDEN}"}
    body: Any = None
    if isinstance(request.body, bytes):
        headers["Content-Type"] = "application/json"
        members: dict[str, Any] = json.loads(request.body)
        body = {name: HIDDEN if value and name in secrets else value for name, value in members.items()}
    elif isinstance(request.body, Multipart):
        headers["Content-Type"] = "multipart/form-data"
        body = dict(request.body.fields)
        if request.body.file is not None:
            body["file"] = _name_source(request.body.file.source)
    url = f"{base_url.rstrip('/')}{request.path}"
    if output.as_json:
        record = {"method": request.method, "url": url, "headers": headers, "body": body}
        output.print_record(make_planned("request", record))
        return
    for line in (f"{request.method} {url}", *(f"{name}: {value}" for name, value in headers.items())):
        output.print_line(escape_controls(line))
    if body is not None:
        output.print_line("")
        print_value(output, body)
    output.note("dry run: nothing was sent")


def _name_source(source: object) -> str:
    return "-" if hasattr(source, "read") else str(source)
