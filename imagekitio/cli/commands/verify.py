"""``imagekit verify``: check the signatures of URLs."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import click

from ..base.arguments import STANDARD_INPUT, read_arguments
from ..base.command import Command
from ..base.failures import REFUSED, SOME_FAILED
from ..base.session import Session, pass_session
from ..base.tables import Column
from ..base.texts import format_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ...urls.builder import UrlBuilder

_TABLE = (
    Column("result", lambda record: record["status"]),
    Column("expires", lambda record: _format_expiry(record)),
    Column("url", lambda record: record["url"], keep=True),
    Column("reason", lambda record: "; ".join([record.get("reason", ""), *record.get("causes", ())]), wraps=True),
)


@click.command(
    "verify",
    cls=Command,
    examples=[
        ("imagekit verify 'https://ik.imagekit.io/acme/a.jpg?ik-s=…'", "check whether the URL is valid now"),
        ("imagekit verify - --json < urls.txt", "check all URLs in a file, and print JSON"),
    ],
)
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@pass_session
def command(session: Session, urls: tuple[str, ...]) -> None:
    """Check the signatures and the expiry of URLs, with the account's private key and the clock of this machine.

    Quote each URL, since & is special in the shell; '-' reads URLs from standard input, one per line. For a URL that is
    not valid, the reason is shown, and the text that a valid signature signs. Nothing is sent.

    The exit code is 0 if all URLs are valid, 1 if some are not, and 3 if none is.
    """
    builder = session.make_url_builder()
    counts = {True: 0, False: 0}

    def check_all(urls: Iterable[str]) -> Iterator[Mapping[str, Any]]:
        for url in urls:
            record = _check(builder, url)
            counts[record["status"] == "ok"] += 1
            yield record

    records = check_all(read_arguments(urls, "URL"))
    if len(urls) == 1 and urls[0] != STANDARD_INPUT:
        record = next(records)
        session.output.print_details(record, _list_lines(record))
    else:
        session.output.print_rows(records, _TABLE)
    if counts[False]:
        raise click.exceptions.Exit(SOME_FAILED if counts[True] else REFUSED)


def _check(builder: UrlBuilder, url: str) -> dict[str, Any]:
    """Return the result for a URL as a JSON object, which contains no signature except the URL's own."""
    from ...urls.verifying import SignatureError

    try:
        signed = builder.verify_url(url)
    except SignatureError as exc:
        explained = builder.explain_url(url)
        return {
            "url": url,
            "status": exc.reason,
            "expiresAt": explained.expires_at,
            "reason": exc.message,
            "causes": list(explained.signature.causes),
            "stringToSign": exc.string_to_sign,
            "signedString": explained.signature.signed_string,
        }
    return {"url": url, "status": "ok", "expiresAt": signed.expires_at, "stringToSign": signed.string_to_sign}


def _format_expiry(record: Mapping[str, Any]) -> str:
    expires_at = record["expiresAt"]
    if expires_at is None:
        return "never" if record["status"] == "ok" else ""
    try:
        return format_moment(datetime.fromtimestamp(expires_at, timezone.utc))
    except (OverflowError, OSError, ValueError):  # after the year 9999
        return str(expires_at)


def _list_lines(record: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    lines: list[tuple[str, str | None]] = [("result", record["status"]), ("expires", _format_expiry(record))]
    if record["status"] == "ok":
        return lines
    signed = record["signedString"]
    return [
        *lines,
        ("reason", record["reason"]),
        *(("cause", cause) for cause in record["causes"]),
        ("signed", signed if signed != record["stringToSign"] else None),
        ("to sign", record["stringToSign"]),
    ]
