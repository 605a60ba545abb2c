package store

import (
	"context"
	"errors"

	"fieldline/element"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// resultOf returns SQLite's extended result code, 0 when err is none of its.
func resultOf(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()
	}
	return 0
}

// primary is the low byte of a result code: its class.
func primary(code int) int { return code & 0xff }

// wrap turns err into an *element.Error that names the operation.
func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*element.Error](err); ok {
		if e.Op != "" {
			return e
		}
		named := *e
		named.Op = op
		return &named
	}
	code, msg := explain(err)
	return &element.Error{Code: code, Op: op, Msg: msg, Err: err}
}

func explain(err error) (element.Code, string) {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return element.Unavailable, "The request was cancelled before it was carried out; nothing was changed."
	}
	switch primary(resultOf(err)) {
	case sqlite3.SQLITE_FULL:
		return element.Unavailable, "The disk is full: nothing was saved. Free some space in the data folder and try again."
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return element.Unavailable, "The database is busy: another program holds it. Nothing was saved; try again."
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN:
		return element.Unavailable, "The database cannot be written: nothing was saved. Check who owns the data folder and its files."
	case sqlite3.SQLITE_IOERR:
		return element.Unavailable, "The disk reported an error: nothing was saved. Check the disk of the data folder."
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return element.Unavailable, "The database is damaged: restore a copy of it, or move it away to begin with an empty one."
	case sqlite3.SQLITE_TOOBIG:
		return element.TooLarge, "The value is too large for the database; nothing was saved."
	}
	return element.Internal, "The database failed; nothing was saved."
}

// spoilsOne reports whether an error concerns one change only: the transaction
// it happened in is whole. After any other error SQLite may have rolled the
// transaction back.
func spoilsOne(err error) bool {
	if _, ok := errors.AsType[*element.Error](err); ok {
		return true
	}
	code := primary(resultOf(err))
	return code == sqlite3.SQLITE_CONSTRAINT || code == sqlite3.SQLITE_TOOBIG
}

// errStopping answers those who come when the store closes.
func errStopping() error {
	return element.Errorf(element.Unavailable, "The server is stopping: nothing was saved. Try again in a moment.")
}
