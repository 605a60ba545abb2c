package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"

	"fieldline/element"
)

const (
	keepHandshakeSQL = `INSERT INTO handshakes (element_id, connection, which, record)
		SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM elements WHERE id = ?1)
		ON CONFLICT DO UPDATE SET record = excluded.record`
	handshakesSQL = `SELECT connection, which, record FROM handshakes WHERE element_id = ? ORDER BY connection, which`
)

// handshakeKey finds a record that waits to be written.
type handshakeKey struct {
	element    element.ID
	connection int
	which      element.Which
}

// RecordHandshake takes the newest record of a connection in the place of the
// one before; it never waits. It is on disk within about a tenth of a second,
// or after Flush. Of an element that is deleted nothing is kept.
func (s *Store) RecordHandshake(id element.ID, h element.KeptHandshake) {
	select {
	case <-s.closing:
	default:
		s.writer.queue.keep(handshakeKey{id, h.Connection, h.Which}, h.Handshake)
	}
}

// Handshakes returns the records of an element by connection.
func (s *Store) Handshakes(ctx context.Context, id element.ID) ([]element.KeptHandshake, error) {
	all := []element.KeptHandshake{}
	err := s.read(ctx, "store.Handshakes", handshakesSQL, []any{id}, func(rows *sql.Rows) error {
		var h element.KeptHandshake
		var record []byte
		if err := rows.Scan(&h.Connection, &h.Which, &record); err != nil {
			return err
		}
		if err := json.Unmarshal(record, &h.Handshake); err != nil {
			s.options.Logger.WarnContext(ctx, "the record of a handshake cannot be read", "element", id, "connection", h.Connection, "err", err)
			return nil
		}
		all = append(all, h)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// keep takes a record. There are at most two of each connection.
func (q *queue) keep(k handshakeKey, h element.Handshake) {
	q.mu.Lock()
	if q.handshakes == nil {
		q.handshakes = map[handshakeKey]element.Handshake{}
	}
	q.handshakes[k] = h
	q.mu.Unlock()
	select {
	case q.kick <- struct{}{}:
	default:
	}
}

// takeHandshakes takes the records out.
func (q *queue) takeHandshakes() map[handshakeKey]element.Handshake {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.handshakes
	q.handshakes = nil
	return all
}

// keepAgain puts back what could not be written, unless newer records came.
func (q *queue) keepAgain(all map[handshakeKey]element.Handshake) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if all == nil {
		return // only events could not be written
	}
	maps.Copy(all, q.handshakes)
	q.handshakes = all
}

func addHandshakes(ctx context.Context, tx *sql.Tx, all map[handshakeKey]element.Handshake) error {
	for k, h := range all {
		record, err := json.Marshal(h)
		if err != nil {
			return err // texts and numbers have a JSON form
		}
		if _, err := tx.ExecContext(ctx, keepHandshakeSQL, k.element, k.connection, k.which, record); err != nil {
			return err
		}
	}
	return nil
}
