package runner

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
)

func wantCode(t *testing.T, err error, want element.Code, field string) {
	t.Helper()
	if got := element.CodeOf(err); got != want {
		t.Fatalf("error is %v (%s), want %s", err, got, want)
	}
	if e, ok := err.(*element.Error); ok && field != "" && e.Field != field { //nolint:errorlint // Service returns it unwrapped
		t.Errorf("field is %q, want %q", e.Field, field)
	}
}

func TestCreate(t *testing.T) {
	for _, tt := range []struct {
		name  string
		draft func(*element.Draft)
		code  element.Code
		field string
	}{
		{"as it should be", func(*element.Draft) {}, "", ""},
		{"no name", func(d *element.Draft) { d.Name = nil }, element.Invalid, "name"},
		{"no connector", func(d *element.Draft) { d.Connector = nil }, element.Invalid, "connector"},
		{"unknown connector", func(d *element.Draft) { d.Connector = new("Other") }, element.NotFound, ""},
		{"no host", func(d *element.Draft) { d.Connections = nil }, element.Invalid, "connections[0].host"},
		{"a connection that is not run here", func(d *element.Draft) { d.Connections[0].ID = 3 }, element.Invalid, "connections[0].id"},
		{"a field that the connector fixes", func(d *element.Draft) { d.Connections[0].Retries = new(5) }, element.Invalid, "connections[0].retries"},
		{"a fixed field with its own value", func(d *element.Draft) { d.Connections[0].Retries = new(3) }, "", ""},
		{"a version", func(d *element.Draft) { d.Version = new("1.0.0.1") }, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.start()
				e, err := w.fleet.Create(t.Context(), draft(tt.draft), "tester")
				wantCode(t, err, tt.code, tt.field)
				if tt.code != "" {
					if n := len(w.disk.records); n != 0 {
						t.Errorf("%d elements on disk", n)
					}
					return
				}
				version := "1.0.0.2"
				if d := draft(tt.draft); d.Version != nil {
					version = *d.Version
				}
				if e.Version != version || e.Reconnect != element.Automatic || e.State != element.Active || len(e.Connections) != 2 {
					t.Errorf("element is %+v", e)
				}
				if strings.Trim(string(e.ID), "abcdefghijklmnopqrstuvwxyz234567") != "" {
					t.Errorf("id %q is not URL-safe", e.ID)
				}
			})
		})
	}
}

func TestNamesAreUnique(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.create()
		_, err := w.fleet.Create(t.Context(), draft(), "tester")
		wantCode(t, err, element.Conflict, "")
		other := w.create(func(d *element.Draft) { d.Name = new("Studio 2") })
		_, err = w.fleet.Update(t.Context(), other, element.Draft{Name: new("Studio 1")}, "tester")
		wantCode(t, err, element.Conflict, "")
	})
}

func TestElementsAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *Options) { o.MaxElements = 1 })
		w.start()
		w.create()
		_, err := w.fleet.Create(t.Context(), draft(func(d *element.Draft) { d.Name = new("Studio 2") }), "tester")
		wantCode(t, err, element.TooMany, "")
	})
}

func TestRestartOfTheProgram(t *testing.T) {
	for _, tt := range []struct {
		state element.State
		want  element.ConnectionState
		input func(engine.Input) bool
	}{
		{element.Active, element.ConnOpen, isOf[engine.Start]},
		{element.Paused, element.ConnClosed, isOf[engine.Load]},
		{element.Stopped, element.ConnClosed, isOf[engine.Load]},
	} {
		t.Run(string(tt.state), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.start()
				id := w.create()
				w.set(id, 51, "x/y")
				switch tt.state {
				case element.Paused:
					w.do(id, element.Pause)
				case element.Stopped:
					w.do(id, element.Stop)
				case element.Active:
				}
				w.close()
				w.disk.events = []element.Event{{Seq: 77, Replaces: 76, Body: element.Log{Level: "info", Message: "of an earlier run"}}}
				again := newWorld(t)
				again.disk = w.disk
				again.options.Storage = w.disk
				again.fleet = NewFleet(again.options)
				again.start()
				again.wantStatus(id, tt.want)
				if again.logic.seen(tt.input) != 1 {
					t.Errorf("inputs are %+v", again.logic.inputs)
				}
				v, err := again.fleet.View(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				if i := slices.IndexFunc(v.Parameters, func(p element.Parameter) bool { return p.ID == 50 }); v.Parameters[i].Value != element.Text("x/y") {
					t.Errorf("parameter is %+v", v.Parameters[i])
				}
				logs := again.events(id, element.KindLog)
				if len(logs) == 0 || logs[0].Body.(element.Log).Message != "of an earlier run" || logs[0].Replaces != 0 {
					t.Errorf("log is %+v", logs)
				}
				if tt.state == element.Paused {
					again.do(id, element.Start)
					again.wantStatus(id, element.ConnOpen)
				}
			})
		})
	}
}

