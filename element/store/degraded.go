package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"fieldline/element"

	sqlite3 "modernc.org/sqlite/lib"
)

// A database that cannot be written because of its disk is read nevertheless,
// so that elements run. What a crash left in the write-ahead log must be read
// too: so the file is opened as one that other readers share, and where the
// shared index of the log cannot be made, by this process alone with an index
// in its memory. As immutable, which leaves the log out, it is opened only when
// there is none.
const readOnlyPragmas = "mode=ro&_pragma=busy_timeout(5000)&_pragma=query_only(1)"

// mayDegrade reports whether an error of opening is the disk's, and not that of
// a person who gave the wrong folder.
func mayDegrade(err error, at space) bool {
	if isFull(err) || isReadOnly(err) {
		return true
	}
	switch primary(resultOf(err)) {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY:
		return true
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
		return at.known && (at.readOnly || at.free < leastSpace)
	}
	return false
}

// openDegraded opens what is there for reading. Without a database it is an
// empty one in memory.
func openDegraded(ctx context.Context, dir string, o Options) (db *sql.DB, empty bool, err error) {
	path := filepath.Join(dir, FileName)
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		db, err = openEmpty(ctx, dir, o)
		return db, true, err
	}
	var errs []error
	queries := []string{readOnlyPragmas, readOnlyPragmas + aloneQuery}
	if info, err := os.Stat(databaseFiles(dir)[1]); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		queries = append(queries, readOnlyPragmas+"&immutable=1")
	}
	for _, query := range queries {
		db, err = openPool(path, query, 1)
		if err != nil {
			return nil, false, err
		}
		err = isCurrent(ctx, db, dir, o)
		if err == nil {
			return db, false, nil
		}
		errs = append(errs, err, db.Close())
		if element.CodeOf(err) == element.Conflict {
			break
		}
	}
	return nil, false, errors.Join(errs...)
}

func openEmpty(ctx context.Context, dir string, o Options) (*sql.DB, error) {
	db, err := openPool("", "mode=memory&_pragma=foreign_keys(1)", 1)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, db, dir, o); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// isCurrent refuses tables that this program would have to change first.
func isCurrent(ctx context.Context, db *sql.DB, dir string, o Options) error {
	p, err := migrations(db, o)
	if err != nil {
		return err
	}
	var have int64
	if err := db.QueryRowContext(ctx, "SELECT max(version_id) FROM goose_db_version").Scan(&have); err != nil {
		return err
	}
	all := p.ListSources()
	know := all[len(all)-1].Version
	switch {
	case have > know:
		return newerError(dir, have, know)
	case have < know:
		return element.Errorf(element.Conflict,
			"The data in %q was written by an older Fieldline and has to be brought up to date, but its disk cannot be written. Repair the disk and start again.", dir)
	}
	return nil
}
