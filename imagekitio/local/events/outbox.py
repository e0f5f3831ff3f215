"""The outbox: a table of the messages to webhooks and callbacks.

A row is written in the same transaction as the change that it reports, so none is lost and none reports a change that
was rolled back. It keeps the URL and the secret that the webhook had at that time.
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

CALLBACK = "extension.callback"  # the type of callbacks in lists; their bodies have none
MAX_FINISHED = 10_000  # finished messages to keep


@dataclass(frozen=True)
class Outgoing:
    """A message that was or will be sent to one receiver.

    Attributes:
        number: Unique number in the order of the queue.
        event_id: `id` of the event, the same for all receivers. A callback has one too, but does not send it.
        type: Type such as ``file.created``; ``extension.callback`` for messages to `webhookUrl` of a request.
        endpoint: URL of the receiver.
        body: The JSON body, decoded.
        created_at: Time at which it was queued, as Unix time in seconds by the clock of local ImageKit.
        status: ``pending`` while there are attempts left, ``delivered`` or ``failed``.
        attempts: Number of attempts so far.
        outcome: HTTP status of the last attempt, or the reason why there was no response.
        next_try_at: Time of the next attempt, as Unix time by the same clock; None if there is none.
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
    """A `webhookUrl`, and whether the request that named it was authorised with the private key."""

    url: str
    is_of_account: bool


class Parcel(NamedTuple):
    """The parts of a message that the sender needs. Without a secret it is not signed."""

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
    """Return the messages that are due now, oldest first."""
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
    """Return the time at which the next message after `now` is due; infinity if there is none."""
    query = "SELECT min(due_at) FROM outbox WHERE status = 'pending' AND due_at > ?"
    (due_at,) = connection.execute(query, (now,)).fetchone()
    return math.inf if due_at is None else float(due_at)


def record(
    transaction: Transaction, parcel: Parcel, outcome: str, *, is_accepted: bool, delays: Sequence[float]
) -> None:
    """Record an attempt; `delays` are the seconds before the second attempt, the third and so on."""
    left = delays[parcel.attempts :]
    status = "delivered" if is_accepted else "pending" if left else "failed"
    transaction.connection.execute(
        "UPDATE outbox SET status = ?, outcome = ?, due_at = ?, attempts = attempts + 1 WHERE number = ?",
        (status, outcome, transaction.now + left[0] if status == "pending" else None, parcel.number),
    )
    query = "DELETE FROM outbox WHERE number <= ? AND status <> 'pending'"
    transaction.connection.execute(query, (parcel.number - MAX_FINISHED,))


def make_all_due(transaction: Transaction) -> None:
    """Make all pending messages due now."""
    query = "UPDATE outbox SET due_at = ? WHERE status = 'pending' AND due_at > ?"
    transaction.connection.execute(query, (transaction.now, transaction.now))


def list_entries(connection: sqlite3.Connection) -> list[Outgoing]:
    """Return all messages, oldest first."""
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
