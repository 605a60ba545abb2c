package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"fieldline/element"

	sqlite3 "modernc.org/sqlite/lib"
)

// How the disk is watched.
const (
	watchEvery = 2 * time.Second // between looks at the files and the space
	beatEvery  = 3 * time.Second // the writer writes something at least so often
	hangsAfter = 7 * time.Second // without an answer; SQLite itself waits 5 s for a lock
	leastSpace = 256 << 10       // bytes; less is full: a transaction may need as much
)

// The names of faults, of docs/deployment.md.
const (
	faultFull     = "disk-full"
	faultReadOnly = "disk-read-only"
	faultError    = "disk-error"
	faultHanging  = "disk-hanging"
	faultLocked   = "database-locked"
	faultMissing  = "database-missing"
	faultReplaced = "database-replaced"
	faultDamaged  = "database-damaged"
	faultFailed   = "database-failed"
)

// health is what is known of the disk and the database. It may be used from
// any goroutine, and never waits for the disk.
type health struct {
	dir string

	mu       sync.Mutex
	watched  bool      // the watch runs
	looked   time.Time // when it came back last
	busy     time.Time // since when the writer waits for the database; zero when it does not
	failure  error     // of the last transaction; nil when it went well
	files    [2]os.FileInfo
	moved    *element.Fault // the files are not those that were opened
	space    space
	degraded error // why the database is not open for writing
	empty    bool  // there is none at all
}

// space is what the file system of the data folder says of itself.
type space struct {
	known    bool
	free     uint64 // bytes that this process may use
	readOnly bool
}

