"""The five operations on one kind of preset: create, list, get, update, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ...base.dates import iso_date
from ...base.errors import ApiError
from ...library import presets
from ...library.presets import Preset
from ...web.calls import NO_CONTENT, Answer

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

    from ...library.presets import Kind
    from ...library.store import Store
    from ...library.tables.transactions import Transaction
    from ...web.calls import Call

    Read = Callable[[Transaction, Mapping[str, Any], Preset | None], Mapping[str, Any]]
    Show = Callable[[Preset], dict[str, Any]]


def show_with_dates(preset: Preset) -> dict[str, Any]:
    """Return a preset in the form of most responses."""
    dates = {"createdAt": iso_date(preset.created_at), "updatedAt": iso_date(preset.updated_at)}
    return {"id": preset.id, **preset.members, **dates}


class Collection(NamedTuple):
    """Handlers for presets of one kind.

    Attributes:
        id_prefix: Start of the ids; 24 hexadecimal digits follow.
        read: Function that checks a body and returns the members to store; it gets the preset to update, or None for
            a new one.
        show: Function that returns a preset in the form of responses.
        missing: Message of the 404 error.
        check_delete: Function that raises an `ApiError` if the preset must not be deleted.
        malformed: Message of the 400 error for a malformed id; None treats such an id as missing.
        most: Maximum number of presets, and the message of the 400 error for one more.
        built_in: Preset that always exists.
    """

    kind: Kind
    id_prefix: str
    read: Read
    show: Show
    missing: str
    check_delete: Callable[[Transaction, Preset], None] = lambda transaction, preset: None
    malformed: str | None = None
    most: tuple[int, str] | None = None
    built_in: Preset | None = None

    def create(self, store: Store, call: Call) -> Answer:
        with store.write() as transaction:
            members = self.read(transaction, call.body, None)
            if self.most is not None and len(self.all(transaction.connection)) >= self.most[0]:
                raise ApiError(400, self.most[1])
            new = Preset(
                self.kind, f"{self.id_prefix}{transaction.new_id()}", members, transaction.now, transaction.now
            )
            return Answer(201, self.show(presets.save(transaction, new, members)))

    def list(self, store: Store, call: Call) -> Answer:
        with store.read() as connection:
            return Answer(200, [self.show(preset) for preset in self.all(connection)])

    def get(self, store: Store, call: Call) -> Answer:
        with store.read() as connection:
            return Answer(200, self.show(self._require(connection, call)))

    def update(self, store: Store, call: Call) -> Answer:
        with store.write() as transaction:
            preset = self._require(transaction.connection, call)
            return Answer(200, self.show(presets.save(transaction, preset, self.read(transaction, call.body, preset))))

    def delete(self, store: Store, call: Call) -> Answer:
        with store.write() as transaction:
            preset = self._require(transaction.connection, call)
            self.check_delete(transaction, preset)
            presets.delete(transaction, preset)
        return NO_CONTENT

    def all(self, connection: sqlite3.Connection) -> Sequence[Preset]:
        found = presets.all_of(connection, self.kind)
        if self.built_in is None or any(preset.id == self.built_in.id for preset in found):
            return found
        return [self.built_in, *found]

    def _require(self, connection: sqlite3.Connection, call: Call) -> Preset:
        preset_id = call.path["id"]
        if self.malformed is not None and not presets.is_id(preset_id, self.id_prefix):
            raise ApiError(400, self.malformed)
        found = presets.find(connection, self.kind, preset_id)
        if found is None and self.built_in is not None and preset_id == self.built_in.id:
            found = self.built_in
        if found is None:
            raise ApiError(404, self.missing)
        return found
