package runner

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/connector"

	"github.com/google/go-cmp/cmp"
)

// keptShelf is what a disk keeps of one version of an element.
type keptShelf struct {
	values map[element.ParamID]element.SavedValue
	cells  []element.SavedValue
}

func (d *disk) ChangeVersion(ctx context.Context, r element.Record, left element.KeptVersion, back bool) error {
	if err := d.UpdateElement(ctx, r); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.kept == nil {
		d.kept = map[string]keptShelf{}
	}
	comes, ok := d.kept[string(r.ID)+r.Config.Version]
	d.kept[string(r.ID)+left.Version] = keptShelf{maps.Clone(d.values[r.ID]), slices.Clone(d.cells[r.ID])}
	if !back {
		return nil
	}
	if !ok {
		return element.Errorf(element.NotFound, "Nothing is kept.")
	}
	d.values[r.ID] = comes.values
	if d.cells != nil {
		d.cells[r.ID] = comes.cells
	}
	return nil
}

func (d *disk) KeptValues(_ context.Context, id element.ID, version string) ([]element.SavedValue, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	k := d.kept[string(id)+version]
	return append(slices.Collect(maps.Values(k.values)), k.cells...), nil
}

func (d *disk) ForgetVersion(_ context.Context, id element.ID, version string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.kept, string(id)+version)
	return d.broken
}

func (w *world) useVersion(id element.ID, version string, start *bool) (element.Element, error) {
	return w.update(id, element.Draft{Version: &version, Start: start})
}

func (w *world) update(id element.ID, d element.Draft) (element.Element, error) {
	e, err := w.fleet.Update(w.t.Context(), id, d, "ruth")
	synctest.Wait()
	return e, err
}

func (w *world) goBack(id element.ID, wish element.VersionWish) (element.Element, error) {
	e, err := w.fleet.Back(w.t.Context(), id, wish, "ruth")
	synctest.Wait()
	return e, err
}

func (w *world) versionEvents(id element.ID) []element.VersionChanged {
	var all []element.VersionChanged
	for _, e := range w.events(id, element.KindVersion) {
		all = append(all, e.Body.(element.VersionChanged))
	}
	return all
}

func TestWhoSawAStoppedElementChangesNoRunningOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create(func(d *element.Draft) { d.Version = new("1.0.0.1") })
		for _, o := range []element.Order{element.Start, element.Pause} {
			w.do(id, o)
			_, err := w.update(id, element.Draft{Version: new("1.0.0.2"), OnlyStopped: true})
			wantCode(t, err, element.Conflict, "version")
			_, err = w.goBack(id, element.VersionWish{OnlyStopped: true})
			wantCode(t, err, element.Conflict, "")
		}
		if got := w.versionEvents(id); got != nil {
			t.Errorf("events are %v", got)
		}
		w.do(id, element.Stop)
		e, err := w.useVersion(id, "1.0.0.2", nil)
		if err != nil || e.Version != "1.0.0.2" || e.State != element.Stopped || e.PreviousVersion != "1.0.0.1" {
			t.Errorf("element is %+v, %v", e, err)
		}
		if diff := cmp.Diff([]element.VersionChanged{{From: "1.0.0.1", To: "1.0.0.2", By: "ruth"}}, w.versionEvents(id)); diff != "" {
			t.Error(diff)
		}
	})
}

// A request that says nothing of the state leaves it as it was.
func TestAnotherVersionLeavesTheState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create(func(d *element.Draft) { d.Version = new("1.0.0.1") })
		for _, tt := range []struct {
			order element.Order
			state element.State
			conn  element.ConnectionState
		}{{element.Start, element.Active, element.ConnOpen}, {element.Pause, element.Paused, element.ConnClosed}, {element.Stop, element.Stopped, element.ConnClosed}} {
			w.do(id, tt.order)
			for _, version := range []string{"1.0.0.2", "1.0.0.1"} {
				e, err := w.useVersion(id, version, nil)
				if err != nil || e.Version != version || e.State != tt.state {
					t.Fatalf("element is %+v, %v", e, err)
				}
				pass(time.Second)
				w.wantStatus(id, tt.conn)
			}
			if e, err := w.goBack(id, element.VersionWish{}); err != nil || e.Version != "1.0.0.2" || e.State != tt.state {
				t.Fatalf("element is %+v, %v", e, err)
			}
			if _, err := w.goBack(id, element.VersionWish{}); err != nil {
				t.Fatal(err)
			}
		}
		w.do(id, element.Start)
		pass(time.Second)
		w.wantStatus(id, element.ConnOpen)
	})
}

