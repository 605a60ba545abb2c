-- +goose Up

-- Times are nanoseconds since 1970 in UTC, 0 for none.

CREATE TABLE elements (
    id         TEXT    NOT NULL PRIMARY KEY,
    name_key   TEXT    NOT NULL UNIQUE, -- the name, folded to one casing
    config     TEXT    NOT NULL,        -- element.Config as JSON
    state      TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE saved_values (
    element_id  TEXT    NOT NULL REFERENCES elements (id),
    parameter   INTEGER NOT NULL,
    kind        INTEGER NOT NULL, -- element.ValueKind
    text        BLOB,
    num         REAL,
    at          INTEGER NOT NULL,
    from_device INTEGER NOT NULL,
    PRIMARY KEY (element_id, parameter)
) STRICT, WITHOUT ROWID;

CREATE TABLE connectors (
    name    TEXT    NOT NULL,
    version TEXT    NOT NULL,
    xml     BLOB    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (name, version)
) STRICT;

-- One row for each start of the program: the numbers of events begin anew.
CREATE TABLE runs (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at INTEGER NOT NULL
) STRICT;

-- Events outlive their element until the writer has deleted them in chunks.
CREATE TABLE events (
    element_id TEXT    NOT NULL,
    run        INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    body       BLOB    NOT NULL, -- element.EventBody as JSON
    PRIMARY KEY (element_id, run, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX events_by_time ON events (at);

-- Deleted elements whose events are not all deleted yet.
CREATE TABLE removals (
    element_id TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- +goose Down

DROP TABLE removals;
DROP TABLE events;
DROP TABLE runs;
DROP TABLE connectors;
DROP TABLE saved_values;
DROP TABLE elements;
