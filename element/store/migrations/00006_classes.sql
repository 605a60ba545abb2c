-- +goose Up

-- The element.EventClass, by which events are kept; NULL for what the device
-- says, which is most, so that the index costs those nothing.
ALTER TABLE events ADD COLUMN class INTEGER;

UPDATE events SET class = CASE
    WHEN kind IN ('connecting', 'open', 'refused', 'closed') THEN 1
    WHEN kind = 'log' THEN 2
    ELSE 3
END WHERE kind NOT IN ('parameter', 'message-in', 'message-out');

CREATE INDEX events_by_class ON events (element_id, class, run, seq) WHERE class IS NOT NULL;

-- The time by which events grow old: see age.go.
CREATE TABLE clock (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
) STRICT;

-- +goose Down

DROP TABLE clock;
DROP INDEX events_by_class;
ALTER TABLE events DROP COLUMN class;
