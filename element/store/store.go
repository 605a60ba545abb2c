package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"sync"
	"time"

	"fieldline/element"
)

// Store is the open database of one data folder. Make one with Open.
type Store struct {
	options Options
	lock    *os.File // holds the folder
	reader  *sql.DB
	writer  *writer

	closing  chan struct{} // closed by Shutdown
	hurry    chan struct{} // closed when Shutdown can wait no longer
	close    sync.Once
	closeErr error
}

// Open opens the database in a data folder; folder and file are made when they
// are not there. The error is a sentence that names the folder: it is in use,
// cannot be written, is damaged, or is of a newer program. ctx bounds the
// opening only.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	const op = "store.Open"
	s := &Store{options: o.withDefaults(), closing: make(chan struct{}), hurry: make(chan struct{})}
	lock, err := openFolder(dir)
	if err != nil {
		return nil, wrap(op, err)
	}
	writerDB, readerDB, err := openPools(ctx, dir, s.options)
	if err != nil {
		return nil, errors.Join(openError(op, dir, err), lock.Close())
	}
	s.lock, s.reader = lock, readerDB
	s.writer, err = newWriter(ctx, writerDB, s.options, s.closing, s.hurry)
	if err != nil {
		return nil, errors.Join(openError(op, dir, err), readerDB.Close(), writerDB.Close(), lock.Close())
	}
	go s.writer.run(context.WithoutCancel(ctx))
	return s, nil
}

// openError names the folder: a person has no other way to know which.
func openError(op, dir string, err error) error {
	if e, ok := errors.AsType[*element.Error](err); ok {
		return wrap(op, e)
	}
	code, msg := explain(err)
	if code == element.Internal {
		code, msg = element.Unavailable, "The database cannot be opened."
	}
	return &element.Error{Code: code, Op: op, Msg: "Data folder " + dir + ": " + msg, Err: err}
}

// Flush writes the events that were recorded before it was called.
func (s *Store) Flush(ctx context.Context) error {
	return wrap("store.Flush", s.submit(ctx, &change{flush: true}))
}

// Close is Shutdown without a deadline.
func (s *Store) Close() error { return s.Shutdown(context.Background()) }

// Shutdown answers everybody who waits with Unavailable, writes the events that
// were recorded, and releases the folder. It waits until the writer has ended.
// When ctx ends first, events that are not written yet are dropped, counted and
// logged: a stop must not wait for a slow disk. Shutting down again returns the
// same.
func (s *Store) Shutdown(ctx context.Context) error {
	s.close.Do(func() {
		if ctx.Err() != nil {
			close(s.hurry)
		} else {
			defer context.AfterFunc(ctx, func() { close(s.hurry) })()
		}
		close(s.closing)
		<-s.writer.done
		if left := s.writer.queue.len(); left > 0 {
			s.writer.queue.dropped.Add(uint64(left))
			s.options.Logger.WarnContext(ctx, "events are missing from history: the stop could not wait for them", "events", left)
		}
		s.closeErr = wrap("store.Shutdown", errors.Join(s.reader.Close(), s.writer.db.Close(), s.lock.Close()))
	})
	return s.closeErr
}

// Dropped returns how many events were not kept since Open, because the queue
// was full or the disk would not take them.
func (s *Store) Dropped() uint64 { return s.writer.queue.dropped.Load() }

// change carries out do in the writer's next transaction and returns when it
// is on disk. The context counts until the writer takes the change up; from
// then on the answer is awaited, so that an error always means "not done".
func (s *Store) change(ctx context.Context, op string, do func(ctx context.Context, tx *sql.Tx) error) error {
	return wrap(op, s.submit(ctx, &change{do: do}))
}

func (s *Store) submit(ctx context.Context, c *change) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.done = make(chan error, 1)
	select {
	case s.writer.changes <- c:
		return <-c.done
	case <-s.closing:
		return errStopping()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// read runs a query of the readers and calls scan for each row.
func (s *Store) read(ctx context.Context, op, query string, args []any, scan func(rows *sql.Rows) error) (err error) {
	defer func() { err = wrap(op, err) }()
	select {
	case <-s.closing:
		return errStopping()
	default:
	}
	rows, err := s.reader.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// now is the time that ages of events are measured by.
func now() time.Time { return time.Now() }
