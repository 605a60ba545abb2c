package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// change is one wish to change the database. flush asks for the recorded
// events as well; settle for all chores too. done takes exactly one answer.
// again says that it may be done twice, so that who asked need not await it.
type change struct {
	do     func(ctx context.Context, tx *sql.Tx) error
	flush  bool
	settle bool
	again  bool
	done   chan error
}

// writer is the only one that changes the database.
type writer struct {
	// Set before run.
	store   *Store
	health  *health
	options Options

	// In. changes is not buffered: who got rid of a change will be answered.
	changes chan *change
	closing <-chan struct{}
	hurry   <-chan struct{} // closed when closing can wait no longer
	queue   *queue

	// Out.
	done chan struct{} // closed when run returns

	// Set by begin: before run, or by run.
	db      *sql.DB // nil while the database is not open for writing
	history int64   // number of this run in table runs
	age     age

	// Owned by run.
	jumpTold time.Time
	wroteAt  time.Time // of the last transaction that went well
	chores   []chore
	recorded map[room]int // events since the last look at their number
	failing  bool         // events could not be written: wait before the next try
	failedAt time.Time    // when that was logged last
	commits  int
}

func newWriter(s *Store) *writer {
	return &writer{
		store: s, health: s.health, options: s.options, closing: s.closing, hurry: s.hurry,
		changes:  make(chan *change),
		queue:    newQueue(s.options.HistoryQueue),
		done:     make(chan struct{}),
		recorded: map[room]int{},
	}
}

// begin takes the database over. A later call than the first is run's own.
func (w *writer) begin(ctx context.Context, db *sql.DB) error {
	if w.history == 0 {
		r, err := db.ExecContext(ctx, "INSERT INTO runs (started_at) VALUES (?)", stamp(now()))
		if err != nil {
			return err
		}
		if w.history, err = r.LastInsertId(); err != nil {
			return err
		}
	}
	var err error
	if w.age, err = readAge(ctx, db); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, beatSQL, stamp(w.age.at)); err != nil {
		return err // before events of today are there
	}
	if w.chores, err = w.firstChores(ctx, db); err != nil {
		return err
	}
	w.db = db
	return nil
}

// end closes what begin took over.
func (w *writer) end() error {
	if w.db == nil {
		return nil
	}
	return w.db.Close()
}

// beat writes something when nothing else was written for a while, so that a
// disk that cannot be written is noticed before somebody needs it.
func (w *writer) beat(ctx context.Context) {
	if w.db == nil {
		w.store.recover(ctx)
		return
	}
	if now().Sub(w.wroteAt) < beatEvery {
		return
	}
	at, _ := w.age.now(now())
	// The error is told by health.
	_ = w.transact(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, beatSQL, stamp(at))
		return err
	})
}

// run takes changes until the store closes. A chore is one short chunk, so that
// changes never wait for long.
func (w *writer) run(ctx context.Context) {
	defer close(w.done)
	hourly := time.NewTicker(ageEvery)
	defer hourly.Stop()
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	always := make(chan struct{})
	close(always)
	var due <-chan time.Time // when recorded events are to be written
	for {
		// Somebody waits for a change: it goes before events and chores, of
		// which one gets its turn between two.
		select {
		case c := <-w.changes:
			w.commit(ctx, w.collect(c))
		default:
		}
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
		case <-beat.C:
			w.beat(ctx)
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
	if w.db == nil {
		return w.health.refusal()
	}
	if err := w.health.begin(); err != nil {
		return err
	}
	err := w.transaction(ctx, do)
	w.health.end(err)
	if err == nil {
		w.wroteAt = now()
	}
	return err
}

func (w *writer) transaction(ctx context.Context, do func(tx *sql.Tx) error) error {
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