func TestOrders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		session := w.device.last()
		w.do(id, element.Pause)
		w.wantStatus(id, element.ConnOpen)
		session.say("heard and listed")
		if n := len(w.events(id, element.KindMessageIn)); n != 1 {
			t.Errorf("%d messages listed while paused, want 1", n)
		}
		if e := w.do(id, element.Start); e.State != element.Active {
			t.Errorf("state is %s", e.State)
		}
		if w.logic.seen(isOf[engine.Resume]) != 1 || w.device.count() != 1 {
			t.Errorf("a resumed element keeps its connection: %d tries", w.device.count())
		}
		w.do(id, element.Restart)
		w.wantStatus(id, element.ConnOpen)
		if got := session.sentCloses(); !slices.Equal(got, []int{1001}) {
			t.Errorf("closes sent at restart: %v, want 1001", got)
		}
		w.do(id, element.Stop)
		_, err := w.fleet.Do(t.Context(), id, element.Reconnect, nil, "tester")
		wantCode(t, err, element.Conflict, "")
		_, err = w.fleet.Do(t.Context(), id, element.Pause, nil, "tester")
		wantCode(t, err, element.Conflict, "")
		_, err = w.fleet.Do(t.Context(), id, "dance", nil, "tester")
		wantCode(t, err, element.Invalid, "")
		w.do(id, element.Start)
		_, err = w.fleet.Do(t.Context(), id, element.Reconnect, new(9), "tester")
		wantCode(t, err, element.NotFound, "")
		_, err = w.fleet.Do(t.Context(), id, element.Reconnect, new(2), "tester")
		wantCode(t, err, element.Conflict, "")
		var states []element.State
		for _, e := range w.events(id, element.KindState) {
			states = append(states, e.Body.(element.StateChanged).State)
			if e.Body.(element.StateChanged).By != "tester" {
				t.Errorf("state event by %q", e.Body.(element.StateChanged).By)
			}
		}
		a, p, s := element.Active, element.Paused, element.Stopped
		if want := []element.State{a, p, a, s, a, s, a}; !slices.Equal(states, want) {
			t.Errorf("states are %v, want %v", states, want)
		}
	})
}

func TestUpdate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create(func(d *element.Draft) { d.Version = new("1.0.0.1") })
		w.set(id, 51, "kept")
		_, err := w.fleet.Update(t.Context(), id, element.Draft{Connector: new("Other")}, "tester")
		wantCode(t, err, element.Invalid, "connector")
		e, err := w.fleet.Update(t.Context(), id, element.Draft{Connections: []element.ConnectionDraft{{ID: 1, Host: new("10.0.0.7")}}}, "tester")
		if err != nil {
			t.Fatal(err)
		}
		pass(time.Second)
		w.wantStatus(id, element.ConnOpen)
		if got := w.device.try(2).cfg.Host; got != "10.0.0.7" || len(e.Connections) != 2 {
			t.Errorf("connected to %s", got)
		}
		if _, err = w.fleet.Update(t.Context(), id, element.Draft{Version: new(""), Start: new(true)}, "tester"); err != nil {
			t.Fatal(err)
		}
		pass(time.Second)
		w.wantStatus(id, element.ConnOpen)
		v, err := w.fleet.View(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if v.Element.Version != "1.0.0.2" || v.Of(50).Value != element.Text("kept") {
			t.Errorf("view is %+v", v.Element)
		}
		if e, err = w.fleet.Update(t.Context(), id, element.Draft{Start: new(false)}, "tester"); err != nil || e.State != element.Stopped {
			t.Errorf("element is %+v, %v", e, err)
		}
	})
}

