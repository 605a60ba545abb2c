package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"fieldline/element"
)

// Numbers of events begin anew with each run, so a row is found by element,
// run and number. An element that is deleted takes no more events.
const (
	dropEventSQL = `DELETE FROM events WHERE element_id = ? AND run = ? AND seq = ?`
	addEventSQL  = `INSERT INTO events (element_id, run, seq, at, kind, body, class)
		SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE EXISTS (SELECT 1 FROM elements WHERE id = ?1)
		ON CONFLICT DO UPDATE SET at = excluded.at, kind = excluded.kind, body = excluded.body, class = excluded.class`
	// The newest events of each class, with the two numbers that order them.
	recentEventsSQL = `SELECT at, kind, body FROM (
		SELECT * FROM (SELECT run, seq, at, kind, body FROM events WHERE element_id = ?1 AND class IS NULL ORDER BY run DESC, seq DESC LIMIT ?2) UNION ALL
		SELECT * FROM (SELECT run, seq, at, kind, body FROM events WHERE element_id = ?1 AND class = 1 ORDER BY run DESC, seq DESC LIMIT ?3) UNION ALL
		SELECT * FROM (SELECT run, seq, at, kind, body FROM events WHERE element_id = ?1 AND class = 2 ORDER BY run DESC, seq DESC LIMIT ?4) UNION ALL
		SELECT * FROM (SELECT run, seq, at, kind, body FROM events WHERE element_id = ?1 AND class = 3 ORDER BY run DESC, seq DESC LIMIT ?5))
		WHERE EXISTS (SELECT 1 FROM elements WHERE id = ?1) ORDER BY run, seq`
)

// classOf is how a class is kept: as its number, the one of most events as
// NULL. The numbers stand in migrations and queries: they never change.
func classOf(c element.EventClass) any {
	if c == element.ClassTalk {
		return nil
	}
	return int(c)
}

// Record takes events of an element for history; it never waits. They are on
// disk within about a tenth of a second, or after Flush. Message events are
// not kept. An event that replaces another takes its place.
func (s *Store) Record(id element.ID, events []element.Event) {
	select {
	case <-s.closing:
		for _, e := range events {
			if !e.IsMessage() {
				s.writer.queue.spoiled(entry{id, e})
			}
		}
	default:
		s.writer.queue.add(id, events)
	}
}

// Lost returns how many events of an element history could not take since it
// was asked last.
func (s *Store) Lost(id element.ID) map[element.EventKind]uint64 { return s.writer.queue.takeLost(id) }

// RecentEvents returns the newest kept events of an element, of all runs,
// oldest first: of each class as many as limits says. Their Seq is 0: numbers
// are given when they are published again.
func (s *Store) RecentEvents(ctx context.Context, id element.ID, limits [element.EventClasses]int) ([]element.Event, error) {
	if s.writer.queue.len() > 0 {
		// What cannot be written now is logged by the writer; the older events
		// are there all the same.
		_ = s.submit(ctx, &change{flush: true})
	}
	events, args := []element.Event{}, []any{id}
	for _, limit := range limits {
		args = append(args, max(0, limit))
	}
	err := s.read(ctx, "store.RecentEvents", recentEventsSQL, args, func(rows *sql.Rows) error {
		var (
			at   int64
			kind element.EventKind
			body []byte
		)
		if err := rows.Scan(&at, &kind, &body); err != nil {
			return err
		}
		decoded, err := element.DecodeBody(kind, body)
		if err != nil {
			s.options.Logger.WarnContext(ctx, "an event of history cannot be read", "element", id, "kind", kind, "err", err)
			return nil
		}
		events = append(events, element.Event{At: element.At(moment(at)), Body: decoded})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return events, nil
}

// record writes one batch. It returns when the next one is due: nil when
// nothing is left.
func (w *writer) record(ctx context.Context) <-chan time.Time {
	if err := w.recordBatch(ctx); err != nil {
		return time.After(historyRetry)
	}
	if w.queue.len() > 0 {
		return time.After(0)
	}
	return nil
}

// recordAll writes all that is recorded by now. When the store closes in a
// hurry it writes one more batch, in which what people did comes first.
func (w *writer) recordAll(ctx context.Context) error {
	for n := max(1, w.queue.len()); n > 0; n -= historyBatch {
		last := false
		select {
		case <-w.hurry:
			last = true
		default:
		}
		if err := w.recordBatch(ctx); err != nil || last {
			return err
		}
	}
	return nil
}

// recordBatch writes the oldest events of the queue and all records of
// handshakes. When that fails they stay there for another try, and the queue
// fills up.
func (w *writer) recordBatch(ctx context.Context) error {
	batch := w.queue.first(historyBatch)
	handshakes := w.queue.takeHandshakes()
	if len(batch)+len(handshakes) == 0 {
		return nil
	}
	err := w.transact(ctx, func(tx *sql.Tx) error {
		if err := addHandshakes(ctx, tx, handshakes); err != nil {
			return err
		}
		return w.addEvents(ctx, tx, batch)
	})
	w.failing = err != nil
	if err != nil {
		w.queue.keepAgain(handshakes)
		if now().Sub(w.failedAt) >= quietEvery {
			w.failedAt = now()
			w.options.Logger.ErrorContext(ctx, "events are not written to history", "waiting", w.queue.len(), "err", err)
		}
		return err
	}
	for _, e := range batch {
		of := room{e.element, e.event.Body.Kind().Class()}
		w.recorded[of]++
		if w.recorded[of] > w.options.HistoryEvents/10 {
			delete(w.recorded, of)
			w.chores = append(w.chores, w.forgetSurplus(of))
		}
	}
	w.queue.done()
	return nil
}

func (w *writer) addEvents(ctx context.Context, tx *sql.Tx, batch []entry) error {
	add, err := tx.PrepareContext(ctx, addEventSQL)
	if err != nil {
		return err
	}
	defer add.Close() //nolint:errcheck // the transaction tells what went wrong
	for _, e := range batch {
		if err := w.addEvent(ctx, tx, add, e); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) addEvent(ctx context.Context, tx *sql.Tx, add *sql.Stmt, e entry) error {
	body, err := json.Marshal(e.event.Body)
	if err != nil { // no later try would go better
		w.queue.spoiled(e)
		w.options.Logger.ErrorContext(ctx, "an event has no JSON form", "element", e.element, "kind", e.event.Body.Kind(), "err", err)
		return nil
	}
	if e.event.Replaces != 0 {
		if _, err := tx.ExecContext(ctx, dropEventSQL, e.element, w.history, int64(e.event.Replaces)); err != nil {
			return err
		}
	}
	kind := e.event.Body.Kind()
	_, err = add.ExecContext(ctx, e.element, w.history, int64(e.event.Seq), stamp(e.event.At.Time), kind, body, classOf(kind.Class()))
	return err
}

// settle writes what is recorded and carries out all chores that are due.
func (s *Store) settle(ctx context.Context) error {
	return errors.Join(s.Flush(ctx), s.submit(ctx, &change{settle: true}))
}
