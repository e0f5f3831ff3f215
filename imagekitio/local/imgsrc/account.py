"""What an account has set up: its settings, and the secret that signs URLs (img-src API, "Update settings")."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from ..storage.transactions import DataTransaction

# What an account begins with. There is no default width or height then.
INITIAL: Mapping[str, Any] = {
    "delivery_formats": ["webp", "avif", "jpeg"],
    "default_quality": 80,
    "default_fit_mode": "contain",
    "default_max_width": None,
    "default_max_height": None,
    "theme": "light",
    "language": "en",
}


class Account(NamedTuple):
    """An account.

    Attributes:
        settings: Every name of `INITIAL` with its value.
        signing_secret: Key of signed URLs, which outlives a restart with the data.
        created_at: Unix time in seconds.
        updated_at: When the settings were changed last.
    """

    settings: Mapping[str, Any]
    signing_secret: str
    created_at: float
    updated_at: float


class Defaults(NamedTuple):
    """What delivery uses where neither the URL nor a preset says anything.

    Attributes:
        quality: From 1 to 100.
        fit: ``cover``, ``contain``, ``fill`` or ``scale-down``.
        max_width: Upper bound of the output in pixels; None is no bound.
        max_height: Likewise.
    """

    quality: int
    fit: str
    max_width: int | None
    max_height: int | None


def open_account(transaction: DataTransaction) -> None:
    """Make the account if there is none yet."""
    now, secret = transaction.now, secrets.token_hex(32)
    transaction.connection.execute("INSERT OR IGNORE INTO account VALUES (1, '{}', ?, ?, ?)", (secret, now, now))


def read_account(connection: sqlite3.Connection) -> Account:
    changed, secret, created_at, updated_at = connection.execute(
        "SELECT settings, signing_secret, created_at, updated_at FROM account"
    ).fetchone()
    return Account({**INITIAL, **json.loads(changed)}, secret, created_at, updated_at)


def read_defaults(connection: sqlite3.Connection) -> Defaults:
    settings = read_account(connection).settings
    return Defaults(
        quality=settings["default_quality"],
        fit=settings["default_fit_mode"],
        max_width=settings["default_max_width"],
        max_height=settings["default_max_height"],
    )


def read_signing_secret(connection: sqlite3.Connection) -> str:
    """Return the key of signed URLs: the same for as long as the data are kept, another after a reset."""
    return read_account(connection).signing_secret


def change_settings(transaction: DataTransaction, changes: Mapping[str, Any]) -> None:
    """Replace settings by name; the others stay."""
    settings = {**read_account(transaction.connection).settings, **changes}
    transaction.connection.execute(
        "UPDATE account SET settings = ?, updated_at = ?", (json.dumps(settings, ensure_ascii=False), transaction.now)
    )
