package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"fieldline/element"
)

// Store is the open database of one data folder. Make one with Open.
type Store struct {
	options Options
	dir     string
	writer  *writer
	health  *health

	// pools is held for reading by those who use reader, for writing while it
	// is exchanged.
	pools  sync.RWMutex
	reader *sql.DB  // nil while there is nothing to read
	empty  bool     // reader is a database in memory: there is none on disk
	lock   *os.File // holds the folder; nil where its disk does not let us make it

	closing   chan struct{} // closed by Shutdown
	hurry     chan struct{} // closed when Shutdown can wait no longer
	watchDone chan struct{} // closed when watch returns
	close     sync.Once
	closeErr  error
}

// Open opens the database in a data folder; folder and file are made when they
// are not there. The error is a sentence that names the folder: it is in use,
// cannot be written, is damaged, is gone, or is of a newer program. When it is
// the disk that cannot be written, full or read-only, the store opens
// nevertheless, for reading, and Faults says why: changes are Unavailable until
// the disk is well again. ctx bounds the opening only.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	const op = "store.Open"
	s := &Store{
		options: o.withDefaults(), dir: dir, health: &health{dir: dir, looked: time.Now()},
		closing: make(chan struct{}), hurry: make(chan struct{}), watchDone: make(chan struct{}),
	}
	s.writer = newWriter(s)
	if err := s.openWritable(ctx); err != nil {
		if !mayDegrade(err, spaceOf(dir)) {
			return nil, errors.Join(openError(op, dir, err), s.unlock())
		}
		s.health.look()
		if worse := s.degrade(ctx, err); worse != nil {
			return nil, errors.Join(openError(op, dir, worse), openError(op, dir, err), s.unlock())
		}
	}
	s.health.watched = true
	go s.writer.run(context.WithoutCancel(ctx))
	go s.watch()
	return s, nil
}

// openWritable takes the folder, opens the pools and lets the writer begin.
// The lock stays when the rest fails.
func (s *Store) openWritable(ctx context.Context) error {
	if s.options.refuse != nil {
		if err := s.options.refuse(); err != nil {
			return err
		}
	}
	_ = s.unlock() // the second time: it may be open for reading only
	lock, err := openFolder(s.dir)
	s.lock = lock
	if err != nil {
		return err
	}
	// Every handle of the file that is open for reading goes first: closing one
	// later would drop the locks that SQLite holds by then.
	s.pools.Lock()
	defer s.pools.Unlock()
	if s.reader != nil {
		if err := s.reader.Close(); err != nil {
			return err
		}
		s.reader = nil
	}
	writerDB, readerDB, err := openPools(ctx, s.dir, s.options)
	if err == nil {
		if err = s.writer.begin(ctx, writerDB); err == nil {
			s.reader = readerDB
			s.health.opened()
			if err := setMark(s.lock); err != nil {
				s.options.Logger.WarnContext(ctx, "the data folder cannot be marked: should its database go, that will not be noticed", "err", err)
			}
			return nil
		}
		err = errors.Join(err, readerDB.Close(), writerDB.Close())
	}
	return err
}

// recover opens the database for writing once its disk is well again.
func (s *Store) recover(ctx context.Context) {
	if at := spaceOf(s.dir); at.known && (at.readOnly || at.free < leastSpace) {
		return
	}
	err := s.openWritable(ctx)
	if err == nil {
		s.options.Logger.InfoContext(ctx, "the database can be written again")
		return
	}
	if err := s.degrade(ctx, err); err != nil {
		s.options.Logger.ErrorContext(ctx, "the database cannot be read any more", "err", err)
	}
}

// degrade opens for reading what could not be opened for writing, and remembers
// why.
func (s *Store) degrade(ctx context.Context, why error) error {
	s.pools.Lock()
	defer s.pools.Unlock()
	if s.reader == nil {
		db, empty, err := openDegraded(ctx, s.dir, s.options)
		if err != nil {
			return err
		}
		s.reader, s.empty = db, empty
	}
	s.health.degrade(why, s.empty)
	return nil
}

func (s *Store) closeReader() error {
	if s.reader == nil {
		return nil
	}
	return s.reader.Close()
}

func (s *Store) unlock() error {
	if s.lock == nil {
		return nil
	}
	return s.lock.Close()
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
// logged: a stop must not wait for a slow disk; and when the disk does not
// answer even then, the writer is left where it is. Shutting down again returns
// the same.
func (s *Store) Shutdown(ctx context.Context) error {
	s.close.Do(func() {
		if ctx.Err() != nil {
			close(s.hurry)
		} else {
			defer context.AfterFunc(ctx, func() { close(s.hurry) })()
		}
		close(s.closing)
		if !s.awaitEnd() {
			s.closeErr = &element.Error{
				Code: element.Unavailable, Op: "store.Shutdown",
				Msg: fmt.Sprintf("The disk of %s does not answer; what waited to be saved is lost (%d events among it).", s.dir, s.writer.queue.len()),
			}
			return
		}
		if left := s.writer.queue.len(); left > 0 {
			s.writer.queue.dropped.Add(uint64(left))
			s.options.Logger.WarnContext(ctx, "events are missing from history: the stop could not wait for them", "events", left)
		}
		s.closeErr = wrap("store.Shutdown", errors.Join(s.closeReader(), s.writer.end(), s.unlock()))
	})
	return s.closeErr
}

// awaitEnd waits for the goroutines, in a hurry for a moment only.
func (s *Store) awaitEnd() bool {
	ended := make(chan struct{})
	go func() {
		<-s.writer.done
		<-s.watchDone
		close(ended)
	}()
	select {
	case <-ended:
		return true
	case <-s.hurry:
	}
	select {
	case <-ended:
		return true
	case <-time.After(leaveAfter):
		return false
	}
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
	if !s.health.hangs().IsZero() {
		return element.Errorf(element.Unavailable, "The disk does not answer: nothing was saved. Try again later.")
	}
	c.done = make(chan error, 1)
	select {
	case s.writer.changes <- c:
		if !c.again {
			return <-c.done
		}
		select {
		case err := <-c.done:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
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
	s.pools.RLock()
	defer s.pools.RUnlock()
	if s.reader == nil {
		return element.Errorf(element.Unavailable, "The database cannot be read at present. Try again later.")
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
