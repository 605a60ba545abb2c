package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"fieldline/element"

	sqlite3 "modernc.org/sqlite/lib"
)

// raw opens the database beside the store, as another program would.
func raw(t *testing.T, dir string) *sql.DB {
	t.Helper()
	db, err := openPool(filepath.Join(dir, FileName), "_pragma=busy_timeout(5000)&_txlock=immediate", 1)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

func TestOpenRefuses(t *testing.T) {
	for _, tc := range []struct {
		name    string
		prepare func(t *testing.T, dir string) (folder string)
		code    element.Code
		says    []string
	}{
		{"a folder in use", func(t *testing.T, dir string) string {
			open(t, dir, Options{})
			return dir
		}, element.Conflict, []string{"in use by another Fieldline"}},
		{"a file", func(t *testing.T, dir string) string {
			must(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
			return filepath.Join(dir, "file")
		}, element.Unavailable, []string{"is a file", "choose a folder"}},
		{"a folder inside of a file", func(t *testing.T, dir string) string {
			must(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
			return filepath.Join(dir, "file", "data")
		}, element.Unavailable, []string{"is a file", "choose a folder"}},
		{"a folder in the place of the database", func(t *testing.T, dir string) string {
			must(t, os.Mkdir(filepath.Join(dir, FileName), 0o700))
			return dir
		}, element.Unavailable, []string{FileName, "move it away"}},
		{"a file that is no database", func(t *testing.T, dir string) string {
			must(t, os.WriteFile(filepath.Join(dir, FileName), []byte(strings.Repeat("no database ", 500)), 0o600))
			return dir
		}, element.Unavailable, []string{"damaged"}},
		{"a database whose tables are overwritten", func(t *testing.T, dir string) string {
			must(t, open(t, dir, Options{}).Close())
			f, err := os.OpenFile(filepath.Join(dir, FileName), os.O_RDWR, 0)
			must(t, err)
			_, err = f.WriteAt([]byte(strings.Repeat("\xff", 4096-100)), 100)
			must(t, errors.Join(err, f.Close()))
			return dir
		}, element.Unavailable, []string{"damaged"}},
		{"a database of a newer program", func(t *testing.T, dir string) string {
			must(t, open(t, dir, Options{}).Close())
			_, err := raw(t, dir).ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)")
			must(t, err)
			return dir
		}, element.Conflict, []string{"newer Fieldline", "version 99", "up to version 6"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := tc.prepare(t, t.TempDir())
			s, err := Open(t.Context(), dir, Options{})
			if err == nil {
				t.Fatal(s.Close())
			}
			if got := element.CodeOf(err); got != tc.code {
				t.Errorf("code %s, want %s: %v", got, tc.code, err)
			}
			for _, part := range append(tc.says, dir) {
				if !strings.Contains(element.MessageOf(err), part) {
					t.Errorf("%q does not say %q", element.MessageOf(err), part)
				}
			}
		})
	}
}

func TestFolderIsFreeAfterARefusedStart(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	must(t, os.WriteFile(path, []byte("no database, and longer than the header of one: 0123456789 0123456789 0123456789 0123456789"), 0o600))
	if _, err := Open(t.Context(), dir, Options{}); err == nil {
		t.Fatal("a file that is no database was opened")
	}
	must(t, os.Remove(path))
	open(t, dir, Options{})
}

func TestFolderErrorsAreSentences(t *testing.T) {
	for _, tc := range []struct {
		err  error
		says string
	}{
		{fs.ErrPermission, "cannot be written"},
		{&fs.PathError{Op: "open", Path: "/d", Err: syscall.EACCES}, "cannot be written"},
		{syscall.EROFS, "cannot be written"},
		{syscall.ENOSPC, "full"},
		{syscall.EIO, "cannot be used: input/output error"},
	} {
		err := folderError("/d", tc.err)
		if got := element.MessageOf(err); !strings.Contains(got, tc.says) || !errors.Is(err, tc.err) {
			t.Errorf("%v: %q", tc.err, got)
		}
	}
}

func TestUnsafePragmaIsNamed(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	err := check(t.Context(), s.reader, map[string]string{"journal_mode": "memory"})
	if element.CodeOf(err) != element.Unavailable || !strings.Contains(element.MessageOf(err), `journal_mode "wal" instead of "memory"`) {
		t.Errorf("error = %v", err)
	}
	if _, err := s.reader.ExecContext(t.Context(), "DELETE FROM elements"); primary(resultOf(err)) != sqlite3.SQLITE_READONLY {
		t.Errorf("a reader wrote: %v", err)
	}
}

// TestFailuresOfTheDatabase makes SQLite fail for real, and asks that it works
// again afterwards.
func TestFailuresOfTheDatabase(t *testing.T) {
	for _, tc := range []struct {
		name  string
		spoil func(t *testing.T, dir string, pragma func(string)) (mend func())
		says  string
	}{
		{"full", func(_ *testing.T, _ string, pragma func(string)) func() {
			pragma("max_page_count = 1") // SQLite takes the present size instead
			return func() { pragma("max_page_count = 1000000") }
		}, "disk is full"},
		{"read-only", func(_ *testing.T, _ string, pragma func(string)) func() {
			pragma("query_only = 1")
			return func() { pragma("query_only = 0") }
		}, "cannot be written"},
		{"busy", func(t *testing.T, dir string, pragma func(string)) func() {
			pragma("busy_timeout = 0")
			tx, err := raw(t, dir).BeginTx(t.Context(), nil)
			must(t, err)
			return func() { must(t, tx.Rollback()) }
		}, "database is busy"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, Options{})
			must(t, s.CreateElement(t.Context(), record("a", "A")))
			must(t, s.settle(t.Context()))
			mend := tc.spoil(t, dir, func(p string) {
				_, err := s.writer.db.ExecContext(t.Context(), "PRAGMA "+p)
				must(t, err)
			})
			big := []element.SavedValue{{Target: element.Target{Parameter: 1}, Value: element.Text(strings.Repeat("x", 100_000))}}
			err := s.SaveValues(t.Context(), "a", big)
			wantCode(t, err, element.Unavailable, "")
			if !strings.Contains(element.MessageOf(err), tc.says) {
				t.Errorf("%q does not say %q", element.MessageOf(err), tc.says)
			}
			s.Record("a", []element.Event{logged(1, day, strings.Repeat("x", 100_000))})
			wantCode(t, s.Flush(t.Context()), element.Unavailable, "")
			mend()
			must(t, s.SaveValues(t.Context(), "a", big))
			want(t, len(texts(t, s, "a", 10)), 1)
			want(t, s.Dropped(), 0)
		})
	}
}

