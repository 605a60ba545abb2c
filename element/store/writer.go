package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// change is one wish to change the database. flush asks for the recorded
// events as well; settle for all chores too. done takes exactly one answer.
type change struct {
	do     func(ctx context.Context, tx *sql.Tx) error
	flush  bool
	settle bool
	done   chan error
}

// writer is the only one that changes the database.
type writer struct {
	// Set before run.
	db      *sql.DB
	options Options
	history int64 // number of this run in table runs

	// In. changes is not buffered: who got rid of a change will be answered.
	changes chan *change
	closing <-chan struct{}
	hurry   <-chan struct{} // closed when closing can wait no longer
	queue   *queue

	// Out.
	done chan struct{} // closed when run returns

	// Owned by run.
	chores   []chore
	recorded map[room]int // events since the last look at their number
	failing  bool         // events could not be written: wait before the next try
	failedAt time.Time    // when that was logged last
	commits  int
}

func newWriter(ctx context.Context, db *sql.DB, o Options, closing, hurry <-chan struct{}) (*writer, error) {
	w := &writer{
		db: db, options: o, closing: closing, hurry: hurry,
		changes:  make(chan *change),
		queue:    newQueue(o.HistoryQueue),
		done:     make(chan struct{}),
		recorded: map[room]int{},
	}
	r, err := db.ExecContext(ctx, "INSERT INTO runs (started_at) VALUES (?)", stamp(now()))
	if err != nil {
		return nil, err
	}
	w.history, err = r.LastInsertId()
	if err != nil {
		return nil, err
	}
	w.chores, err = w.firstChores(ctx)
	return w, err
}

// run takes changes until the store closes. A chore is one short chunk, so that
// changes never wait for long.
func (w *writer) run(ctx context.Context) {
	defer close(w.done)
	hourly := time.NewTicker(ageEvery)
	defer hourly.Stop()
	always := make(chan struct{})
	close(always)
	var due <-chan time.Time // when recorded events are to be written
	for {
		var idle <-chan struct{}
		if len(w.chores) > 0 {
			idle = always
		}
		select {
		case <-w.closing:
			_ = w.recordAll(ctx) // logged; Close counts what is left
			return
		case c := <-w.changes:
			w.commit(ctx, w.collect(c))
		case <-w.queue.kick:
			if due == nil {
				due = time.After(historyDelay)
			}
			if !w.failing && w.queue.len() >= historyBatch {
				due = w.record(ctx)
			}
		case <-due:
			due = w.record(ctx)
		case <-hourly.C:
			w.chores = append(w.chores, w.forgetOld)
		case <-idle:
			w.doChore(ctx)
		}
	}
}

// collect takes what else waits at this moment.
func (w *writer) collect(first *change) []*change {
	fold := []*change{first}
	for len(fold) < maxFold {
		select {
		case c := <-w.changes:
			fold = append(fold, c)
		default:
			return fold
		}
	}
	return fold
}

// commit carries out the changes in one transaction and answers each.
func (w *writer) commit(ctx context.Context, fold []*change) {
	answers := make([]error, len(fold))
	err := w.transact(ctx, func(tx *sql.Tx) error {
		for i, c := range fold {
			if c.do == nil {
				continue
			}
			if answers[i] = savepoint(ctx, tx, c.do); answers[i] != nil && !spoilsOne(answers[i]) {
				return answers[i]
			}
		}
		return nil
	})
	for i, c := range fold {
		answer := answers[i]
		if err != nil && c.do != nil {
			answer = err // also for those that seemed done: nothing was committed
		}
		if c.flush {
			answer = errors.Join(answer, w.recordAll(ctx))
		}
		for c.settle && len(w.chores) > 0 {
			w.doChore(ctx)
		}
		c.done <- answer
	}
}

// transact runs do in one transaction, which is durable when nil is returned.
func (w *writer) transact(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := w.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		// SQLite may have rolled back by itself; then this says so and no more.
		_ = tx.Rollback()
		return err
	}
	w.commits++
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback() // a commit that failed leaves the transaction open
		return err
	}
	return nil
}

// savepoint runs do so that its failure undoes its own steps and no others.
func savepoint(ctx context.Context, tx *sql.Tx, do func(ctx context.Context, tx *sql.Tx) error) error {
	if _, err := tx.ExecContext(ctx, "SAVEPOINT one"); err != nil {
		return err
	}
	err := do(ctx, tx)
	if err == nil {
		_, err = tx.ExecContext(ctx, "RELEASE one")
		return err
	}
	if !spoilsOne(err) {
		return err // the whole transaction goes
	}
	if _, undo := tx.ExecContext(ctx, "ROLLBACK TO one"); undo != nil {
		return undo
	}
	if _, undo := tx.ExecContext(ctx, "RELEASE one"); undo != nil {
		return undo
	}
	return err
}