func TestDelete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		session := w.device.last()
		w.disk.fail(element.Errorf(element.Unavailable, "The disk is full."))
		wantCode(t, w.fleet.Delete(t.Context(), id, "tester"), element.Unavailable, "")
		w.wantStatus(id, element.ConnOpen)
		w.disk.fail(nil)
		if err := w.fleet.Delete(t.Context(), id, "tester"); err != nil {
			t.Fatal(err)
		}
		if got := session.sentCloses(); !slices.Equal(got, []int{1001}) {
			t.Errorf("closes sent: %v", got)
		}
		_, err := w.fleet.Element(t.Context(), id)
		wantCode(t, err, element.NotFound, "")
		wantCode(t, w.fleet.Delete(t.Context(), id, "tester"), element.NotFound, "")
		patches := w.stage.patches(element.FleetStream)
		if patches[len(patches)-1].Removed != id || !w.stage.streams[string(id)].dropped {
			t.Errorf("last patch of the fleet is %+v", patches[len(patches)-1])
		}
	})
}

func TestWhoeverWaitsWhenTheElementEndsIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		w.disk.slow = 2 * time.Second
		answers := make(chan error, 40)
		for range cap(answers) {
			go func() {
				_, err := w.fleet.Set(context.Background(), id, element.SetRequest{Target: element.Target{Parameter: 51}, Raw: element.Text("x"), By: "tester"})
				answers <- err
			}()
		}
		synctest.Wait()
		w.close()
		done := 0
		for range cap(answers) {
			switch err := <-answers; element.CodeOf(err) {
			case "":
				done++
			case element.Unavailable:
			default:
				t.Errorf("answer is %v, want Unavailable", err)
			}
		}
		if done == cap(answers) {
			t.Error("every write was carried out; nobody was waiting")
		}
		_, err := w.fleet.Create(t.Context(), draft(), "tester")
		wantCode(t, err, element.Unavailable, "")
	})
}

func TestAFaultOfTheLogicStopsTheElementOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.logic.extra = func(_ *logic, in engine.Input) []engine.Effect {
			if r, ok := in.(engine.Received); ok && string(r.Data) == "panic" {
				panic("a fault of the logic")
			}
			return nil
		}
		w.start()
		id := w.create()
		other := w.create(func(d *element.Draft) { d.Name = new("Studio 2") })
		session := w.device.sessions[0]
		session.say("panic")
		w.wantStatus(id, element.ConnClosed)
		w.wantStatus(other, element.ConnOpen)
		e, err := w.fleet.Element(t.Context(), id)
		if err != nil || e.State != element.Stopped {
			t.Errorf("element is %+v, %v", e, err)
		}
		if got := session.sentCloses(); !slices.Equal(got, []int{1001}) {
			t.Errorf("closes sent: %v", got)
		}
		logs := w.events(id, element.KindLog)
		if l := logs[len(logs)-1].Body.(element.Log); l.Level != "error" {
			t.Errorf("log is %+v", l)
		}
		if w.disk.records[id].State != element.Active {
			t.Error("the stored state changed; a new start of the program would not try again")
		}
		w.do(id, element.Start)
		w.wantStatus(id, element.ConnOpen)
	})
}

func TestAnElementWithoutItsConnectorIsListed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.disk.records["abc"] = element.Record{ID: "abc", State: element.Active, Config: element.Config{Name: "Old", Connector: "Gone", Version: "1.0.0.1"}}
		w.start()
		all, _, err := w.fleet.Elements(t.Context())
		if err != nil || len(all) != 1 || all[0].State != element.Stopped {
			t.Fatalf("elements are %+v, %v", all, err)
		}
		_, err = w.fleet.View(t.Context(), "abc")
		wantCode(t, err, element.Unavailable, "")
		_, err = w.fleet.Do(t.Context(), "abc", element.Start, nil, "tester")
		wantCode(t, err, element.Unavailable, "")
		if err := w.fleet.Delete(t.Context(), "abc", "tester"); err != nil {
			t.Error(err)
		}
	})
}

func TestConnectorsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.create()
		all, err := w.fleet.Connectors(t.Context())
		if err != nil || all[0].Elements != 0 || all[1].Elements != 1 {
			t.Errorf("connectors are %+v, %v", all, err)
		}
	})
}
