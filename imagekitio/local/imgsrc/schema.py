"""The tables of local img-src.

An image is one content, identified by its SHA-256; `paths` has its paths. Its `id` is the first 16 hexadecimal digits
of that hash, so two images with the same id would need a 64-bit collision. Times are Unix times in seconds.
"""

from __future__ import annotations

from ..storage.schema import Schema

_VERSION_1 = """
CREATE TABLE images (
    row_id INTEGER PRIMARY KEY,     -- order of upload
    id TEXT NOT NULL UNIQUE,
    content_hash TEXT NOT NULL UNIQUE,  -- SHA-256 in hexadecimal: the name of the bytes on disk
    original_filename TEXT NOT NULL,
    size INTEGER NOT NULL,          -- bytes
    format TEXT NOT NULL,           -- of the bytes, such as jpeg
    mime TEXT NOT NULL,
    width INTEGER,                  -- pixels; NULL for what cannot be measured
    height INTEGER,
    uploaded_at REAL NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'private')),
    folded_filename TEXT NOT NULL   -- text to search
);
CREATE INDEX images_uploaded ON images (uploaded_at);

CREATE TABLE paths (
    row_id INTEGER PRIMARY KEY,     -- order in which the paths were given
    path TEXT NOT NULL UNIQUE,      -- decoded, without a slash at either end
    stem TEXT NOT NULL,             -- the path without the extension of an image
    image_id TEXT NOT NULL,
    folded_path TEXT NOT NULL       -- text to search
);
CREATE INDEX paths_stem ON paths (stem);
CREATE INDEX paths_image ON paths (image_id);

CREATE TABLE presets (
    row_id INTEGER PRIMARY KEY,     -- order of creation
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    description TEXT,
    params TEXT NOT NULL,           -- JSON object
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    usage_count INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE account (              -- one row, made with the database
    row_id INTEGER PRIMARY KEY CHECK (row_id = 1),
    settings TEXT NOT NULL,         -- JSON object of what `update_settings` has changed
    signing_secret TEXT NOT NULL,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL
);

CREATE TABLE usage (
    period TEXT NOT NULL,           -- month in UTC: 2025-01
    name TEXT NOT NULL,             -- kind of usage: see imagekitio.local.imgsrc.usage
    amount INTEGER NOT NULL,
    PRIMARY KEY (period, name)
) WITHOUT ROWID;

CREATE TABLE renditions (           -- renditions that were counted as a transformation
    period TEXT NOT NULL,           -- month in UTC: 2025-01
    etag TEXT NOT NULL,
    PRIMARY KEY (period, etag)
) WITHOUT ROWID;

CREATE TABLE signed_urls (
    row_id INTEGER PRIMARY KEY,     -- order of creation
    image_id TEXT NOT NULL,
    path TEXT NOT NULL,             -- of `paths`: without it the URL leads nowhere
    target TEXT NOT NULL,           -- what follows the user name in the URL, percent-encoded
    expires_at INTEGER NOT NULL
);
CREATE INDEX signed_urls_image ON signed_urls (image_id);
CREATE INDEX signed_urls_path ON signed_urls (path);
"""

SCHEMA = Schema(
    file_name="imgsrc.db",
    migrations=(_VERSION_1,),
    tables=("images", "paths", "presets", "account", "usage", "renditions", "signed_urls"),
    content_table="images",
)
