package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"

	"github.com/google/go-cmp/cmp"
)

// open opens a store that the test closes.
func open(t testing.TB, dir string, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// reopen closes a store and opens its folder anew, as a restart does.
func reopen(t testing.TB, s *Store, dir string, o Options) *Store {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return open(t, dir, o)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var day = time.Date(2026, 11, 22, 10, 30, 0, 123456789, time.UTC)

func record(id element.ID, name string) element.Record {
	return element.Record{
		ID: id, State: element.Active, CreatedAt: day,
		Config: element.Config{
			Name: name, Connector: "C", Version: "1.0.0.1", Reconnect: element.Manual,
			Connections: []element.ConnectionConfig{{ID: 1, Host: "127.0.0.1", Port: 8050, BusAddress: "byPassProxy", TimeoutMs: 1500, Retries: 3}},
		},
	}
}

func wantCode(t *testing.T, err error, code element.Code, field string) {
	t.Helper()
	if got := element.CodeOf(err); got != code {
		t.Fatalf("error = %v (%s), want %s", err, got, code)
	}
	if e, ok := errors.AsType[*element.Error](err); !ok || e.Field != field || e.Op == "" {
		t.Errorf("error = %#v, want field %q and an operation", err, field)
	}
}

func TestElementsSurviveARestart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	a, b := record("a", "Encoder 1"), record("b", "Encoder 2")
	b.CreatedAt = day.Add(time.Nanosecond)
	must(t, s.CreateElement(t.Context(), b))
	must(t, s.CreateElement(t.Context(), a))
	a.Config.Name, a.State = "Décodeur", element.Stopped
	must(t, s.UpdateElement(t.Context(), a))
	s = reopen(t, s, dir, Options{})
	got, err := s.Elements(t.Context())
	must(t, err)
	if diff := cmp.Diff([]element.Record{a, b}, got); diff != "" {
		t.Error(diff)
	}
}

func TestNamesAreUniqueInAnyCasing(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	must(t, s.CreateElement(t.Context(), record("a", "Ünit 1")))
	must(t, s.CreateElement(t.Context(), record("b", "other")))
	err := s.CreateElement(t.Context(), record("c", "üNIT 1"))
	wantCode(t, err, element.Conflict, "name")
	if !strings.Contains(element.MessageOf(err), `"üNIT 1"`) {
		t.Errorf("the sentence does not name it: %v", err)
	}
	wantCode(t, s.UpdateElement(t.Context(), record("b", "ÜNIT 1")), element.Conflict, "name")
	must(t, s.UpdateElement(t.Context(), record("a", "ÜNIT 1")))
}

func TestUnknownElement(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	wantCode(t, s.UpdateElement(t.Context(), record("a", "x")), element.NotFound, "")
	wantCode(t, s.DeleteElement(t.Context(), "a"), element.NotFound, "")
	wantCode(t, s.SaveValues(t.Context(), "a", []element.SavedValue{{Target: element.Target{Parameter: 1}}}), element.NotFound, "")
	values, err := s.SavedValues(t.Context(), "a")
	must(t, err)
	if len(values) != 0 {
		t.Errorf("values = %v", values)
	}
}

func TestSavedValues(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	must(t, s.CreateElement(t.Context(), record("a", "A")))
	want := []element.SavedValue{
		{Target: element.Target{Parameter: 1}, Value: element.Text("x"), At: day, FromDevice: true},
		{Target: element.Target{Parameter: 2}, Value: element.Text(""), At: day},
		{Target: element.Target{Parameter: 3}, Value: element.Text("\x00\xff\xfe bytes"), At: day},
		{Target: element.Target{Parameter: 4}, Value: element.Number(0.1), At: day},
		{Target: element.Target{Parameter: 5}, Value: element.Number(-1.7976931348623157e308), At: day},
		{Target: element.Target{Parameter: 6}, Value: element.Number(9007199254740993), At: day},
		{Target: element.Target{Parameter: 7}, At: day},
		{Target: element.Target{Parameter: 8}, Value: element.Text(strings.Repeat("é", 1<<20))},
	}
	must(t, s.SaveValues(t.Context(), "a", []element.SavedValue{{Target: element.Target{Parameter: 1}, Value: element.Number(5)}, {Target: element.Target{Parameter: 1}, Value: element.Number(6)}}))
	must(t, s.SaveValues(t.Context(), "a", want))
	must(t, s.SaveValues(t.Context(), "a", nil))
	s = reopen(t, s, dir, Options{})
	got, err := s.SavedValues(t.Context(), "a")
	must(t, err)
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b element.Value) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	must(t, s.DeleteElement(t.Context(), "a"))
	if got, err = s.SavedValues(t.Context(), "a"); err != nil || len(got) != 0 {
		t.Errorf("values of a deleted element: %v, %v", got, err)
	}
}

