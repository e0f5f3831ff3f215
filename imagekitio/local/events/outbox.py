"""What is to be sent to webhooks and callbacks, in the database: an outbox.

Rows are written in the transaction that has the change they tell of, so none is lost and none tells of what was undone.
They keep the URL and the secret that their webhook had then.
"""

from __future__ import annotations

import json
import math
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from ..library.tables.transactions import Transaction

CALLBACK = "extension.callback"  # the type that callbacks are listed under; they carry none
MAX_FINISHED = 10_000  # that are remembered


@dataclass(frozen=True)
class Outgoing:
    """Something sent, or to be sent, to one receiver.

    Attributes:
        number: Place in the order in which they were queued; never given twice.
        event_id: `id` of the event, the same for all receivers; a callback has one too, though it does not carry it.
        type: Such as ``file.created``; ``extension.callback`` for what `webhookUrl` of a request receives.
        endpoint: URL of the receiver.
        body: The JSON sent, decoded.
        created_at: When it was queued, a Unix time in seconds by the clock of local ImageKit.
        status: ``pending`` while there are attempts left, ``delivered``, or ``failed``.
        attempts: How often it was tried.
        outcome: HTTP status of the last attempt, or why there was no answer.
        next_try_at: When it is tried next, a Unix time by the same clock; None when it is not.
    """

    number: int
    event_id: str
    type: str
    endpoint: str
    body: Any
    created_at: float
    status: Literal["pending", "delivered", "failed"]
    attempts: int
    outcome: str | None
    next_try_at: float | None


class Callback(NamedTuple):
    """A `webhookUrl`, and whether it was named by somebody who has the private key."""

    url: str
    is_of_account: bool


class Parcel(NamedTuple):
    """What the sender needs of an entry. Without a secret it is not signed."""

    number: int
    event_id: str
    endpoint: str
    body: bytes
    attempts: int
    secret: str | None
    is_of_account: bool


def add_event(
    transaction: Transaction, event_id: str, type_: str, endpoint: str, secret: str, body: Mapping[str, Any]
) -> None:
    """Queue the body of an event for a webhook; it is sent as soon as the transaction is committed."""
    _add(transaction, event_id, type_, endpoint, secret, True, body)


def add_callback(transaction: Transaction, callback: Callback, body: Mapping[str, Any]) -> None:
    """Queue `body` for a `webhookUrl`; it is sent as soon as the transaction is committed."""
    _add(transaction, str(uuid.uuid4()), CALLBACK, callback.url, None, callback.is_of_account, body)


def _add(
    transaction: Transaction,
    event_id: str,
    type_: str,
    endpoint: str,
    secret: str | None,
    of_account: bool,
    body: Mapping[str, Any],
) -> None:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    transaction.connection.execute(
        """INSERT INTO outbox (event_id, type, endpoint, secret, of_account, body, created_at, status, attempts, due_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', 0, ?)""",
        (event_id, type_, endpoint, secret, of_account, text, transaction.now, transaction.now),
    )
    transaction.has_queued = True


def due(connection: sqlite3.Connection, now: float) -> list[Parcel]:
    """What has to be sent now, the oldest first."""
    query = "SELECT * FROM outbox WHERE status = 'pending' AND due_at <= ? ORDER BY number LIMIT 1000"
    return [
        Parcel(
            number=row["number"],
            event_id=row["event_id"],
            endpoint=row["endpoint"],
            body=row["body"].encode(),
            attempts=row["attempts"],
            secret=row["secret"],
            is_of_account=bool(row["of_account"]),
        )
        for row in connection.execute(query, (now,))
    ]


def next_due(connection: sqlite3.Connection, now: float) -> float:
    """When the next entry that is not due at `now` will be; infinity without one."""
    query = "SELECT min(due_at) FROM outbox WHERE status = 'pending' AND due_at > ?"
    (due_at,) = connection.execute(query, (now,)).fetchone()
    return math.inf if due_at is None else float(due_at)


def record(
    transaction: Transaction, parcel: Parcel, outcome: str, *, is_accepted: bool, delays: Sequence[float]
) -> None:
    """Write down an attempt; `delays` are the seconds before the second attempt, the third and so on."""
    left = delays[parcel.attempts :]
    status = "delivered" if is_accepted else "pending" if left else "failed"
    transaction.connection.execute(
        "UPDATE outbox SET status = ?, outcome = ?, due_at = ?, attempts = attempts + 1 WHERE number = ?",
        (status, outcome, transaction.now + left[0] if status == "pending" else None, parcel.number),
    )
    query = "DELETE FROM outbox WHERE number <= ? AND status <> 'pending'"
    transaction.connection.execute(query, (parcel.number - MAX_FINISHED,))


def make_all_due(transaction: Transaction) -> None:
    """Make everything that is pending due now."""
    query = "UPDATE outbox SET due_at = ? WHERE status = 'pending' AND due_at > ?"
    transaction.connection.execute(query, (transaction.now, transaction.now))


def all_entries(connection: sqlite3.Connection) -> list[Outgoing]:
    """All that are remembered, the oldest first."""
    return [
        Outgoing(
            number=row["number"],
            event_id=row["event_id"],
            type=row["type"],
            endpoint=row["endpoint"],
            body=json.loads(row["body"]),
            created_at=row["created_at"],
            status=row["status"],
            attempts=row["attempts"],
            outcome=row["outcome"],
            next_try_at=row["due_at"],
        )
        for row in connection.execute("SELECT * FROM outbox ORDER BY number")
    ]
