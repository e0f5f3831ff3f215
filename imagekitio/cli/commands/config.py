"""``imagekit config``: set profiles by questions or by options, and show them without their secrets."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ..accounts.account import PROFILE_VARIABLE, Account, mask, name_option
from ..accounts.forms import check_form
from ..accounts.profiles import DEFAULT, SETTINGS, change_profile, check_profile_name, find_file, read_profiles
from ..base.command import Group, make_common_options
from ..base.completion import complete_profiles
from ..base.failures import USAGE, Failure
from ..base.options import dry_run_option, yes_option
from ..base.session import Session, pass_session
from ..base.tables import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
    Column("public key", lambda row: row["publicKey"], keep=True),
    Column("private key", lambda row: row["privateKey"]),
)


@click.group(
    "config",
    cls=Group,
    invoke_without_command=True,
    examples=[
        ("imagekit config", "ask for the keys of an account, and store them as a profile"),
        ("imagekit config --profile shop", "create or change the profile shop; imagekit --profile shop ls uses it"),
        ("imagekit config show", "show which settings are used, and where each comes from"),
        ("imagekit config set ci --private-key-stdin < key.txt", "set a private key without questions"),
    ],
)
@click.option("--no-verify", "is_unverified", is_flag=True, help="Do not check the keys with a request.")
@click.pass_context
def command(context: click.Context, is_unverified: bool) -> None:
    """Manage profiles: the keys of your accounts.

    Without a command, it asks for a profile's keys and endpoint, checks them, and stores them in a file that only you
    can read. The profile named default is used when nothing else names an account. Options come first, then
    environment variables such as IMAGEKIT_PRIVATE_KEY, then the profile.
    """
    if context.invoked_subcommand is None:
        _ask_for_profile(context.ensure_object(Session), is_unverified=is_unverified)


@command.command("show", examples=[("imagekit config show --profile shop", "show the settings with the profile shop")])
@pass_session
def show(session: Session) -> None:
    """Show the settings that are used, and where they come from.

    At most the last four characters of the private key are shown.
    """
    account = session.account
    rows = [{"setting": "profile", "value": account.profile or "", "source": account.profile_source}]
    for name in SETTINGS:
        setting = account.settings.get(name)
        value, source = ("", "not set") if setting is None else (mask(name, setting.value), setting.source)
        rows.append({"setting": name, "value": value, "source": source})
    session.output.print_rows(rows, _SETTING_ROWS)


@command.command("list", examples=[("imagekit config list", "list all profiles; * marks the one that is used")])
@pass_session
def list_profiles(session: Session) -> None:
    """List the profiles, without their secrets."""
    file = read_profiles()
    try:
        account = session.account
    except Failure:
        account = Account({})  # no profile has the given name, which may be why the user lists them
    if account.file is None:
        session.warn_if_exposed(file)
    rows = (
        {
            "profile": name,
            "isUsed": name == account.profile,
            "urlEndpoint": mask("url_endpoint", profile.get("url_endpoint", "")),
            "publicKey": mask("public_key", profile.get("public_key", "")),
            "privateKey": mask("private_key", key) if (key := profile.get("private_key")) else "",
        }
        for name, profile in file.profiles.items()
    )
    if not session.output.print_rows(rows, _PROFILE_ROWS):
        session.output.note(f"there are no profiles in {file.path} (create one: imagekit config)")


@command.command(
    "set",
    params=[option for option in make_common_options(is_hidden=False) if option.name in SETTINGS],
    examples=[
        ("imagekit config set shop --url-endpoint https://ik.imagekit.io/shop", "change one setting"),
        ("imagekit config set ci --private-key-stdin < key.txt", "read the private key from a file or a secret store"),
    ],
)
@click.argument("name", shell_complete=complete_profiles)
@click.option(
    "--private-key-stdin",
    "reads_key",
    is_flag=True,
    help="Read the private key from standard input; on a terminal, ask for it.",
)
@dry_run_option
@pass_session
def set_profile(session: Session, name: str, reads_key: bool, is_dry_run: bool) -> None:
    """Create or change a profile without questions.

    No request is sent; imagekit doctor checks the keys. Settings that are not given do not change. An empty value
    removes a setting, except the private key.
    """
    _refuse_other_accounts(session)
    check_profile_name(name)
    given = {key: session.given[key] for key in SETTINGS if key in session.given}
    if reads_key and "private_key" in given:
        raise Failure("give --private-key-stdin or --private-key, not both", USAGE)
    if reads_key:
        if sys.stdin.isatty():
            given["private_key"] = _ask_setting("private_key", _QUESTIONS["private_key"], None)
        else:
            given["private_key"] = check_form("private_key", sys.stdin.read())
    if given.get("private_key") == "":
        raise Failure(
            f"private key must not be empty; to remove it with its profile: imagekit config remove {name}", USAGE
        )
    if not given:
        raise Failure(f"nothing to set: give one of {', '.join(map(name_option, SETTINGS))}", USAGE)
    session.warn_about_private_key()
    settings = {key: check_form(key, value) if value else "" for key, value in given.items()}
    _write(session, name, settings, is_dry_run=is_dry_run)


@command.command(
    "remove",
    examples=[
        ("imagekit config remove shop", "remove a profile; asks first"),
        ("imagekit config remove shop ci --yes", "remove two profiles without asking"),
    ],
)
@click.argument("names", nargs=-1, required=True, metavar="NAME...", shell_complete=complete_profiles)
@yes_option
@dry_run_option
@pass_session
def remove(session: Session, names: tuple[str, ...], is_confirmed: bool, is_dry_run: bool) -> None:
    """Remove profiles and the keys in them.

    If one of the profiles does not exist, none is removed. The accounts themselves do not change.
    """
    _refuse_other_accounts(session)
    file = read_profiles()
    profiles = {name: file.find(name) for name in names}
    if not is_dry_run:
        shown = ", ".join(
            repr(name) + (f" ({mask('url_endpoint', profile['url_endpoint'])})" if "url_endpoint" in profile else "")
            for name, profile in profiles.items()
        )
        what = f"the profile {shown} with its keys" if len(profiles) == 1 else f"the profiles {shown} with their keys"
        session.confirm(f"Remove {what}?", is_confirmed=is_confirmed)
    for name in profiles:
        result = {"status": "removed", "profile": name, "file": str(file.path)}
        if is_dry_run:
            session.output.print_planned("remove", result, f"the profile {name!r}")
            continue
        change_profile(name, None)
        session.output.print_result(result, f"removed: profile {name!r}")


@command.command("path", examples=[("imagekit config path", "print the path, whether or not the file exists")])
@pass_session
def path(session: Session) -> None:
    """Print the path of the file with the profiles.

    Set the environment variable IMAGEKIT_CONFIG_FILE to use another file.
    """
    file = str(find_file())
    if session.output.as_json:
        session.output.print_record({"path": file})
    else:
        session.output.print_line(file)


def _refuse_other_accounts(session: Session) -> None:
    for name in ("profile", "local"):
        if name in session.given:
            raise Failure(f"{name_option(name)} cannot be used here: the argument NAME is the profile", USAGE)


def _ask_for_profile(session: Session, *, is_unverified: bool) -> None:
    """Ask for the settings of a profile, check them and store them."""
    if "local" in session.given:
        raise Failure("--local needs no profile: it finds the local ImageKit that is running", USAGE)
    if not sys.stdin.isatty():
        raise Failure("questions need a terminal; without one: imagekit config set NAME", USAGE)
    session.on_interrupt = lambda: "nothing was changed"
    session.warn_about_private_key()
    file = read_profiles()
    name = session.given.get("profile") or _ask("Name of the profile", DEFAULT, _check_name)
    check_profile_name(name)
    old = file.profiles.get(name, {})
    session.output.note(
        f"{'Changing' if old else 'Creating'} the profile {name!r} in {file.path}."
        " The keys are in your ImageKit dashboard, on the page Developer options."
    )
    settings = {}
    for setting, question in _QUESTIONS.items():
        settings[setting] = (
            check_form(setting, session.given[setting])
            if setting in session.given
            else _ask_setting(setting, question, old.get(setting))
        )
    settings |= {key: check_form(key, session.given[key]) for key in SETTINGS if key in session.given}
    if not is_unverified:
        _verify(session, {**old, **settings})
    _write(session, name, settings, is_dry_run=False)
    if name != DEFAULT:
        session.output.note(f"Use it with --profile {name}, or set {PROFILE_VARIABLE}={name}.")


def _check_name(text: str) -> str:
    check_profile_name(text)
    return text


def _ask_setting(setting: str, question: str, old: str | None) -> str:
    def check(text: str) -> str:
        return old if old is not None and text == shown else check_form(setting, text)

    shown = None if old is None else mask(setting, old)
    return _ask(question, shown, check, is_hidden=setting == "private_key")


def _ask(question: str, default: str | None, check: Callable[[str], str], *, is_hidden: bool = False) -> str:
    """Ask until the answer is valid."""

    def convert(text: str) -> str:
        try:
            return check(text)
        except Failure as exc:
            raise click.UsageError(exc.message) from None  # makes click ask again

    answer: str = click.prompt(question, default=default, value_proc=convert, hide_input=is_hidden, err=True)
    return answer


def _verify(session: Session, settings: Mapping[str, str]) -> None:
    """Check the keys, and that the endpoint delivers a file of their account.

    Raises:
        Failure: They do not work, or the service did not answer.
    """
    from ..doctor.service import check_service

    with session.make_client(settings) as client:
        for finding in check_service(client):
            if finding.check not in ("authentication", "delivery"):
                continue  # only doctor reports the other checks
            if finding.status == "failed":
                raise Failure(
                    f"nothing was stored: {finding.text} ({finding.remedy}); --no-verify stores the settings anyway",
                    finding.exit_code,
                )
            if finding.status == "ok":
                session.output.note(f"{finding.text[0].upper()}{finding.text[1:]}.")


def _write(session: Session, name: str, settings: Mapping[str, str], *, is_dry_run: bool) -> None:
    file = find_file() if is_dry_run else change_profile(name, settings)
    shown = {key: mask(key, value) if value else "" for key, value in settings.items()}
    result = {"status": "set", "profile": name, "file": str(file), "settings": shown}
    described = ", ".join(f"{key} {value}" if value else f"no {key}" for key, value in shown.items())
    if is_dry_run:
        session.output.print_planned("set", result, f"in {file}: profile {name!r} with {described}")
    else:
        session.output.print_result(result, f"stored in {file}: profile {name!r} with {described}")
