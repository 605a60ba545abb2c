-- +goose Up

-- The last opening handshake of a connection that succeeded, and the last that
-- failed.
CREATE TABLE handshakes (
    element_id TEXT    NOT NULL REFERENCES elements (id) ON DELETE CASCADE,
    connection INTEGER NOT NULL,
    which      TEXT    NOT NULL, -- element.Which
    record     BLOB    NOT NULL, -- element.Handshake as JSON, masked
    PRIMARY KEY (element_id, connection, which)
) STRICT, WITHOUT ROWID;

-- +goose Down

DROP TABLE handshakes;
