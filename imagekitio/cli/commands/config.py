"""``imagekit config``: profiles, made by questions or by options, and shown without their secrets."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import click

from ..base.accounts import PROFILE_VARIABLE, mask, name_option
from ..base.command import Command, Group, make_common_options
from ..base.completion import complete_profiles
from ..base.failures import USAGE, Failure, describe, find_exit_code
from ..base.options import dry_run_option, yes_option
from ..base.output import Column
from ..base.profiles import DEFAULT, SETTINGS, change_profile, check_profile_name, find_file, read_profiles
from ..base.session import Session, pass_session

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a setting looks like, and how to say so. Keys by the dashboard of ImageKit begin like this.
_FORMS = {
    "public_key": (re.compile(r"public_\S+"), "must begin with public_"),
    "private_key": (re.compile(r"private_\S+"), "must begin with private_"),
    "url_endpoint": (
        re.compile(r"https?://[^\s/?#]+[^\s?#]*"),
        "must be a URL such as https://ik.imagekit.io/your_imagekit_id",
    ),
    "api_base_url": (re.compile(r"https?://[^\s/?#]+[^\s?#]*"), "must be a URL such as http://127.0.0.1:8080"),
    "upload_base_url": (re.compile(r"https?://[^\s/?#]+[^\s?#]*"), "must be a URL such as http://127.0.0.1:8080"),
}
_QUESTIONS = {"public_key": "Public key", "private_key": "Private key (not shown)", "url_endpoint": "URL endpoint"}

_SETTING_ROWS = (
    Column("setting", lambda row: row["setting"]),
    Column("value", lambda row: row["value"], keep=True),
    Column("from", lambda row: row["source"]),
)
_PROFILE_ROWS = (
    Column("", lambda row: "*" if row["isUsed"] else ""),
    Column("profile", lambda row: row["profile"], keep=True),
    Column("endpoint", lambda row: row["urlEndpoint"], keep=True),
    Column("public key", lambda row: row["publicKey"]),
    Column("private key", lambda row: row["privateKey"]),
)


def check_form(setting: str, value: str) -> str:
    """Return the value of a setting without blanks around it.

    Raises:
        Failure: It cannot be one; exit code 2. The message does not repeat it.
    """
    pattern, right = _FORMS[setting]
    text = value.strip()
    if not pattern.fullmatch(text):
        is_other = setting == "public_key" and text.startswith("private_")
        raise Failure(f"{setting.replace('_', ' ')} {right}{'; this is the private key' if is_other else ''}", USAGE)
    return text


@click.group(
    "config",
    cls=Group,
    invoke_without_command=True,
    examples=[
        ("imagekit config", "answer questions, and keep the keys of an account as a profile"),
        ("imagekit config --profile shop", "make or change the profile shop; imagekit --profile shop ls uses it"),
        ("imagekit config show", "show which settings are used, and where each comes from"),
        ("imagekit config set ci --private-key-stdin < key.txt", "without questions"),
    ],
)
@click.option("--no-verify", "is_unverified", is_flag=True, help="Do not try the keys with a request.")
@click.pass_context
def command(context: click.Context, is_unverified: bool) -> None:
    """Make and show profiles: the keys of your accounts.

    Without a command, it asks for a profile's keys and endpoint, tries them with one request, and keeps them in a file
    that only you can read. The profile named default is used when nothing else names an account. Options come first,
    then environment variables such as IMAGEKIT_PRIVATE_KEY, then the profile.
    """
    if context.invoked_subcommand is None:
        _ask_for_profile(context.ensure_object(Session), is_unverified=is_unverified)


@command.command("show", examples=[("imagekit config show --profile shop", "what the profile shop gives")])
@pass_session
def show(session: Session) -> None:
    """Show the settings that commands use, and where each comes from.

    Of the private key, no more than its last four characters appear.
    """
    account = session.account
    rows = [{"setting": "profile", "value": account.profile or "", "source": _describe_choice(session, account.profile)}]
    for name in SETTINGS:
        setting = account.settings.get(name)
        value, source = ("", "not set") if setting is None else (mask(name, setting.value), setting.source)
        rows.append({"setting": name, "value": value, "source": source})
    session.output.print_rows(rows, _SETTING_ROWS)


def _describe_choice(session: Session, profile: str | None) -> str:
    if profile is None:
        return "--local" if session.given.get("local") else "no profile is used"
    if session.given.get("profile"):
        return "--profile"
    return PROFILE_VARIABLE if session.is_profile_from_environment else "the default"


@command.command("list", examples=[("imagekit config list", "all profiles; * marks the one that is used")])
@pass_session
def list_profiles(session: Session) -> None:
    """List the profiles, without their secrets."""
    file = read_profiles()
    session.warn_if_exposed(file)
    used = session.account.profile
    rows = (
        {
            "profile": name,
            "isUsed": name == used,
            "urlEndpoint": profile.get("url_endpoint", ""),
            "publicKey": profile.get("public_key", ""),
            "privateKey": mask("private_key", key) if (key := profile.get("private_key")) else "",
        }
        for name, profile in file.profiles.items()
    )
    if not session.output.print_rows(rows, _PROFILE_ROWS):
        session.output.note(f"there are no profiles in {file.path} (make one: imagekit config)")
