"""An account: its settings, and the secret that signs URLs (img-src API, "Update settings")."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from ..storage.transactions import DataTransaction

# The settings of a new account, which has no default width or height.
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
        settings: Value of each name in `INITIAL`.
        signing_secret: Key of signed URLs, which is stored with the data.
        created_at: Unix time in seconds.
        updated_at: Unix time in seconds of the last change of the settings.
    """

    settings: Mapping[str, Any]
    signing_secret: str
    created_at: float
    updated_at: float


class Defaults(NamedTuple):
    """The defaults of delivery for parameters that neither the URL nor a preset sets.

    Attributes:
        quality: Quality from 1 to 100.
        fit: ``cover``, ``contain``, ``fill`` or ``scale-down``.
        max_width: Maximum width of the output in pixels; None means no limit.
        max_height: Maximum height of the output in pixels; None means no limit.
    """

    quality: int
    fit: str
    max_width: int | None
    max_height: int | None


def open_account(transaction: DataTransaction) -> None:
    """Create the account if it does not exist."""
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


def read_signing_secret(connection: sqlite3.Connection, image_id: str) -> str:
    """Return the key of the signed URLs of an image, which stays the same until a reset.

    Each image has its own key. So if a path moves to another image, the old URLs stop working instead of showing that
    image.
    """
    return f"{read_account(connection).signing_secret}/{image_id}"


def change_settings(transaction: DataTransaction, changes: Mapping[str, Any]) -> None:
    """Replace the named settings; keep the others."""
    settings = {**read_account(transaction.connection).settings, **changes}
    transaction.connection.execute(
        "UPDATE account SET settings = ?, updated_at = ?", (json.dumps(settings, ensure_ascii=False), transaction.now)
    )