func TestEventsThatCannotBeWrittenAreCounted(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	must(t, s.CreateElement(t.Context(), record("a", "A")))
	_, err := s.writer.db.ExecContext(t.Context(), "PRAGMA query_only = 1")
	must(t, err)
	s.Record("a", []element.Event{logged(1, day, "x"), logged(2, day, "y")})
	must(t, s.Close())
	want(t, s.Dropped(), 2)
	s.Record("a", []element.Event{logged(3, day, "late"), {Body: element.MessageIn{}}})
	want(t, s.Dropped(), 3)
}

func TestErrorsByResultCode(t *testing.T) {
	for _, tc := range []struct {
		err  error
		code element.Code
	}{
		{context.Canceled, element.Unavailable},
		{context.DeadlineExceeded, element.Unavailable},
		{errors.New("disk is full"), element.Internal}, // texts do not matter
	} {
		if err := wrap("store.Test", tc.err); element.CodeOf(err) != tc.code || !errors.Is(err, tc.err) {
			t.Errorf("%v: %v", tc.err, err)
		}
	}
	if wrap("store.Test", nil) != nil {
		t.Error("no error became one")
	}
	first := wrap("store.First", errStopping())
	if got := wrap("store.Second", first); got.Error() != first.Error() {
		t.Errorf("the operation was overwritten: %v", got)
	}
}
