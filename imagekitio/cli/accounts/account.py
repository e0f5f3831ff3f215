"""Which account a command talks to: options first, then the environment, then a profile.

The keys of two accounts are never mixed. With ``--profile``, nothing comes from the environment. Without it, a profile
is used only if the environment has no private key. A variable that contradicts the profile is then an error, and so is
one that would send the profile's key to another host. With ``--local``, everything comes from the local ImageKit that
runs on this machine.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ...settings import API_BASE_URL, UPLOAD_BASE_URL
from ..base.failures import USAGE, Failure, hide_credentials
from .profiles import DEFAULT, SECRETS, SETTINGS, read_profiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .profiles import ProfileFile

PROFILE_VARIABLE = "IMAGEKIT_PROFILE"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
DEFAULT_BASE_URLS = {"api_base_url": API_BASE_URL, "upload_base_url": UPLOAD_BASE_URL}


def is_unencrypted(base_url: str) -> bool:
    """Return whether others can read what is sent to a base URL.

    Plain HTTP is fine to this machine, and to names without a dot, such as those of neighbouring containers.
    """
    try:
        parts = urlsplit(base_url)
    except ValueError:
        return False  # the client refuses it
    host = parts.hostname or ""
    return parts.scheme == "http" and host not in LOOPBACK and ("." in host or ":" in host)


def name_option(setting: str) -> str:
    """Return the option of the command line for a setting."""
    return "--" + setting.replace("_", "-")


def name_variable(setting: str) -> str:
    """Return the environment variable for a setting."""
    return "IMAGEKIT_" + setting.upper()


class Setting(NamedTuple):
    """A setting's value, and where it comes from, such as ``IMAGEKIT_PRIVATE_KEY`` or ``profile 'shop'``."""

    value: str
    source: str


class Account(NamedTuple):
    """The settings of an account.

    Attributes:
        settings: Settings by name, without those that are not set.
        profile: Name of the profile that was read; None if none was.
        profile_source: Source of its name, such as ``--profile``, or the reason why none was read.
        file: File of profiles, if it was read.
    """

    settings: Mapping[str, Setting]
    profile: str | None = None
    profile_source: str = ""
    file: ProfileFile | None = None

    def get(self, setting: str) -> str | None:
        """Return the value of a setting; None if it is not set."""
        found = self.settings.get(setting)
        return None if found is None else found.value

    def require(self, setting: str) -> str:
        """Return the value of a setting.

        Raises:
            Failure: It is not set; exit code 2.
        """
        value = self.get(setting)
        if value is None:
            name = setting.replace("_", " ").replace("url", "URL")
            if self.profile is not None:
                raise Failure(
                    f"profile {self.profile!r} has no {name}: imagekit config --profile {self.profile}", USAGE
                )
            raise Failure(
                f"there is no {name}: set {name_variable(setting)}, {self._advise_profile()}, or use local ImageKit"
                " (--local)",
                USAGE,
            )
        return value

    def list_unencrypted(self) -> list[str]:
        """Return the base URLs to which the private key would be sent unencrypted."""
        return sorted(filter(is_unencrypted, {self.get(name) or "" for name in DEFAULT_BASE_URLS}))

    def _advise_profile(self) -> str:
        """Return advice on how to use a profile."""
        names = [] if self.file is None else [*self.file.profiles]
        return f"give --profile ({', '.join(names)})" if names else "create a profile (imagekit config)"

    def describe(self) -> str:
        """Return a description for questions, such as ``https://ik.imagekit.io/acme (profile 'shop')``."""
        where = self.settings.get("url_endpoint") or self.settings.get("private_key")
        if where is None:
            return "no account"
        endpoint = self.get("url_endpoint") or "the account"
        return f"{endpoint} ({where.source})"


def read_account(given: Mapping[str, str], *, profile: str | None = None, is_local: bool = False) -> Account:
    """Return the account that a command talks to.

    Args:
        given: Settings from options of the command line.
        profile: Value of the option ``--profile``.
        is_local: Whether the option ``--local`` is given.
    Raises:
        Failure: The options contradict each other, the file of profiles cannot be read, or it has no such profile.
    """
    if profile == "":
        raise Failure("--profile must be the name of a profile (got nothing)", USAGE)
    if is_local and (profile or given):
        other = "--profile" if profile else name_option(next(iter(given)))
        raise Failure(f"--local and {other} name two accounts: give one of them", USAGE)
    if is_local:
        from .local_servers import find_local_server

        settings = {name: Setting(text, "local ImageKit") for name, text in find_local_server().items()}
        return Account(settings, profile_source="--local")
    found = {name: Setting(value, name_option(name)) for name, value in given.items()}
    chosen, source = profile, "--profile"
    if profile is None:
        for name in SETTINGS:
            if value := os.environ.get(name_variable(name)):
                found.setdefault(name, Setting(value, name_variable(name)))
        if private_key := found.get("private_key"):
            return Account(found, profile_source=f"{private_key.source} comes first")
        chosen, source = os.environ.get(PROFILE_VARIABLE), PROFILE_VARIABLE
    file = read_profiles()
    if not chosen:
        chosen, source = DEFAULT, "the default"
        if chosen not in file.profiles:
            return Account(found, profile_source="there is no profile named default", file=file)
    own = file.find(chosen)
    for name, setting in found.items():
        if setting.source == name_variable(name):
            _check_agreement(setting, {**DEFAULT_BASE_URLS, **own}.get(name), chosen)
    for name, value in own.items():
        found.setdefault(name, Setting(value, f"profile {chosen!r}"))
    return Account(found, chosen, source, file)


def _check_agreement(setting: Setting, own: str | None, profile: str) -> None:
    """Refuse a setting of the environment that contradicts a profile.

    Args:
        setting: The setting of the environment.
        own: Value in the profile, or the service's default; None if there is neither.
        profile: Name of the profile.
    Raises:
        Failure: They differ; exit code 2.
    """
    if own is not None and setting.value.rstrip("/") != own.rstrip("/"):
        raise Failure(
            f"{setting.source} contradicts profile {profile!r}, which may belong to another account: unset it, set"
            f" {name_variable('private_key')} too, or give --profile {profile}",
            USAGE,
        )


@contextmanager
def hide_variables() -> Iterator[None]:
    """Hide the variables that a client would add to an account from a profile or from local ImageKit."""
    names = [*map(name_variable, SETTINGS), "IMAGE_KIT_BASE_URL"]
    hidden = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


def bypass_proxies() -> None:
    """Make this process connect to this machine directly, since no proxy of the environment can reach it."""
    names = (os.environ.get("no_proxy") or os.environ.get("NO_PROXY"), "localhost,127.0.0.1,::1")
    os.environ["no_proxy"] = ",".join(filter(None, names))


def trim_key(text: str) -> str:
    """Return a key without surrounding blanks and quotes."""
    return text.strip().strip("'\"").strip()


def is_private_key(text: str) -> bool:
    """Return whether a text is a private key of ImageKit, perhaps in quotes."""
    return trim_key(text).startswith("private_")


def mask(setting: str, value: str) -> str:
    """Return a value as it may be shown: at most the last four characters of a secret, to tell keys apart.

    A private key is a secret in any setting, since it may be there by mistake.
    """
    if setting not in SECRETS and not is_private_key(value):
        return hide_credentials(value)
    return f"private_…{value[-4:]}" if value.startswith("private_") and len(value) >= 24 else "…"
