package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"fieldline/element"
)

// chore deletes one chunk of what is not kept any more; more says that it is
// to be called again.
type chore func(ctx context.Context, tx *sql.Tx) (more bool, err error)

const (
	oldEventsSQL = `DELETE FROM events WHERE (element_id, run, seq) IN
		(SELECT element_id, run, seq FROM events WHERE at < ? ORDER BY at LIMIT ?)`
	// The newest event that is one too many; this and older ones go. %s is a
	// condition on the class.
	surplusSQL       = `SELECT run, seq FROM events WHERE element_id = ? AND class %s ORDER BY run DESC, seq DESC LIMIT 1 OFFSET ?`
	surplusEventsSQL = `DELETE FROM events WHERE element_id = ?1 AND (run, seq) IN
		(SELECT run, seq FROM events WHERE element_id = ?1 AND class %s AND (run, seq) <= (?2, ?3) ORDER BY run, seq LIMIT ?4)`
	removalSQL       = `SELECT element_id FROM removals LIMIT 1`
	removedEventsSQL = `DELETE FROM events WHERE element_id = ?1 AND (run, seq) IN
		(SELECT run, seq FROM events WHERE element_id = ?1 LIMIT ?2)`
	removalDoneSQL = `DELETE FROM removals WHERE element_id = ?`
)

// firstChores are what an earlier run may have left.
func (w *writer) firstChores(ctx context.Context, db *sql.DB) (chores []chore, err error) {
	rows, err := db.QueryContext(ctx, "SELECT id FROM elements")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	chores = []chore{w.forgetRemoved, w.forgetOld}
	for rows.Next() {
		var id element.ID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		for class := range element.EventClasses {
			chores = append(chores, w.forgetSurplus(room{id, class}))
		}
	}
	return chores, rows.Err()
}

// doChore carries out one chunk of the first chore. One that fails is given
// up: it comes again with the next start, hour or events.
func (w *writer) doChore(ctx context.Context) {
	more := false
	err := w.transact(ctx, func(tx *sql.Tx) (err error) {
		more, err = w.chores[0](ctx, tx)
		return err
	})
	if err != nil {
		w.options.Logger.WarnContext(ctx, "old history could not be deleted", "err", err)
	}
	if err != nil || !more {
		w.chores = w.chores[1:]
	}
}

// forgetOld deletes events that are older than they are kept.
func (w *writer) forgetOld(ctx context.Context, tx *sql.Tx) (bool, error) {
	at, ahead := w.age.now(now())
	if ahead >= jumpAfter && now().Sub(w.jumpTold) >= ageEvery {
		w.jumpTold = now()
		w.options.Logger.WarnContext(ctx, "the clock is far ahead of the last events: old history is forgotten slowly, a day each hour; if the clock is wrong, set it right", "ahead", ahead.Round(time.Minute))
	}
	return deleted(tx.ExecContext(ctx, oldEventsSQL, stamp(at.Add(-w.options.HistoryAge)), chunk))
}

// room is what events of one element and class share.
type room struct {
	element element.ID
	class   element.EventClass
}

// forgetSurplus deletes the oldest events of a room that has too many.
func (w *writer) forgetSurplus(of room) chore {
	is := "IS NULL"
	if class := classOf(of.class); class != nil {
		is = fmt.Sprintf("= %d", class) // no argument: only so the partial index is used
	}
	find, forget := fmt.Sprintf(surplusSQL, is), fmt.Sprintf(surplusEventsSQL, is)
	return func(ctx context.Context, tx *sql.Tx) (bool, error) {
		var run, seq int64
		err := tx.QueryRowContext(ctx, find, of.element, w.options.HistoryEvents).Scan(&run, &seq)
		if errors.Is(err, sql.ErrNoRows) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		return deleted(tx.ExecContext(ctx, forget, of.element, run, seq, chunk))
	}
}

// forgetRemoved deletes the events of deleted elements.
func (w *writer) forgetRemoved(ctx context.Context, tx *sql.Tx) (bool, error) {
	var id element.ID
	err := tx.QueryRowContext(ctx, removalSQL).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	more, err := deleted(tx.ExecContext(ctx, removedEventsSQL, id, chunk))
	if err != nil || more {
		return more, err
	}
	_, err = tx.ExecContext(ctx, removalDoneSQL, id)
	return true, err // there may be another element
}

// deleted reports whether a deletion took a whole chunk: there may be more.
func deleted(r sql.Result, err error) (more bool, _ error) {
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n >= chunk, err
}