// In one request: the element is stopped, changed and started again.
func TestAVersionIsTriedInOneStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create(func(d *element.Draft) { d.Version = new("1.0.0.1") })
		w.set(id, 51, "old")
		e, err := w.useVersion(id, "1.0.0.2", new(true))
		if err != nil || e.Version != "1.0.0.2" || e.State != element.Active {
			t.Fatalf("element is %+v, %v", e, err)
		}
		pass(time.Second)
		w.wantStatus(id, element.ConnOpen)
		w.set(id, 51, "new")
		e, err = w.goBack(id, element.VersionWish{Start: new(false)})
		if err != nil || e.Version != "1.0.0.1" || e.State != element.Stopped || e.PreviousVersion != "1.0.0.2" {
			t.Errorf("element is %+v, %v", e, err)
		}
		v, err := w.fleet.View(t.Context(), id)
		if err != nil || v.Of(50).Value != element.Text("old") {
			t.Errorf("label is %v, %v", v.Of(50).Value, err)
		}
		want := []element.VersionChanged{{From: "1.0.0.1", To: "1.0.0.2", By: "ruth"}, {From: "1.0.0.2", To: "1.0.0.1", Back: true, By: "ruth"}}
		if diff := cmp.Diff(want, w.versionEvents(id)); diff != "" {
			t.Error(diff)
		}
		var states []element.State
		for _, e := range w.events(id, element.KindState) {
			states = append(states, e.Body.(element.StateChanged).State)
		}
		if want := []element.State{element.Active, element.Stopped, element.Active, element.Stopped}; !slices.Equal(states, want) {
			t.Errorf("states are %v, want %v", states, want)
		}
	})
}

// When the disk does not take the change, the element goes on as it was.
func TestAVersionThatCannotBeStoredIsNotTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create(func(d *element.Draft) { d.Version = new("1.0.0.1") })
		w.disk.fail(element.Errorf(element.Unavailable, "The disk is full."))
		_, err := w.useVersion(id, "1.0.0.2", new(true))
		wantCode(t, err, element.Unavailable, "")
		w.disk.fail(nil)
		pass(time.Second)
		e, err := w.fleet.Element(t.Context(), id)
		if err != nil || e.Version != "1.0.0.1" || e.State != element.Active || e.PreviousVersion != "" {
			t.Errorf("element is %+v, %v", e, err)
		}
		w.wantStatus(id, element.ConnOpen)
	})
}

func TestGoingBackSurvivesARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create(func(d *element.Draft) { d.Version, d.Start = new("1.0.0.1"), new(false) })
		if _, err := w.useVersion(id, "1.0.0.2", nil); err != nil {
			t.Fatal(err)
		}
		record := w.disk.records[id]
		record.Kept = []element.KeptVersion{{Version: "1.0.0.1", At: element.At(time.Now()), By: "ruth", Config: record.Config}}
		w.close()
		w.disk.records[id] = record // as a store reads it
		w.fleet = NewFleet(w.options)
		w.start()
		e, err := w.goBack(id, element.VersionWish{Version: "1.0.0.1"})
		if err != nil || e.Version != "1.0.0.1" || e.PreviousVersion != "1.0.0.2" {
			t.Errorf("element is %+v, %v", e, err)
		}
	})
}

func TestKeptVersionsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *Options) {
			c := catalog{}
			for i := range element.MaxKeptVersions + 2 {
				c = append(c, testConnector(t, string(rune('a'+i))))
			}
			o.Catalog = c
		})
		w.start()
		id := w.create(func(d *element.Draft) { d.Version, d.Start = new("a"), new(false) })
		for i := range element.MaxKeptVersions {
			if _, err := w.useVersion(id, string(rune('b'+i)), nil); err != nil {
				t.Fatal(err)
			}
		}
		last := string(rune('b' + element.MaxKeptVersions))
		_, err := w.useVersion(id, last, nil)
		wantCode(t, err, element.Conflict, "")
		wantCode(t, w.fleet.ForgetVersion(t.Context(), id, last, "ruth"), element.NotFound, "")
		if err := w.fleet.ForgetVersion(t.Context(), id, "a", "ruth"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.useVersion(id, last, nil); err != nil {
			t.Errorf("with one forgotten: %v", err)
		}
		_, err = w.goBack(id, element.VersionWish{Version: "a"})
		wantCode(t, err, element.NotFound, "")
		v, err := w.fleet.Versions(t.Context(), id)
		if err != nil || v.Version != last || v.Previous == nil || v.Previous.Version != "i" || len(v.Versions) != element.MaxKeptVersions+2 {
			t.Errorf("versions are %+v, %v", v, err)
		}
	})
}

// A connection that the version does not have comes back with its settings;
// what was set since then stays.
func TestGoingBackBringsConnectionsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		smaller := testConnector(t, "1.0.0.3")
		smaller.Connections = smaller.Connections[1:2]
		w := newWorld(t, func(o *Options) { o.Catalog = append(o.Catalog.(catalog), smaller) })
		w.start()
		id := w.create(func(d *element.Draft) { d.Version, d.Start = new("1.0.0.1"), new(false) })
		if _, err := w.useVersion(id, "1.0.0.3", nil); err != nil {
			t.Fatal(err)
		}
		later := element.Draft{Connections: []element.ConnectionDraft{{ID: 2, Host: new("10.0.0.77")}}}
		if _, err := w.fleet.Update(t.Context(), id, later, "ruth"); err != nil {
			t.Fatal(err)
		}
		c, err := w.fleet.VersionChanges(t.Context(), id, "1.0.0.1", true)
		if err != nil || len(c.Settings) != 1 || c.Settings[0].Change != "added" {
			t.Errorf("settings: %+v, %v", c.Settings, err)
		}
		if _, err := w.goBack(id, element.VersionWish{}); err != nil {
			t.Fatal(err)
		}
		var hosts []string
		for _, cc := range w.disk.records[id].Config.Connections {
			hosts = append(hosts, cc.Host)
		}
		if want := []string{"10.0.0.1", "10.0.0.77"}; !slices.Equal(hosts, want) {
			t.Errorf("hosts are %v, want %v", hosts, want)
		}
	})
}

// shrinking is a catalog whose only connector is being deleted.
type shrinking struct {
	catalog
	entered chan struct{} // closed when the deletion begins
	finish  chan struct{} // lets it end
	gone    atomic.Bool
}

func (s *shrinking) Definition(name, version string) (*connector.Definition, error) {
	if s.gone.Load() {
		return nil, element.Errorf(element.NotFound, "There is no connector %q.", name)
	}
	return s.catalog.Definition(name, version)
}

func (s *shrinking) Delete(context.Context, string, string) error {
	close(s.entered)
	<-s.finish
	s.gone.Store(true)
	return nil
}

// No element comes to use a connector while it is deleted.
func TestAConnectorThatIsDeletedIsNotTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &shrinking{catalog: catalog{testConnector(t, "1")}, entered: make(chan struct{}), finish: make(chan struct{})}
		w := newWorld(t, func(o *Options) { o.Catalog = c })
		w.start()
		deleted, created := make(chan error, 1), make(chan error, 1)
		go func() { deleted <- w.fleet.DeleteConnector(t.Context(), "Test", "1", "ruth") }()
		<-c.entered
		go func() {
			_, err := w.fleet.Create(t.Context(), draft(), "ruth")
			created <- err
		}()
		runtime.Gosched()
		close(c.finish)
		if err := <-deleted; err != nil {
			t.Error(err)
		}
		wantCode(t, <-created, element.NotFound, "")
	})
}
