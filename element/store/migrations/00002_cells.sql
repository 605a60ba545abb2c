-- +goose Up

-- Cells of tables. The order of the rows of a table is that of their first cell.
CREATE TABLE saved_cells (
    id          INTEGER PRIMARY KEY,
    element_id  TEXT    NOT NULL REFERENCES elements (id),
    parameter   INTEGER NOT NULL, -- of the table
    row_key     BLOB    NOT NULL,
    col         INTEGER NOT NULL, -- parameter of the column
    kind        INTEGER NOT NULL, -- element.ValueKind
    text        BLOB,
    num         REAL,
    at          INTEGER NOT NULL,
    from_device INTEGER NOT NULL,
    UNIQUE (element_id, parameter, row_key, col)
) STRICT;

-- +goose Down

DROP TABLE saved_cells;
