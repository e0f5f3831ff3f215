"""The tables of local ImageKit.

Files, archived versions and folders are rows of one table, `assets`, because they share the tree, listing and search.
One statement moves a folder with everything in it, and one unique index prevents a file and a folder with the same
path. Fields to sort by or to search for are real columns. Names and dates have indexes; without one, listing 100,000
files by size takes 0.1 to 0.2 s, but each index slows uploads by about 2 %. JSON columns are NULL if they are empty.

Times are Unix times in seconds. Paths are canonical: ``/a/b.jpg``. `path` is the parent folder of the asset.
"""

from __future__ import annotations

from ...storage.schema import Schema

# Never change a released migration; add another one for changes to the tables.
_VERSION_1 = """
CREATE TABLE assets (
    row_id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('file', 'file-version', 'folder')),
    id TEXT NOT NULL,               -- file id (the same for all versions) or folder id
    version_id TEXT,                -- NULL for folders
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    full_path TEXT NOT NULL,
    created_at REAL NOT NULL,       -- as shown: first upload of a file, own upload of an archived version
    updated_at REAL NOT NULL,
    size INTEGER,                   -- bytes
    width INTEGER,                  -- pixels
    height INTEGER,
    duration REAL,                  -- seconds
    bit_rate INTEGER,               -- bits per second
    video_codec TEXT,
    audio_codec TEXT,
    format TEXT,
    mime TEXT,
    is_image INTEGER,
    has_alpha INTEGER,
    is_private INTEGER,
    is_published INTEGER,
    created_by TEXT,
    tags TEXT,                      -- JSON array of texts
    ai_tags TEXT,                   -- JSON array of {name, confidence, source}
    custom_metadata TEXT,           -- JSON object
    embedded_metadata TEXT,         -- JSON object
    number INTEGER,                 -- of "Version <number>"
    last_number INTEGER,            -- highest number the file ever had; right on its current version
    uploaded_at REAL,               -- when this version was uploaded
    token TEXT,                     -- its ik-obj-version
    content_hash TEXT,              -- SHA-256 in hexadecimal: the name of the bytes on disk
    orientation INTEGER,            -- EXIF, 1 to 8
    custom_coordinates TEXT,
    description TEXT
);
CREATE UNIQUE INDEX assets_one_a_path ON assets (full_path) WHERE kind <> 'file-version';
CREATE UNIQUE INDEX assets_one_an_id ON assets (id) WHERE kind <> 'file-version';
CREATE UNIQUE INDEX assets_versions ON assets (id, version_id);
CREATE INDEX assets_tree ON assets (full_path);
CREATE INDEX assets_children ON assets (path, kind, created_at, id);
CREATE INDEX assets_content ON assets (content_hash);
CREATE INDEX assets_created ON assets (kind, created_at, id);
CREATE INDEX assets_updated ON assets (kind, updated_at, id);
CREATE INDEX assets_name ON assets (kind, name, id);

CREATE TABLE custom_fields (
    row_id INTEGER PRIMARY KEY,     -- order of creation
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,      -- stays taken when the field is deleted
    label TEXT NOT NULL,
    description TEXT,
    schema TEXT NOT NULL,           -- JSON object
    deleted_at REAL
);
CREATE UNIQUE INDEX custom_fields_label ON custom_fields (label) WHERE deleted_at IS NULL;

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    status TEXT NOT NULL,
    source TEXT NOT NULL,           -- folder path
    destination TEXT NOT NULL,      -- path the folder gets
    include_versions INTEGER NOT NULL,
    purge_cache INTEGER NOT NULL,
    due_at REAL NOT NULL,           -- when it is carried out
    purge_request_id TEXT
);
CREATE INDEX jobs_pending ON jobs (due_at) WHERE status = 'Pending';

CREATE TABLE purges (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    created_at REAL NOT NULL
);
CREATE INDEX purges_created ON purges (created_at);

CREATE TABLE used_tokens (token TEXT PRIMARY KEY, used_at REAL NOT NULL) WITHOUT ROWID;

CREATE TABLE tasks (                -- background tasks: see imagekitio.local.events.tasks
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,          -- JSON object
    due_at REAL NOT NULL
);
CREATE INDEX tasks_due ON tasks (due_at);

CREATE TABLE outbox (               -- of webhook events and of callbacks: see imagekitio.local.events.outbox
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    secret TEXT,                    -- NULL: a callback, which is not signed
    of_account INTEGER NOT NULL,    -- whether the private key authorised the endpoint
    body TEXT NOT NULL,             -- JSON
    created_at REAL NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
    attempts INTEGER NOT NULL,
    outcome TEXT,                   -- of the last attempt: its HTTP status, or why there was none
    due_at REAL                     -- of the next attempt
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE status = 'pending';

CREATE TABLE extension_units (used_at REAL NOT NULL, units INTEGER NOT NULL);

CREATE TABLE changes (              -- changes of assets in the current transaction, if there are webhooks
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    version_id TEXT,
    old_kind TEXT,                  -- NULL: there was no such row
    old_path TEXT,                  -- full path
    new_kind TEXT,                  -- NULL: there is no such row any more
    new_path TEXT
);
CREATE TRIGGER assets_inserted AFTER INSERT ON assets WHEN EXISTS (SELECT 1 FROM presets WHERE kind = 'webhook')
BEGIN
    INSERT INTO changes (id, version_id, new_kind, new_path) VALUES (new.id, new.version_id, new.kind, new.full_path);
END;
CREATE TRIGGER assets_changed AFTER UPDATE ON assets WHEN EXISTS (SELECT 1 FROM presets WHERE kind = 'webhook')
BEGIN
    INSERT INTO changes (id, version_id, old_kind, old_path, new_kind, new_path)
    VALUES (new.id, new.version_id, old.kind, old.full_path, new.kind, new.full_path);
END;
CREATE TRIGGER assets_deleted AFTER DELETE ON assets WHEN EXISTS (SELECT 1 FROM presets WHERE kind = 'webhook')
BEGIN
    INSERT INTO changes (id, version_id, old_kind, old_path) VALUES (old.id, old.version_id, old.kind, old.full_path);
END;

CREATE TABLE presets (
    row_id INTEGER PRIMARY KEY,     -- order of creation
    kind TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    members TEXT NOT NULL,          -- JSON object
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL
);
CREATE INDEX presets_kind ON presets (kind);

CREATE TABLE traffic (
    day TEXT NOT NULL,              -- in UTC: 2024-03-05
    category TEXT NOT NULL,         -- member of the analytics it counts for; "total" for all
    name TEXT NOT NULL,
    requests INTEGER NOT NULL,
    bytes INTEGER NOT NULL,         -- of bodies delivered
    PRIMARY KEY (day, category, name)
) WITHOUT ROWID;
"""

SCHEMA = Schema(
    file_name="imagekit.db",
    migrations=(_VERSION_1,),
    tables=(
        "assets",
        "custom_fields",
        "jobs",
        "purges",
        "used_tokens",
        "presets",
        "traffic",
        "tasks",
        "outbox",
        "extension_units",
        "changes",
    ),
    content_table="assets",
)