// opened remembers the files as they are opened.
func (h *health) opened() {
	var files [2]os.FileInfo
	for i, name := range databaseFiles(h.dir) {
		files[i], _ = os.Stat(name) // one that is not there is told by look
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.files, h.degraded, h.moved, h.failure = files, nil, nil, nil
}

// degrade says that the database is not open for writing.
func (h *health) degrade(why error, empty bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.degraded, h.empty = why, empty
}

// look asks the file system; it may take as long as that likes.
func (h *health) look() {
	at := spaceOf(h.dir)
	h.checkFiles()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.space, h.looked = at, time.Now()
}

// checkFiles finds out whether the files are still those that were opened. What
// is written to a file that has no name any more is lost with the next start.
func (h *health) checkFiles() *element.Fault {
	h.mu.Lock()
	files := h.files
	h.mu.Unlock()
	var moved *element.Fault
	for i, name := range databaseFiles(h.dir) {
		if files[i] == nil || moved != nil {
			continue
		}
		switch there, err := os.Stat(name); {
		case errors.Is(err, fs.ErrNotExist):
			moved = &element.Fault{Name: faultMissing, Message: fmt.Sprintf("The file %s was deleted or moved while the program uses it: nothing is saved any more. Put it back and restart the program; what was changed since is lost.", name)}
		case err == nil && !os.SameFile(there, files[i]):
			moved = &element.Fault{Name: faultReplaced, Message: fmt.Sprintf("The file %s was replaced by another one while the program uses it: nothing is saved any more. Restart the program to use the file that is there now.", name)}
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.moved = moved
	return moved
}

// begin says that the writer waits for the database from now on; the error is
// why it must not.
func (h *health) begin() error {
	if moved := h.checkFiles(); moved != nil {
		return element.Errorf(element.Unavailable, "%s", moved.Message)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.busy = time.Now()
	return nil
}

// end says how it went.
func (h *health) end(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.busy, h.failure = time.Time{}, err
}

// refusal is why a change is refused while the database is not open for
// writing.
func (h *health) refusal() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return &element.Error{Code: element.Unavailable, Msg: h.sentence(faultOf(h.degraded, h.space)) + " Nothing was saved.", Err: h.degraded}
}

// hangs returns since when the disk does not answer, zero when it does.
func (h *health) hangs() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.hanging(time.Now())
}

func (h *health) hanging(now time.Time) time.Time {
	if !h.busy.IsZero() && now.Sub(h.busy) >= hangsAfter {
		return h.busy
	}
	if h.watched && now.Sub(h.looked) >= hangsAfter+watchEvery {
		return h.looked
	}
	return time.Time{}
}

// faults is what is wrong at present.
func (h *health) faults(now time.Time) []element.Fault {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []element.Fault
	add := func(name, format string, args ...any) {
		all = append(all, element.Fault{Name: name, Message: fmt.Sprintf(format, args...)})
	}
	if since := h.hanging(now); !since.IsZero() {
		add(faultHanging, "The disk of %s has not answered for %d s: what is changed now is not saved.", h.dir, int(now.Sub(since).Seconds()))
	}
	if h.moved != nil {
		all = append(all, *h.moved)
	}
	known := map[string]bool{}
	tell := func(name string) {
		if known[name] {
			return
		}
		known[name] = true
		add(name, "%s", h.sentence(name))
	}
	for _, err := range []error{h.degraded, h.failure} {
		if err != nil {
			tell(faultOf(err, h.space))
		}
	}
	if h.space.known && h.space.readOnly {
		tell(faultReadOnly)
	} else if h.space.known && h.space.free < leastSpace {
		tell(faultFull)
	}
	return all
}

// sentence is what a fault means for a person.
func (h *health) sentence(name string) string {
	const rest = " Elements go on running; saved values and settings cannot be changed until that is mended."
	if h.degraded != nil && h.empty {
		return fmt.Sprintf(map[string]string{
			faultFull:     "The disk of %s is full.",
			faultReadOnly: "The disk of %s is read-only.",
			faultLocked:   "Another program holds the database in %s.",
		}[name]+" The program runs without a database: nothing is kept.", h.dir)
	}
	switch name {
	case faultFull:
		return fmt.Sprintf("The disk of %s is full.%s", h.dir, rest)
	case faultReadOnly:
		return fmt.Sprintf("The disk of %s is read-only.%s", h.dir, rest)
	case faultLocked:
		return fmt.Sprintf("Another program holds the database in %s.%s", h.dir, rest)
	case faultDamaged:
		return fmt.Sprintf("The database in %s is damaged. Restore a copy of the folder.", h.dir)
	case faultError:
		return fmt.Sprintf("The disk of %s reports errors. Check it, and keep a copy of the folder at hand.%s", h.dir, rest)
	}
	return fmt.Sprintf("The database in %s fails; the log says more.%s", h.dir, rest)
}

// faultOf names what an error of the database means. SQLite calls most of what
// a system call returns an input/output error: what the file system says of
// itself tells which one.
func faultOf(err error, at space) string {
	switch {
	case isFull(err):
		return faultFull
	case isReadOnly(err):
		return faultReadOnly
	}
	switch primary(resultOf(err)) {
	case sqlite3.SQLITE_FULL:
		return faultFull
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return faultLocked
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return faultDamaged
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return faultReadOnly
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
		switch {
		case at.known && at.readOnly:
			return faultReadOnly
		case at.known && at.free < leastSpace:
			return faultFull
		}
		return faultError
	case 0:
		if _, ok := errors.AsType[*fs.PathError](err); ok {
			return faultError
		}
	}
	return faultFailed
}

// Faults returns what keeps the database from saving, as far as is known: it
// never waits for the disk.
func (s *Store) Faults() []element.Fault { return s.health.faults(time.Now()) }

// watch looks at the disk until the store closes.
func (s *Store) watch() {
	defer close(s.watchDone)
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	told := map[string]bool{}
	for {
		s.health.look()
		s.tellFaults(told)
		select {
		case <-s.closing:
			return
		case <-tick.C:
		}
	}
}

// tellFaults logs faults that are new and those that are over.
func (s *Store) tellFaults(told map[string]bool) {
	now := map[string]bool{}
	for _, f := range s.Faults() {
		now[f.Name] = true
		if !told[f.Name] {
			told[f.Name] = true
			s.options.Logger.Error(f.Message, "fault", f.Name)
		}
	}
	for name := range told {
		if !now[name] {
			delete(told, name)
			s.options.Logger.Info("the fault is over", "fault", name)
		}
	}
}
