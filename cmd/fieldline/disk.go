package main

import (
	"context"
	"errors"
	"log/slog"

	"fieldline/element"
	"fieldline/element/store"
)

// openStore opens the database, and returns with the error of ctx when that
// ends first: a disk that hangs must not hold up a stop. Its goroutine closes
// again what nobody waits for.
func openStore(ctx context.Context, dir string, log *slog.Logger) (*store.Store, error) {
	type opened struct {
		db  *store.Store
		err error
	}
	done := make(chan opened)
	go func() {
		db, err := store.Open(ctx, dir, store.Options{Logger: log})
		select {
		case done <- opened{db, err}:
		case <-ctx.Done():
			if err == nil {
				_ = db.Close() // nobody is there to hear of it
			}
		}
	}()
	select {
	case o := <-done:
		return o.db, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// stopped is the outcome of a stop that was asked for: what did not end well is
// logged, and the exit status is 0 whatever the disk does.
func stopped(ctx context.Context, log *slog.Logger, err, closing error) error {
	if ctx.Err() == nil {
		return errors.Join(err, closing)
	}
	if closing != nil {
		log.ErrorContext(ctx, "the stop did not go well", "err", closing)
	}
	if errors.Is(err, ctx.Err()) {
		return nil // it was asked to stop while it started
	}
	return err
}

// carriedOn returns nil for an error that a disk causes which cannot be
// written: the program goes on without.
func carriedOn(ctx context.Context, log *slog.Logger, db *store.Store, err error) error {
	if err == nil || element.CodeOf(err) != element.Unavailable || len(db.Faults()) == 0 {
		return err
	}
	log.WarnContext(ctx, "going on without", "err", err)
	return nil
}
