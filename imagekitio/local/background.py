"""The background thread, which runs extensions, post-transformations and webhooks outside of requests.

The database holds the pending work (`imagekitio.local.events.tasks`, `imagekitio.local.events.outbox`), with the
time at which each item is due by the clock of local ImageKit. The thread sleeps until the next item is due, or until it
is woken: by a transaction that queued something, or by a change of the clock.

Each receiver gets its own thread while there is something to send to it, so that a slow receiver delays no other. One
receiver gets its messages in order, except those that are sent again; the service does not guarantee any order.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import math
import threading
import time
from typing import TYPE_CHECKING

from .events import outbox, tasks
from .extensions.work import run_extension
from .uploads.transformations import report_pre_transformation, run_post_transformation
from .web.outgoing.connections import Connections, RequestFailed
from .web.outgoing.reach import reach_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .delivery.traffic import Traffic
    from .events.outbox import Parcel
    from .events.tasks import Kind, Task
    from .library.store import Store


log: logging.Logger = logging.getLogger("imagekitio.local")

MAX_RECEIVERS = 8  # served at the same time

_WORK: Mapping[Kind, Callable[[Store, Task, Connections], None]] = {
    "extension": run_extension,
    "pre-transformation": report_pre_transformation,
    "post-transformation": run_post_transformation,
}


class Background:
    """The background thread of one store, which runs until `stop`."""

    def __init__(self, store: Store, traffic: Traffic) -> None:
        self._store, self._traffic = store, traffic
        self._connections = Connections()
        self._is_stopping = False
        self._state = threading.Condition()  # guards the fields below; notified when the thread has nothing left to do
        self._senders: dict[str, threading.Thread] = {}  # by endpoint
        self._is_idle = False
        store.settings.clock.watch(store.woken.set)
        self._thread = threading.Thread(target=self._run, name="local ImageKit background", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the work in progress; if the data is kept, it is repeated after the next start."""
        self._store.settings.clock.unwatch(self._store.woken.set)
        self._is_stopping = True
        self._connections.close()
        self._store.woken.set()
        self._thread.join()
        with self._state:
            senders = list(self._senders.values())
        for sender in senders:
            sender.join()

    def flush(self, seconds: float = 30.0) -> None:
        """Run all pending work now, even if it is due later, and wait until it is done or was tried once.

        Raises:
            TimeoutError: The work took longer than `seconds`.
        """
        deadline = time.monotonic() + seconds
        with self._store.write() as transaction:
            tasks.make_all_due(transaction)
            outbox.make_all_due(transaction)
        with self._state:
            self._is_idle = False
            self._store.woken.set()
            if not self._state.wait_for(lambda: self._is_idle, max(deadline - time.monotonic(), 0)):
                raise TimeoutError(f"extensions and webhooks did not finish within {seconds:g} s")

    def _run(self) -> None:
        while not self._is_stopping:
            self._store.woken.clear()
            try:
                pause = self._round()
            except Exception:
                log.exception("the background work of local ImageKit failed")
                pause = 1.0
            self._store.woken.wait(min(pause, 3600.0))

    def _round(self) -> float:
        """Do the work that is due; return the seconds until the next item is due."""
        store, clock = self._store, self._store.settings.clock
        store.run_due_jobs()
        while not self._is_stopping:
            with store.read() as connection:
                task = tasks.next_task(connection, clock.time())
            if task is None:
                break
            try:
                _WORK[task.kind](store, task, self._connections)
            except Exception:
                log.exception("a task of local ImageKit (%s) failed", task.kind)
                with store.write() as transaction:
                    tasks.finish(transaction, task)
        if self._traffic.is_full:
            self._traffic.flush()
        now = clock.time()
        self._dispatch(now)
        with store.read() as connection:
            next_due = min(tasks.next_due(connection), outbox.next_due(connection, now), store.next_job)
        return max(next_due - now, 0.0) if math.isfinite(next_due) else math.inf

    def _dispatch(self, now: float) -> None:
        by_endpoint: dict[str, list[Parcel]] = {}
        with self._state:
            # Read under the lock: a sender records its work in the database before it leaves `_senders`.
            with self._store.read() as connection:
                for parcel in outbox.due(connection, now):
                    by_endpoint.setdefault(parcel.endpoint, []).append(parcel)
            for endpoint, due in by_endpoint.items():
                if endpoint in self._senders or len(self._senders) >= MAX_RECEIVERS or self._is_stopping:
                    continue  # the present sender wakes this thread when it is done
                sender = threading.Thread(
                    target=self._send_all, args=(endpoint, due), name="local ImageKit webhook", daemon=True
                )
                self._senders[endpoint] = sender
                sender.start()
            if not self._senders and not self._store.woken.is_set():
                self._is_idle = True
                self._state.notify_all()

    def _send_all(self, endpoint: str, parcels: Sequence[Parcel]) -> None:
        try:
            for parcel in parcels:
                if self._is_stopping:
                    break
                self._send(parcel)
        except Exception:
            log.exception("sending to %s failed", endpoint)
        finally:
            with self._state:
                del self._senders[endpoint]
            self._store.woken.set()

    def _send(self, parcel: Parcel) -> None:
        settings = self._store.settings
        headers = {"Content-Type": "application/json"}
        if parcel.secret is not None:
            headers |= webhook_headers(parcel.secret, parcel.event_id, parcel.body, now=time.time())
        reach = reach_of(settings, is_receiver_of_account=parcel.is_of_account)
        try:
            status = self._connections.post(
                parcel.endpoint, parcel.body, headers, reach=reach, seconds=settings.webhook_timeout_seconds
            )
            outcome = str(status)
            # Callbacks need a 200, webhooks any success status (ImageKit docs, "Extensions" and "Webhooks").
            is_accepted = 200 <= status < 300 if parcel.secret is not None else status == 200
        except RequestFailed as exc:
            if self._is_stopping:
                return
            outcome, is_accepted = str(exc), False
        with self._store.write() as transaction:
            outbox.record(transaction, parcel, outcome, is_accepted=is_accepted, delays=settings.webhook_retry_seconds)


def webhook_headers(secret: str, event_id: str, body: bytes, *, now: float) -> dict[str, str]:
    """Return the headers that prove who sent `body`.

    Args:
        secret: ``whsec_…``; the whole text, prefix included, is the key of both schemes.
        event_id: Id of the event.
        body: The bytes that are sent.
        now: Unix time in seconds.
    """
    milliseconds, seconds = str(int(now * 1000)), str(int(now))
    signed = f"{event_id}.{seconds}.".encode() + body
    standard = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
    older = hmac.new(secret.encode(), f"{milliseconds}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        "x-ik-signature": f"t={milliseconds},v1={older}",
        "webhook-id": event_id,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{standard}",
    }
