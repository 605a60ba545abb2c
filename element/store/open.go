package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"fieldline/element"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS //nolint:gochecknoglobals // go:embed needs a variable; it is read-only

// The pragmas of each connection, in the order in which they are set: the
// first lets the others wait for their turn.
const (
	writerPragmas = "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)&_txlock=immediate"
	readerPragmas = "_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=query_only(1)"
)

// openPools opens the database in dir, brings its tables up to date and
// returns the pool of the one writer and the pool of the readers.
func openPools(ctx context.Context, dir string, o Options) (writer, reader *sql.DB, err error) {
	path := filepath.Join(dir, FileName)
	writer, err = openPool(path, writerPragmas, 1)
	if err != nil {
		return nil, nil, err
	}
	reader, err = openPool(path, readerPragmas, readers)
	if err != nil {
		return nil, nil, errors.Join(err, writer.Close())
	}
	err = check(ctx, writer, map[string]string{"busy_timeout": "5000", "journal_mode": "wal", "foreign_keys": "1", "synchronous": "2"})
	if err == nil {
		err = migrate(ctx, writer, dir, o)
	}
	if err == nil {
		err = check(ctx, reader, map[string]string{"busy_timeout": "5000", "journal_mode": "wal", "query_only": "1"})
	}
	if err != nil {
		return nil, nil, errors.Join(err, reader.Close(), writer.Close())
	}
	return writer, reader, nil
}

func openPool(path, query string, size int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", fileURI(path, query))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

// fileURI names a file as SQLite reads it (page "Uniform Resource
// Identifiers"): whatever the path holds is escaped.
func fileURI(path, query string) string {
	path = filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" {
		path = "/" + path
	}
	u := url.URL{Path: path}
	return "file:" + strings.ReplaceAll(u.EscapedPath(), "?", "%3F") + "?" + query
}

// check proves that the pragmas took effect: a WAL, for one, cannot be had on
// every file system.
func check(ctx context.Context, db *sql.DB, want map[string]string) error {
	for name, value := range want {
		var got string
		if err := db.QueryRowContext(ctx, "PRAGMA "+name).Scan(&got); err != nil {
			return err
		}
		if got != value {
			return element.Errorf(element.Unavailable,
				"The database cannot be used safely in this folder: SQLite has %s %q instead of %q. Choose a folder on a local disk.", name, got, value)
		}
	}
	return nil
}

// migrate brings the tables up to date, and refuses those of a newer program.
func migrate(ctx context.Context, db *sql.DB, dir string, o Options) error {
	p, err := migrations(db, o)
	if err != nil {
		return err
	}
	have, know, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > know {
		return newerError(dir, have, know)
	}
	_, err = p.Up(ctx)
	return err
}

func migrations(db *sql.DB, o Options) (*goose.Provider, error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithSlog(o.Logger))
}

func newerError(dir string, have, know int64) error {
	return element.Errorf(element.Conflict,
		"The data in %q was written by a newer Fieldline: it is version %d, this program knows up to version %d. Start the newer program, or choose another folder.", dir, have, know)
}

// stamp is how a time is kept: nanoseconds since 1970, 0 for the zero time.
func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// moment reads what stamp wrote.
func moment(ns int64) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}
