"""Checks of the configuration: the file of profiles, and the form and source of each setting.

No finding shows a secret.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from ...settings import API_BASE_URL, BASE_URLS, UPLOAD_BASE_URL, check_base_url
from ..accounts.account import (
    DEFAULT_BASE_URLS,
    LOOPBACK,
    PROFILE_VARIABLE,
    is_private_key,
    is_unencrypted,
    mask,
    name_variable,
    trim_key,
)
from ..accounts.forms import find_key_fault, find_other_key, read_endpoint
from ..accounts.profiles import read_profiles
from ..base.failures import hide_credentials
from ..base.texts import count_of
from .findings import report_failure, report_ok, report_skip, report_warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..accounts.account import Account, Setting
    from .findings import Finding

_WEBHOOK_VARIABLE = "IMAGEKIT_WEBHOOK_SECRET"
_DASHBOARD = "https://imagekit.io/dashboard/developer/api-keys"
_EXAMPLE = "a URL such as https://ik.imagekit.io/your_imagekit_id"


def check_profiles() -> Iterator[Finding]:
    """Check that the file of profiles can be read, and not by other users."""
    try:
        file = read_profiles()
    except click.ClickException as exc:
        yield report_failure("profiles", exc.format_message(), "correct the file, or remove it and run imagekit config")
        return
    if not file.profiles:
        yield report_ok("profiles", f"none in {file.path}")
        return
    text = f"{count_of(len(file.profiles), 'profile')} in {file.path}"
    if file.is_exposed:
        mode = f"{stat.S_IMODE(file.path.stat().st_mode):o}"
        yield report_warning(
            "profiles", f"{text}, which other users may read (mode {mode})", f"run: chmod 600 '{file.path}'"
        )
    else:
        yield report_ok("profiles", text)


def check_settings(account: Account) -> Iterator[Finding]:
    """Check the keys, the endpoint, the base URLs and the webhook secret, and report where each comes from."""
    ignored = os.environ.get(PROFILE_VARIABLE)
    if ignored and account.profile is None and account.get("private_key"):
        source = account.settings["private_key"].source
        yield report_warning(
            "profile", f"{PROFILE_VARIABLE}={ignored} is not used, since the private key comes from {source}",
            f"unset {source}, or give --profile {ignored}",
        )  # fmt: skip
    yield from _check_key(account, "private")
    yield from _check_key(account, "public")
    yield from _check_endpoint(account)
    for name in BASE_URLS:
        yield _check_base_url(account, name)
    yield from _check_mixture(account)
    yield _check_webhook_secret()


def _check_key(account: Account, kind: str) -> Iterator[Finding]:
    name, check = f"{kind}_key", f"{kind} key"
    setting = account.settings.get(name)
    if setting is None:
        remedy = f"copy it from {_DASHBOARD} into {name_variable(name)}, or create a profile: imagekit config"
        if kind == "private":
            yield report_failure(check, "not set", remedy)
        else:
            yield report_warning(check, "not set; only uploads from browsers need it", remedy)
        return
    key = trim_key(setting.value)
    shown = f"{mask(name, key)} from {setting.source}"
    fault = find_key_fault(name, key)
    if fault == "other key":
        other = find_other_key(name).replace("_", " ")
        text = f"{setting.source} has the {other}"  # the key is not shown, since it may be the private one
        yield report_failure(check, text, f"copy the {kind} key into {setting.source}")
    elif fault == "empty":
        yield report_failure(check, f"{setting.source} has only blanks", f"copy the key from {_DASHBOARD}")
    elif fault == "bad characters":
        text = f"{setting.source} has blanks or non-ASCII characters in the key"
        yield report_failure(check, text, f"copy the key again from {_DASHBOARD}")
    elif fault == "other beginning":
        yield report_warning(check, f"{shown} does not begin with '{kind}_'", f"compare it with {_DASHBOARD}")
    elif key != setting.value:
        text = f"{shown}, with blanks or quotes around it, which are dropped here but may not be elsewhere"
        yield report_warning(check, text, f"remove them from {setting.source}")
    else:
        yield report_ok(check, shown)


def _check_endpoint(account: Account) -> Iterator[Finding]:
    check = "URL endpoint"
    setting = account.settings.get("url_endpoint")
    if setting is None:
        text = "not set; everything that builds URLs needs it"
        yield report_warning(check, text, f"set {name_variable('url_endpoint')} to {_EXAMPLE}")
        return
    if is_private_key(setting.value):
        yield report_failure(check, f"{setting.source} has the private key", f"write {_EXAMPLE}")
        return
    try:
        endpoint = read_endpoint(setting.value)
    except ValueError as exc:
        yield report_failure(check, f"{setting.source}: {hide_credentials(str(exc))}", f"write {_EXAMPLE}")
        return
    parts = urlsplit(endpoint.prefix)
    text = f"{endpoint.prefix.rstrip('/')} from {setting.source}"
    if "/tr:" in parts.path or endpoint.query:
        yield report_warning(
            check, f"{text} contains steps or a query, which every URL gets", "keep only the beginning"
        )
    elif parts.scheme == "http" and parts.hostname not in LOOPBACK:
        yield report_warning(check, f"{text} is not encrypted", "write https:// instead of http://")
    elif "://" not in setting.value:
        yield report_warning(
            check, f"{setting.source} lacks https://, which is added", f"write {endpoint.prefix.rstrip('/')}"
        )
    else:
        yield report_ok(check, text)


def _check_base_url(account: Account, name: str) -> Finding:
    check = "API" if name == "api_base_url" else "uploads"
    setting: Setting | None = account.settings.get(name)
    if setting is None:
        return report_ok(check, f"{DEFAULT_BASE_URLS[name]} (default)")
    remedy = f"write {DEFAULT_BASE_URLS[name]}, or unset {setting.source}"
    if is_private_key(setting.value):
        return report_failure(check, f"{setting.source} has the private key", remedy)
    try:
        text = f"{check_base_url(name, setting.value)} from {setting.source}"
    except ValueError as exc:
        if "@" in setting.value:
            remedy = f"remove the user name and the password from {setting.source}"
        return report_failure(check, f"{setting.source}: {hide_credentials(str(exc))}", remedy)
    if is_unencrypted(setting.value):
        return report_failure(check, f"{text} gets the private key unencrypted", "write https:// instead of http://")
    return report_ok(check, text)


def _check_mixture(account: Account) -> Iterator[Finding]:
    """Warn if some requests go to this machine, and others to the service."""
    urls = {
        "URL endpoint": account.get("url_endpoint"),
        "API": account.get("api_base_url") or API_BASE_URL,
        "uploads": account.get("upload_base_url") or UPLOAD_BASE_URL,
    }
    hosts = {check: _find_host(url) for check, url in urls.items() if url}
    here = [check for check, host in hosts.items() if host in LOOPBACK]
    if here and len(here) < len(hosts):
        others = [check for check in hosts if check not in here]
        yield report_warning(
            "mixture",
            f"{', '.join(here)}: on this machine; {', '.join(others)}: elsewhere",
            "set all of them to local ImageKit, or none (imagekit --local does so)",
        )


def _find_host(url: str) -> str | None:
    """Return the host of a URL; None if it is not valid."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _check_webhook_secret() -> Finding:
    from ...webhooks.signatures import read_secrets

    check = "webhook secret"
    given = os.environ.get(_WEBHOOK_VARIABLE)
    if not given:
        return report_skip(check, f"{_WEBHOOK_VARIABLE} is not set; only receivers of webhooks need it")
    try:
        (secret,) = read_secrets(_WEBHOOK_VARIABLE, given)
    except ValueError as exc:
        return report_failure(check, str(exc), "copy the secret of the webhook from the dashboard")
    if not secret.startswith("whsec_"):
        return report_warning(
            check, "it does not begin with 'whsec_'", "copy the secret of the webhook from the dashboard"
        )
    return report_ok(check, f"from {_WEBHOOK_VARIABLE}")
