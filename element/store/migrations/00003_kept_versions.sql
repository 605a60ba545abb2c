-- +goose Up

-- What elements were before their connector's version was changed, until a
-- person goes back to it or forgets it.

CREATE TABLE kept_versions (
    element_id TEXT    NOT NULL REFERENCES elements (id),
    version    TEXT    NOT NULL, -- of the connector that was used
    config     TEXT    NOT NULL, -- element.Config as JSON
    at         INTEGER NOT NULL,
    person     TEXT    NOT NULL, -- who changed the version
    PRIMARY KEY (element_id, version)
) STRICT, WITHOUT ROWID;

-- Columns as in saved_values and saved_cells.

CREATE TABLE kept_values (
    element_id  TEXT    NOT NULL,
    version     TEXT    NOT NULL,
    parameter   INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    text        BLOB,
    num         REAL,
    at          INTEGER NOT NULL,
    from_device INTEGER NOT NULL,
    PRIMARY KEY (element_id, version, parameter),
    FOREIGN KEY (element_id, version) REFERENCES kept_versions (element_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE kept_cells (
    id          INTEGER PRIMARY KEY,
    element_id  TEXT    NOT NULL,
    version     TEXT    NOT NULL,
    parameter   INTEGER NOT NULL,
    row_key     BLOB    NOT NULL,
    col         INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    text        BLOB,
    num         REAL,
    at          INTEGER NOT NULL,
    from_device INTEGER NOT NULL,
    UNIQUE (element_id, version, parameter, row_key, col),
    FOREIGN KEY (element_id, version) REFERENCES kept_versions (element_id, version)
) STRICT;

-- +goose Down

DROP TABLE kept_cells;
DROP TABLE kept_values;
DROP TABLE kept_versions;
