"""The queue of background tasks, in the database so that a restart loses none."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from ..library.tables.transactions import Transaction

Kind = Literal["extension", "pre-transformation", "post-transformation"]


class Task(NamedTuple):
    number: int
    kind: Kind
    payload: Mapping[str, Any]


def add(transaction: Transaction, kind: Kind, payload: Mapping[str, Any], *, delay: float) -> None:
    """Queue a task; it is due `delay` seconds from now."""
    query = "INSERT INTO tasks (kind, payload, due_at) VALUES (?, ?, ?)"
    transaction.connection.execute(query, (kind, json.dumps(payload, ensure_ascii=False), transaction.now + delay))
    transaction.has_queued = True


def next_task(connection: sqlite3.Connection, now: float) -> Task | None:
    """Return the first task that is due."""
    query = "SELECT number, kind, payload FROM tasks WHERE due_at <= ? ORDER BY due_at, number LIMIT 1"
    row = connection.execute(query, (now,)).fetchone()
    return None if row is None else Task(row["number"], row["kind"], json.loads(row["payload"]))


def finish(transaction: Transaction, task: Task) -> bool:
    """Remove `task` from the queue in the transaction with its effects; return False if a reset removed it first."""
    return transaction.connection.execute("DELETE FROM tasks WHERE number = ?", (task.number,)).rowcount > 0


def next_due(connection: sqlite3.Connection) -> float:
    """Return the time at which the next task is due; infinity if there is none."""
    (due_at,) = connection.execute("SELECT min(due_at) FROM tasks").fetchone()
    return math.inf if due_at is None else float(due_at)


def make_all_due(transaction: Transaction) -> None:
    """Make all tasks due now."""
    transaction.connection.execute("UPDATE tasks SET due_at = ? WHERE due_at > ?", (transaction.now, transaction.now))
