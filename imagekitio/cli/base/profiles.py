"""Profiles: the keys and endpoints of accounts, in an INI file that only its owner can read."""

from __future__ import annotations

import configparser
import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...suggestions import did_you_mean
from .failures import USAGE, Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_VARIABLE = "IMAGEKIT_CONFIG_FILE"
DEFAULT = "default"

# What a profile may set, in the order of the file.
SETTINGS = ("public_key", "private_key", "url_endpoint", "api_base_url", "upload_base_url")
SECRETS = frozenset({"private_key"})


class ProfileFile(NamedTuple):
    """The file of profiles, and its content by profile and setting; empty if there is no file."""

    path: Path
    profiles: Mapping[str, Mapping[str, str]]

    @property
    def is_exposed(self) -> bool:
        """Whether other users of this machine may read the file; never on Windows, whose modes do not tell."""
        try:
            return os.name == "posix" and bool(stat.S_IMODE(self.path.stat().st_mode) & 0o077)
        except FileNotFoundError:
            return False

    def find(self, name: str) -> Mapping[str, str]:
        """Return a profile.

        Raises:
            Failure: There is none of that name; exit code 2.
        """
        if name not in self.profiles:
            hint = did_you_mean(name, self.profiles) if self.profiles else "; there are none yet"
            raise Failure(f"there is no profile {name!r} in {self.path}{hint} (make one: imagekit config)", USAGE)
        return self.profiles[name]


def find_file() -> Path:
    """Return where the profiles are kept: ``IMAGEKIT_CONFIG_FILE``, or else the folder that the system has for it."""
    if path := os.environ.get(FILE_VARIABLE):
        return Path(path)
    from platformdirs import user_config_path

    return user_config_path("imagekit", appauthor=False) / "config.ini"


def read_profiles() -> ProfileFile:
    """Read the file of profiles.

    Raises:
        Failure: It cannot be read, or sets what no profile has; exit code 2.
    """
    path = find_file()
    parser = _make_parser()
    try:
        with path.open(encoding="utf-8-sig") as file:
            parser.read_file(file)
    except FileNotFoundError:
        return ProfileFile(path, {})
    except (OSError, UnicodeError, configparser.Error) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else str(exc)
        raise Failure(f"{path} cannot be read: {reason}", USAGE) from exc
    profiles = {name: dict(parser[name]) for name in parser.sections()}
    for name, profile in profiles.items():
        for unknown in profile.keys() - {*SETTINGS}:
            raise Failure(f"{path}: profile {name!r} sets {unknown!r}{did_you_mean(unknown, SETTINGS)}", USAGE)
    return ProfileFile(path, profiles)


def write_profiles(path: Path, profiles: Mapping[str, Mapping[str, str]]) -> None:
    """Replace the file of profiles by one with mode 600; a run that is killed leaves the old one.

    Raises:
        OSError: It cannot be written.
    """
    parser = _make_parser()
    parser.read_dict({name: {key: text for key, text in each.items() if text} for name, each in profiles.items()})
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, new = tempfile.mkstemp(dir=path.parent, prefix=".config-")  # which has mode 600
    try:
        with open(number, "w", encoding="utf-8") as file:
            parser.write(file)
        os.replace(new, path)
    except BaseException:
        os.unlink(new)
        raise


def _make_parser() -> configparser.RawConfigParser:
    # Raw: a % in a key is a character. No section lends its settings to others; a NUL cannot be typed as its name.
    return configparser.RawConfigParser(default_section="\0")
