"""The description of a service's tables for its store."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3


class Schema(NamedTuple):
    """The tables of a service.

    Attributes:
        file_name: Name of the database in the data folder; each service has its own.
        migrations: Scripts, of which number n migrates from version n (``PRAGMA user_version``) to n + 1.
        tables: All tables, in the order in which `DataStore.reset` empties them.
        content_table: Table whose column `content_hash` refers to the contents in use.
    """

    file_name: str
    migrations: tuple[str, ...]
    tables: tuple[str, ...]
    content_table: str

    @property
    def version(self) -> int:
        return len(self.migrations)

    def migrate(self, connection: sqlite3.Connection) -> None:
        """Create the tables in a database, or migrate them from an earlier version.

        Raises:
            ValueError: The database was written by a newer version of the package.
        """
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > self.version:
            known = f"known: {self.version}"
            raise ValueError(f"the data has schema version {version}, written by a newer imagekitio ({known})")
        for number, script in enumerate(self.migrations[version:], version + 1):
            # One transaction per step, so that a crash leaves either the old or the new version.
            connection.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")
