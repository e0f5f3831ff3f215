"""Profiles: the keys and endpoints of accounts, in an INI file that only its owner can read."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...suggestions import did_you_mean
from ..base.failures import USAGE, Failure
from .private_files import lock_file, replace_file

if TYPE_CHECKING:
    import configparser
    from collections.abc import Mapping

FILE_VARIABLE = "IMAGEKIT_CONFIG_FILE"
DEFAULT = "default"

# Settings of a profile, in the order of the file.
SETTINGS = ("public_key", "private_key", "url_endpoint", "api_base_url", "upload_base_url")
SECRETS = frozenset({"private_key"})

_NAME = re.compile(r"\w[\w.@-]*")
_SECTION = re.compile(r"\[(?P<name>.+)\]")  # as configparser reads it


class ProfileFile(NamedTuple):
    """The file of profiles, and its content by profile and setting; empty if there is no file."""

    path: Path
    profiles: Mapping[str, Mapping[str, str]]

    @property
    def is_exposed(self) -> bool:
        """Whether other users of this machine may read the file; False on Windows, where modes do not show it."""
        try:
            return os.name == "posix" and bool(stat.S_IMODE(self.path.stat().st_mode) & 0o077)
        except OSError:
            return False

    def describe_exposure(self) -> str:
        """Return a warning about a file that others may read, with the command that fixes it."""
        import shlex

        return f"other users of this machine may read your keys: chmod 600 {shlex.quote(str(self.path))}"

    def find(self, name: str) -> Mapping[str, str]:
        """Return a profile.

        Raises:
            Failure: It does not exist; exit code 2.
        """
        if name not in self.profiles:
            hint = did_you_mean(name, self.profiles) if self.profiles else "; there are none yet"
            raise Failure(f"there is no profile {name!r} in {self.path}{hint} (create one: imagekit config)", USAGE)
        return self.profiles[name]


def find_file() -> Path:
    """Return the path of the file of profiles: ``IMAGEKIT_CONFIG_FILE``, or one in the system's configuration folder.

    Raises:
        Failure: This user has no home folder; exit code 2.
    """
    if path := os.environ.get(FILE_VARIABLE):
        return Path(os.path.expanduser(path))
    from platformdirs import user_config_path

    folder = user_config_path("imagekit", appauthor=False)
    if not folder.is_absolute():
        raise Failure(f"there is no home folder for profiles: set HOME, or {FILE_VARIABLE} to a file", USAGE)
    return folder / "config.ini"


def read_profiles() -> ProfileFile:
    """Read the file of profiles.

    Raises:
        Failure: It cannot be read, or has an unknown setting; exit code 2.
    """
    path = find_file()
    return ProfileFile(path, _parse(path, _read_text(path)))


def check_profile_name(name: str) -> None:
    """Refuse a name that the file cannot store, or that needs quotes in a shell.

    Raises:
        Failure: The name is not valid; exit code 2.
    """
    if name.startswith(("private_", "public_")):
        raise Failure("the name of a profile must not be a key, and must not begin like one", USAGE)
    if not _NAME.fullmatch(name):
        raise Failure(
            "the name of a profile must consist of letters, digits, '.', '_', '@' and '-', such as 'shop'"
            f" (got {name!r})",
            USAGE,
        )


def change_profile(name: str, settings: Mapping[str, str] | None) -> Path:
    """Set settings of a profile, or remove the profile; return the path of the file.

    The rest of the file does not change, including its comments. Processes that change it at the same time wait for
    each other.

    Args:
        name: Name of the profile, which is created if it does not exist.
        settings: Settings to set; an empty text removes one, and the others keep their values. None removes the
            profile.
    Raises:
        Failure: The name or the file is not valid, or there is no such profile to remove; exit code 2.
        OSError: The file cannot be written.
    """
    check_profile_name(name)
    path = find_file()
    with lock_file(path):
        text = _read_text(path)
        profiles = dict(_parse(path, text))
        if settings is None:
            ProfileFile(path, profiles).find(name)
            del profiles[name]
        else:
            changed = {**profiles.get(name, {}), **settings}
            profiles[name] = {key: changed[key] for key in SETTINGS if changed.get(key)}
        new = _replace_section(text, name, profiles.get(name))
        if _parse(path, new) != profiles:
            raise Failure(f"{path} cannot be changed without damage to other profiles: edit it yourself", USAGE)
        replace_file(path, new)
    return path


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else "it is not text in UTF-8"
        raise Failure(f"{path} cannot be read: {reason}", USAGE) from exc


def _parse(path: Path, text: str) -> dict[str, dict[str, str]]:
    import configparser

    # Raw, so that a % in a key is an ordinary character. No section has defaults for others: a name cannot be a NUL.
    parser = configparser.RawConfigParser(default_section="\0")
    try:
        parser.read_string(text)
    except configparser.Error as exc:
        raise Failure(f"{path}{_describe_syntax_error(exc)}", USAGE) from None  # its text may quote a key
    profiles = {name: dict(parser[name]) for name in parser.sections()}
    for name, profile in profiles.items():
        for unknown in profile.keys() - {*SETTINGS}:
            raise Failure(f"{path}: profile {name!r} sets {unknown!r}{did_you_mean(unknown, SETTINGS)}", USAGE)
    return profiles


def _describe_syntax_error(error: configparser.Error) -> str:
    """Return where a file is not valid, without the line itself, which may contain a key."""
    import configparser

    if isinstance(error, (configparser.DuplicateSectionError, configparser.DuplicateOptionError)):
        return f", line {error.lineno}: this profile or setting occurs twice"
    errors = getattr(error, "errors", None)
    number = errors[0][0] if errors else getattr(error, "lineno", "?")
    return f", line {number}: must be a profile such as [shop], or a setting such as public_key = …"


def _replace_section(text: str, name: str, settings: Mapping[str, str] | None) -> str:
    """Return the text of the file with new settings in one section, or without that section; comments stay."""
    lines = text.rstrip("\n").split("\n") if text.strip() else []
    headings = {match["name"]: number for number, line in enumerate(lines) if (match := _SECTION.match(line))}
    start = headings.get(name, len(lines))
    end = min((number for number in headings.values() if number > start), default=len(lines))
    body, following = lines[start + 1 : end], list[str]()
    while body and (_is_comment(body[-1]) or not body[-1].strip()):
        following.insert(0, body.pop())  # comments above the next heading belong to it
    section = []
    if settings is not None:
        section = [f"[{name}]", *(f"{key} = {value}" for key, value in settings.items()), *filter(_is_comment, body)]
        if start == len(lines) and lines:
            section.insert(0, "")
    return "\n".join([*lines[:start], *section, *following, *lines[end:], ""]).lstrip("\n")


def _is_comment(line: str) -> bool:
    return line.strip().startswith(("#", ";"))
