"""``imagekit purge``: remove files from the CDN's cache."""

from __future__ import annotations

import time
from time import monotonic as read_seconds
from typing import TYPE_CHECKING, NamedTuple

import click

from ...exceptions import BadRequestException, ImageKitException
from ...operations.cache import check_purge_url
from ..base.arguments import RemotePathOrInput, read_arguments
from ..base.command import Command
from ..base.failures import NETWORK, REFUSED, USAGE, Failure, require_answer
from ..base.options import dry_run_option, is_url, yes_option
from ..base.session import Session, pass_session
from ..base.texts import count_of, name_some
from ..base.waiting import show_spinner
from ..media.changes import Changes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...client import ImageKit
    from ..base.outcomes import Outcomes

_MAX_PAUSE_SECONDS = 10.0
_MAX_WAIT_SECONDS = 600.0


class _Purge(NamedTuple):
    """A purge that the service has accepted."""

    url: str
    request_id: str


@click.command(
    "purge",
    cls=Command,
    examples=[
        ("imagekit purge /shop/shoe.jpg", "purge the URL of a file"),
        ("imagekit purge '/shop/shoe.jpg*' --wait", "purge it with any query too, and wait until that is done"),
        ("imagekit purge '/shop/shoes/*' --yes", "purge everything below a folder, without asking"),
    ],
)
@click.argument("targets", nargs=-1, required=True, type=RemotePathOrInput(), metavar="PATH|URL...")
@click.option("--wait", "is_waiting", is_flag=True, help="Wait until the purges are done, for at most 10 minutes.")
@dry_run_option
@yes_option
@pass_session
def command(session: Session, targets: tuple[str, ...], is_waiting: bool, is_dry_run: bool, is_confirmed: bool) -> None:
    """Remove URLs from the CDN's cache, so that it fetches the files again.

    PATH is a path in the media library and means its URL under your endpoint; '-' reads paths and URLs from standard
    input, one per line. Only that exact URL is purged, not those with transformations. A * at the very end matches
    anything. It must follow a complete file name, two folders, or 15 characters; media/catalog/* and s/files/* are
    refused.

    An account has 1000 purges a month; each PATH or URL counts as one.
    """
    client = session.client
    changes = Changes(session, "purge", noun="purge", is_dry_run=is_dry_run)
    outcomes = changes.outcomes
    urls = _find_urls(client, read_arguments(targets, "path or URL"), outcomes)
    patterns = [url for url in urls if url.endswith("*")]
    if is_dry_run:
        for url in urls:
            changes.report({"url": url}, url)
        changes.finish(count_of(len(urls), "URL"))
        return
    if patterns:
        question = f"Purge all URLs that match {name_some(patterns)} from the CDN's cache?"
        session.confirm(question, is_confirmed=is_confirmed)
    requested: list[_Purge] = []
    session.on_interrupt = lambda: f"{count_of(len(requested), 'purge')} of {len(urls)} requested; they go on"
    for url in urls:
        try:
            request_id = require_answer(client.purge_file_cache(url).request_id, "request id")
        except (Failure, ImageKitException) as exc:
            outcomes.add_failure(url, _explain(exc, url))
            continue
        requested.append(_Purge(url, request_id))
        if not is_waiting:
            record = {"url": url, "requestId": request_id}
            changes.report_as("requested", record, f"purge requested: {url} ({request_id})")
    if is_waiting:
        _wait(session, requested, changes)
    changes.finish()


def _find_urls(client: ImageKit, targets: Iterable[str], outcomes: Outcomes) -> list[str]:
    """Return the URLs to purge; add a failure for each target that cannot be purged."""
    urls: list[str] = []
    prefix = _find_prefix(client)
    for target in targets:
        try:
            path = None if is_url(target) else f"/{target.lstrip('/')}"
            url = target if path is None else client.url(path=path)
            if (path or url).partition("?")[0].endswith("/"):
                raise Failure(f"this is a folder; for everything below it, write '{path or url}*'", USAGE)
            check_purge_url(url, prefix=prefix)
        except (click.ClickException, ValueError) as exc:
            outcomes.add_failure(target, exc)
        else:
            urls.append(url)
    return [*dict.fromkeys(urls)]  # each purge counts against the quota


def _find_prefix(client: ImageKit) -> str:
    """Return the prefix of all URLs under the endpoint; empty if it is not valid, since purging URLs needs none."""
    try:
        return client.endpoint.prefix
    except ValueError:
        return ""


def _explain(error: ImageKitException | Failure, url: str) -> ImageKitException | Failure:
    """Add the rules for URLs to the service's refusal of one, which does not mention them."""
    if not isinstance(error, BadRequestException):
        return error
    rule = "the URL must be one of your account's"
    if url.endswith("*"):
        rule += ", and have a complete file name, two folders, or 15 characters before the *"
    return Failure(f"{str(error).rstrip('.')}: {rule}", REFUSED)


def _wait(session: Session, requested: list[_Purge], changes: Changes) -> None:
    """Poll with growing pauses until all purges are done."""
    client = session.client
    pending = list(requested)
    session.on_interrupt = lambda: (
        f"{count_of(len(pending), 'purge')} of {len(requested)} still in progress; they go on"
    )
    title = f"Waiting for {count_of(len(requested), 'purge')} …"
    until = read_seconds() + _MAX_WAIT_SECONDS
    pause_seconds = 0.5
    with show_spinner(session.output, title):
        while pending:
            for purge in list(pending):
                try:
                    status = client.get_purge_file_cache_status(purge.request_id).status
                except ImageKitException as exc:
                    pending.remove(purge)
                    changes.fail(purge.url, exc)
                    continue
                if status == "Completed":
                    pending.remove(purge)
                    record = {"url": purge.url, "requestId": purge.request_id}
                    changes.report_as("purged", record, f"purged: {purge.url}")
            if not pending:
                break
            if read_seconds() > until:
                for purge in pending:
                    changes.fail(purge.url, Failure(_describe_pending(purge), NETWORK))
                break
            time.sleep(pause_seconds)
            pause_seconds = min(2 * pause_seconds, _MAX_PAUSE_SECONDS)


def _describe_pending(purge: _Purge) -> str:
    return f"not done after {_MAX_WAIT_SECONDS / 60:g} minutes; it goes on (request {purge.request_id})"
