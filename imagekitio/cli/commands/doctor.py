"""``imagekit doctor``: find problems, and how to fix them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..accounts.forms import read_endpoint
from ..base.command import Command
from ..base.session import Session, pass_session
from ..doctor.configuration import check_profiles, check_settings
from ..doctor.findings import print_finding, report_failure, report_skip
from ..doctor.installation import check_installation
from ..doctor.reachability import check_hosts, check_proxies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..accounts.account import Account
    from ..doctor.findings import Finding


@click.command(
    "doctor",
    cls=Command,
    examples=[
        ("imagekit doctor", "check the account that all commands use"),
        ("imagekit doctor --profile shop", "check the account of a profile"),
        ("imagekit doctor --json", "print the checks as JSON"),
    ],
)
@pass_session
def command(session: Session) -> None:
    """Find problems with keys, endpoint, clock and network, and how to fix them.

    Each line is a check: ✓ passed, ! warning, ✗ failed, – skipped. Nothing is changed: the name and the certificate of
    each host are looked up, one file is listed, and its first bytes are read. It takes at most two minutes, whatever
    the network does, and shows no secrets.

    The exit code is 0 if no check failed, and otherwise that of the first one that did: 2 configuration, 3 refused,
    4 network.
    """
    exit_code = 0
    for finding in _check_all(session):
        print_finding(session.output, finding)
        if finding.status == "failed" and not exit_code:
            exit_code = finding.exit_code
    if exit_code:
        raise click.exceptions.Exit(exit_code)


def _check_all(session: Session) -> Iterator[Finding]:
    yield from check_installation()
    yield from check_profiles()
    try:
        account = session.account
    except click.ClickException as exc:
        yield report_failure("account", exc.format_message(), "correct the options, the environment or the profile")
        yield from check_proxies()
        return
    yield from check_settings(account)
    yield from check_proxies()
    yield from check_hosts(_find_urls(account))
    if account.list_unencrypted():
        yield report_skip("authentication", "not checked, since the private key would be sent unencrypted")
        return
    try:
        client = session.client
    except click.ClickException:  # an earlier finding gives the reason
        yield report_skip("authentication", "not checked, since the settings are not valid")
        return
    from ..doctor.service import check_service

    yield from check_service(client)


def _find_urls(account: Account) -> dict[str, str]:
    """Return the URLs of the hosts that an account uses; those that are not valid are left out."""
    from ...settings import API_BASE_URL, UPLOAD_BASE_URL, check_base_url

    urls: dict[str, str] = {}
    for name, setting, default in (
        ("API", "api_base_url", API_BASE_URL),
        ("uploads", "upload_base_url", UPLOAD_BASE_URL),
    ):
        try:
            urls[name] = check_base_url(setting, account.get(setting) or default)
        except ValueError:
            continue
    try:
        urls["delivery"] = read_endpoint(account.get("url_endpoint") or "").prefix
    except ValueError:
        return urls
    return urls
