"""The signed URLs so far; lists show the newest valid one with its image (img-src API, "List images")."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3

    from ..storage.transactions import DataTransaction


class SignedUrl(NamedTuple):
    """A signed URL.

    Attributes:
        target: Part after the user name: ``path?query``, percent-encoded.
        expires_at: Unix time in seconds.
    """

    target: str
    expires_at: int


def find_active(connection: sqlite3.Connection, image_id: str, now: float) -> SignedUrl | None:
    """Return the newest signed URL of an image that is valid at `now`."""
    query = "SELECT target, expires_at FROM signed_urls WHERE image_id = ? AND expires_at > ? ORDER BY row_id DESC"
    row = connection.execute(query, (image_id, now)).fetchone()
    return None if row is None else SignedUrl(*row)


def keep(transaction: DataTransaction, image_id: str, path: str, url: SignedUrl) -> None:
    """Store a signed URL of the image at `path`, and delete those that have expired."""
    connection = transaction.connection
    connection.execute("DELETE FROM signed_urls WHERE expires_at <= ?", (transaction.now,))
    connection.execute(
        "INSERT INTO signed_urls (image_id, path, target, expires_at) VALUES (?, ?, ?, ?)", (image_id, path, *url)
    )
