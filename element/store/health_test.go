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
	"time"

	"fieldline/element"
)

// names are the names of the faults at present.
func names(s *Store) []string {
	out := []string{}
	for _, f := range s.Faults() {
		out = append(out, f.Name)
	}
	return out
}

// untilFaults waits until the faults have exactly these names.
func untilFaults(t *testing.T, s *Store, want ...string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); strings.Join(names(s), " ") != strings.Join(want, " "); {
		if time.Now().After(deadline) {
			t.Fatalf("faults %v, want %v", s.Faults(), want)
		}
		<-time.After(10 * time.Millisecond)
	}
}

// copyFile copies a file of one folder to another.
func copyFile(t *testing.T, from, to, name string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(from, name))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(to, name), b, 0o600))
}

func TestFaultsOfErrors(t *testing.T) {
	full, readOnly, well := space{known: true}, space{known: true, free: 1 << 30, readOnly: true}, space{known: true, free: 1 << 30}
	damaged := t.TempDir()
	must(t, os.WriteFile(filepath.Join(damaged, FileName), []byte(strings.Repeat("no database ", 500)), 0o600))
	ofSQLite := func(dir, query string) error {
		db, err := openPool(filepath.Join(dir, FileName), query, 1)
		must(t, err)
		defer func() { must(t, db.Close()) }()
		_, err = db.ExecContext(t.Context(), "CREATE TABLE t (a)")
		return err
	}
	for _, tc := range []struct {
		err  error
		at   space
		want string
	}{
		{folderError("d", &fs.PathError{Op: "open", Err: syscall.ENOSPC}), well, "disk-full"},
		{folderError("d", &fs.PathError{Op: "open", Err: syscall.EDQUOT}), well, "disk-full"},
		{folderError("d", &fs.PathError{Op: "open", Err: syscall.EROFS}), well, "disk-read-only"},
		{folderError("d", &fs.PathError{Op: "sync", Err: syscall.EIO}), well, "disk-error"},
		{ofSQLite(filepath.Join(damaged, "none"), "mode=rw"), full, "disk-full"},
		{ofSQLite(filepath.Join(damaged, "none"), "mode=rw"), readOnly, "disk-read-only"},
		{ofSQLite(filepath.Join(damaged, "none"), "mode=rw"), well, "disk-error"},
		{ofSQLite(damaged, "mode=rw"), well, "database-damaged"},
		{errors.New("something"), well, "database-failed"},
	} {
		if got := faultOf(tc.err, tc.at); got != tc.want {
			t.Errorf("%v with %+v: %s, want %s", tc.err, tc.at, got, tc.want)
		}
	}
	h := &health{dir: "/data"}
	for _, name := range []string{faultFull, faultReadOnly, faultError, faultLocked, faultDamaged, faultFailed} {
		if s := h.sentence(name); !strings.Contains(s, "/data") || strings.ContainsAny(s, "\n%") || !strings.HasSuffix(s, ".") {
			t.Errorf("%s: %q", name, s)
		}
	}
}

func TestFaultsOfSpaceAndSilence(t *testing.T) {
	now := time.Now()
	for _, tc := range []struct {
		name string
		h    *health
		want string
	}{
		{"well", &health{space: space{known: true, free: 1 << 30}, watched: true, looked: now}, ""},
		{"nothing known", &health{}, ""},
		{"full, although nothing failed yet", &health{space: space{known: true, free: 1}}, "disk-full"},
		{"read-only, full or not", &health{space: space{known: true, readOnly: true}}, "disk-read-only"},
		{"busy for a moment", &health{busy: now.Add(-time.Second)}, ""},
		{"a transaction that does not end", &health{busy: now.Add(-hangsAfter)}, "disk-hanging"},
		{"a look that does not end", &health{watched: true, looked: now.Add(-time.Minute)}, "disk-hanging"},
	} {
		got := ""
		for _, f := range tc.h.faults(now) {
			got += f.Name
		}
		if got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

// TestFileThatGoesWhileWeUseIt: nothing is said to be saved that would be gone
// after a restart.
func TestFileThatGoesWhileWeUseIt(t *testing.T) {
	for _, name := range databaseFiles("") {
		for what, do := range map[string]func(path string) error{
			"database-missing":  os.Remove,
			"database-replaced": func(path string) error { return errors.Join(os.Remove(path), os.WriteFile(path, nil, 0o600)) },
		} {
			t.Run(name+" "+what, func(t *testing.T) {
				dir := t.TempDir()
				s := open(t, dir, Options{})
				must(t, s.CreateElement(t.Context(), record("a", "A")))
				must(t, do(filepath.Join(dir, name)))
				err := s.SaveState(t.Context(), "a", element.Stopped)
				wantCode(t, err, element.Unavailable, "")
				if !strings.Contains(element.MessageOf(err), name) {
					t.Errorf("%v", err)
				}
				untilFaults(t, s, what)
			})
		}
	}
}

// TestEmptyDatabaseIsNotTaken: an empty database in the place of one that is
// gone would look as if all were well.
func TestEmptyDatabaseIsNotTaken(t *testing.T) {
	for _, tc := range []struct {
		name  string
		spoil func(dir string) error
		says  string // "" when it is opened
	}{
		{"missing", func(dir string) error { return os.Remove(filepath.Join(dir, FileName)) }, "is missing"},
		{"empty", func(dir string) error { return os.Truncate(filepath.Join(dir, FileName), 0) }, "is empty"},
		{"missing beside its log", func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, FileName)), os.Truncate(filepath.Join(dir, lockName), 0),
				os.WriteFile(filepath.Join(dir, FileName+"-wal"), []byte("log"), 0o600))
		}, "is missing"},
		{"all gone", func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, FileName)), os.Remove(filepath.Join(dir, lockName)))
		}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, Options{})
			must(t, s.Close())
			must(t, tc.spoil(dir))
			s, err := Open(t.Context(), dir, Options{})
			if tc.says == "" {
				must(t, err)
				must(t, s.Close())
				return
			}
			wantCode(t, err, element.Unavailable, "")
			if msg := element.MessageOf(err); !strings.Contains(msg, tc.says) || !strings.Contains(msg, dir) {
				t.Errorf("%q", msg)
			}
			if _, err := os.Stat(filepath.Join(dir, FileName+"-wal")); strings.Contains(tc.name, "log") && err != nil {
				t.Errorf("the log is gone: %v", err)
			}
		})
	}
}

