"""The tables of a service, as its store needs to know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3


class Schema(NamedTuple):
    """The tables of a service.

    Attributes:
        file_name: Name of the database in the folder of the data; each service has its own.
        migrations: Scripts; the one at index n leads from version n (``PRAGMA user_version``) to n + 1.
        tables: All tables, in the order in which `DataStore.reset` empties them.
        content_table: The table whose column `content_hash` names the contents that are in use.
    """

    file_name: str
    migrations: tuple[str, ...]
    tables: tuple[str, ...]
    content_table: str

    @property
    def version(self) -> int:
        return len(self.migrations)

    def migrate(self, connection: sqlite3.Connection) -> None:
        """Bring a database, new or of an earlier version, up to date.

        Raises:
            ValueError: The database was written by a later version of the package.
        """
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > self.version:
            known = f"known: {self.version}"
            raise ValueError(f"the data has schema version {version}, written by a newer imagekitio ({known})")
        for number, script in enumerate(self.migrations[version:], version + 1):
            # One transaction a step: a crash leaves the version before or the one after.
            connection.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")