func TestConnectors(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	want := []element.StoredConnector{
		{Name: "A", Version: "1.0.0.1", XML: []byte("<Protocol/>\r\n\x00\xff"), At: day},
		{Name: "B", Version: "1.0.0.1", At: day},
	}
	must(t, s.SaveConnector(t.Context(), want[0]))
	must(t, s.SaveConnector(t.Context(), element.StoredConnector{Name: "B", Version: "1.0.0.1", At: day}))
	wantCode(t, s.SaveConnector(t.Context(), want[0]), element.Conflict, "")
	s = reopen(t, s, dir, Options{})
	got, err := s.Connectors(t.Context())
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestWaitingChangesShareOneCommit holds the writer until 50 changes wait.
func TestWaitingChangesShareOneCommit(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, dir, Options{})
		must(t, s.CreateElement(t.Context(), record("a", "A")))
		must(t, s.settle(t.Context()))
		gate := make(chan struct{})
		var wg sync.WaitGroup
		before := 0
		wg.Go(func() {
			must(t, s.submit(t.Context(), &change{do: s.wait(gate, &before)}))
		})
		synctest.Wait()
		for i := range 50 {
			wg.Go(func() {
				id := element.ID("a")
				if i%10 == 0 {
					id = "unknown" // its failure is no one else's
				}
				err := s.SaveValues(t.Context(), id, []element.SavedValue{{Target: element.Target{Parameter: element.ParamID(i)}}})
				if (err != nil) != (i%10 == 0) {
					t.Errorf("change %d: %v", i, err)
				}
			})
		}
		synctest.Wait()
		close(gate)
		wg.Wait()
		after := 0
		must(t, s.submit(t.Context(), &change{do: s.wait(gate, &after)}))
		if got := after - before; got != 2 {
			t.Errorf("%d commits, want one for the gate and one for the 50", got)
		}
		values, err := s.SavedValues(t.Context(), "a")
		if err != nil || len(values) != 45 {
			t.Errorf("%d values, %v", len(values), err)
		}
	})
}

func TestCloseAnswersEverybody(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, dir, Options{})
		must(t, s.CreateElement(t.Context(), record("a", "A")))
		gate, commits := make(chan struct{}), 0
		var wg sync.WaitGroup
		wg.Go(func() { must(t, s.submit(t.Context(), &change{do: s.wait(gate, &commits)})) })
		synctest.Wait()
		refused := make(chan error, 10)
		for range 10 {
			wg.Go(func() {
				refused <- s.SaveValues(t.Context(), "a", []element.SavedValue{{Target: element.Target{Parameter: 1}}})
			})
		}
		given, giveUp := context.WithCancel(t.Context())
		wg.Go(func() {
			if err := s.Flush(given); element.CodeOf(err) != element.Unavailable {
				t.Errorf("Flush that was given up: %v", err)
			}
		})
		synctest.Wait()
		giveUp()
		synctest.Wait()
		wg.Go(func() { must(t, s.Close()) })
		synctest.Wait()
		close(gate)
		wg.Wait()
		for range 10 {
			wantCode(t, <-refused, element.Unavailable, "")
		}
		wantCode(t, s.SaveValues(t.Context(), "a", []element.SavedValue{{Target: element.Target{Parameter: 1}}}), element.Unavailable, "")
		_, err := s.Elements(t.Context())
		wantCode(t, err, element.Unavailable, "")
		must(t, s.Close())
	})
}

func TestContextThatEndedChangesNothing(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantCode(t, s.CreateElement(ctx, record("a", "A")), element.Unavailable, "")
	_, err := s.Elements(ctx)
	wantCode(t, err, element.Unavailable, "")
	if got, err := s.Elements(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("elements = %v, %v", got, err)
	}
}

func TestFilesBelongToTheirOwner(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data ?#%20é")
	s := open(t, dir, Options{})
	must(t, s.CreateElement(t.Context(), record("a", "A")))
	files, err := os.ReadDir(dir)
	must(t, err)
	names := map[string]bool{}
	for _, f := range files {
		info, err := f.Info()
		must(t, err)
		names[f.Name()] = true
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", f.Name(), info.Mode())
		}
	}
	if !names[FileName] || !names[FileName+"-wal"] {
		t.Errorf("files = %v", names)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder: %v, %v", info.Mode(), err)
	}
}

func BenchmarkSaveValues(b *testing.B) {
	for _, callers := range []int{1, 100} {
		b.Run(fmt.Sprint(callers, " callers"), func(b *testing.B) {
			s := open(b, b.TempDir(), Options{})
			must(b, s.CreateElement(b.Context(), record("a", "A")))
			work := make(chan int)
			var wg sync.WaitGroup
			for range callers {
				wg.Go(func() {
					for i := range work {
						if err := s.SaveValues(b.Context(), "a", []element.SavedValue{{Target: element.Target{Parameter: element.ParamID(i % 500)}, Value: element.Number(float64(i)), At: day}}); err != nil {
							b.Error(err)
						}
					}
				})
			}
			for i := 0; b.Loop(); i++ {
				work <- i
			}
			close(work)
			wg.Wait()
			commits := 0
			must(b, s.submit(b.Context(), &change{do: s.wait(nil, &commits)}))
			b.ReportMetric(float64(b.N)/float64(commits), "saves/fsync")
		})
	}
}