// TestReadsWithoutWriting: what a crash left in the log is read although
// nothing can be written, the index of the log included.
func TestReadsWithoutWriting(t *testing.T) {
	dir, crashed := t.TempDir(), t.TempDir()
	s := open(t, dir, Options{})
	must(t, s.CreateElement(t.Context(), record("a", "A")))
	for _, name := range databaseFiles("") {
		copyFile(t, dir, crashed, name)
	}
	must(t, s.Close())
	for name, dir := range map[string]string{"after a crash": crashed, "after a stop": dir} {
		t.Run(name, func(t *testing.T) {
			disk := &fs.PathError{Op: "open", Path: dir, Err: syscall.EROFS}
			broken := make(chan struct{})
			s := open(t, dir, Options{refuse: func() error {
				select {
				case <-broken:
					return nil
				default:
					return disk
				}
			}})
			want(t, names(s), []string{"disk-read-only"})
			all, err := s.Elements(t.Context())
			must(t, err)
			want(t, len(all), 1)
			err = s.CreateElement(t.Context(), record("b", "B"))
			wantCode(t, err, element.Unavailable, "")
			if !strings.Contains(element.MessageOf(err), "read-only") {
				t.Errorf("%v", err)
			}
			close(broken) // the disk is well again
			untilFaults(t, s)
			must(t, s.CreateElement(t.Context(), record("b", "B")))
			all, err = s.Elements(t.Context())
			must(t, err)
			want(t, len(all), 2)
		})
	}
}

// TestStartsWithNothing: without a database, and without a disk to make one.
func TestStartsWithNothing(t *testing.T) {
	s := open(t, t.TempDir(), Options{refuse: func() error { return syscall.ENOSPC }})
	want(t, names(s), []string{"disk-full"})
	all, err := s.Elements(t.Context())
	must(t, err)
	want(t, len(all), 0)
	wantCode(t, s.CreateElement(t.Context(), record("a", "A")), element.Unavailable, "")
}

// TestStopDoesNotWaitForADiskThatHangs: the writer is left where it is.
func TestStopDoesNotWaitForADiskThatHangs(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir(), Options{})
	must(t, err)
	must(t, s.CreateElement(t.Context(), record("a", "A")))
	gate, taken := make(chan struct{}), make(chan struct{})
	go func() {
		_ = s.submit(context.Background(), &change{do: func(context.Context, *sql.Tx) error {
			close(taken)
			<-gate // stands for the system call that does not come back
			return nil
		}})
	}()
	<-taken
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	wantCode(t, s.SaveState(short, "a", element.Stopped), element.Unavailable, "")
	late, cancel := context.WithCancel(t.Context())
	cancel()
	err = s.Shutdown(late)
	wantCode(t, err, element.Unavailable, "")
	if !strings.Contains(element.MessageOf(err), "does not answer") {
		t.Errorf("%v", err)
	}
	close(gate)
	<-s.writer.done
	<-s.watchDone
	must(t, errors.Join(s.reader.Close(), s.writer.end(), s.unlock()))
}
