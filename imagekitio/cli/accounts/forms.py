"""The form of keys, endpoints and base URLs: ``config`` refuses what is not valid, and ``doctor`` explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from ...settings import check_base_url
from ...urls.endpoint import Endpoint
from ..base.failures import USAGE, Failure
from .account import is_private_key, trim_key
from .profiles import SECRETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .account import Account

    KeyFault = Literal["empty", "other key", "bad characters", "other beginning"]

_SHARED_HOST = "ik.imagekit.io"  # serves all accounts, each under its id
_BEGINNINGS = {"public_key": "public_", "private_key": "private_"}  # of the keys in ImageKit's dashboard
_ENDPOINT = f"must be a URL such as https://{_SHARED_HOST}/your_imagekit_id"
_BASE_URL = "must be a URL such as http://127.0.0.1:8080"
_RULES: Mapping[str, str] = {
    **{name: f"must begin with {beginning}" for name, beginning in _BEGINNINGS.items()},
    "url_endpoint": _ENDPOINT,
    "api_base_url": _BASE_URL,
    "upload_base_url": _BASE_URL,
}


def check_form(setting: str, value: str) -> str:
    """Return the value of a setting without surrounding blanks, and a key without quotes.

    Raises:
        Failure: The value is not valid; exit code 2. The message does not repeat it, since it may be a secret.
    """
    name, rule = setting.replace("_", " "), _RULES[setting]
    text = value.strip()
    if setting in _BEGINNINGS:
        text = trim_key(text)
        fault = find_key_fault(setting, text)
        if fault == "bad characters":
            raise Failure(f"{name} must not contain blanks or non-ASCII characters", USAGE)
        if fault == "other key":
            raise Failure(f"{name} {rule}; this is the {find_other_key(setting).replace('_', ' ')}", USAGE)
        if fault is not None:
            raise Failure(f"{name} must not be empty" if fault == "empty" else f"{name} {rule}", USAGE)
        return text
    try:
        if setting == "url_endpoint":
            read_endpoint(text)
        else:
            check_base_url(setting, text)
    except ValueError:
        raise Failure(f"{name} {rule}", USAGE) from None
    if "://" not in text:  # the library adds it to an endpoint, but other readers of the file do not
        raise Failure(f"{name} {rule}", USAGE)
    return text


def find_other_key(setting: str) -> str:
    """Return the setting of the other key of the pair."""
    return "public_key" if setting == "private_key" else "private_key"


def find_key_fault(setting: str, key: str) -> KeyFault | None:
    """Return what is wrong with a key; None if it looks right.

    Args:
        setting: ``public_key`` or ``private_key``.
        key: The key, trimmed.
    """
    if not key:
        return "empty"
    if key.startswith(_BEGINNINGS[find_other_key(setting)]):
        return "other key"
    if not key.isascii() or any(character.isspace() for character in key):
        return "bad characters"
    if not key.startswith(_BEGINNINGS[setting]):
        return "other beginning"
    return None


def refuse_faulty_keys(account: Account) -> None:
    """Refuse keys with which no request can succeed, and a private key that would be shown, or sent to browsers.

    Raises:
        Failure: A key is refused; exit code 2. The message does not repeat it.
    """
    for name, setting in account.settings.items():
        if name not in SECRETS and is_private_key(setting.value):
            label = name.replace("_", " ").replace("url", "URL")
            raise Failure(f"{setting.source} has the private key in place of the {label}: correct it", USAGE)
    for name in SECRETS & account.settings.keys():
        setting = account.settings[name]
        fault = find_key_fault(name, trim_key(setting.value))
        if fault == "other key":
            raise Failure(f"{setting.source} has the public key in place of the private key: correct it", USAGE)
        if fault == "bad characters":
            raise Failure(f"{setting.source} has blanks or non-ASCII characters in the key: copy it again", USAGE)


def read_endpoint(url_endpoint: str) -> Endpoint:
    """Return an endpoint from which files can be read.

    Raises:
        ValueError: It is not a URL, its port is not a number, or it has credentials, blanks or no ImageKit ID.
    """
    endpoint = Endpoint.read(url_endpoint)
    prefix = check_base_url("url_endpoint", endpoint.prefix)
    if any(character.isspace() for character in url_endpoint.strip()):
        raise ValueError("url_endpoint must not contain blanks")
    parts = urlsplit(prefix)
    if parts.hostname == _SHARED_HOST and not parts.path:
        raise ValueError(f"url_endpoint lacks the ImageKit ID: {prefix}/your_imagekit_id")
    return endpoint
