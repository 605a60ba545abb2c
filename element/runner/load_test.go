package runner

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
)

func TestAVersionWithoutAConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		smaller := testConnector(t, "1.0.0.3")
		smaller.Connections = []connector.Connection{{ID: 4, Name: "New", WebSocket: true, Kind: "http", Host: "10.0.0.4", Port: 80}}
		w := newWorld(t, func(o *Options) { o.Catalog = append(o.Catalog.(catalog), smaller) })
		w.start()
		id := w.create(func(d *element.Draft) { d.Version = new("1.0.0.1") })
		session := w.device.last()
		session.lag = 500 * time.Millisecond
		e, err := w.fleet.Update(t.Context(), id, element.Draft{Version: new("1.0.0.3"), Start: new(true)}, "tester")
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Connections) != 1 || e.Connections[0].ID != 4 {
			t.Errorf("connections are %+v", e.Connections)
		}
		pass(time.Second)
		if got := session.sentCloses(); !slices.Equal(got, []int{1001}) {
			t.Errorf("closes sent: %v", got)
		}
	})
}

func TestARestartKeepsWhatTheDiskDidNotTake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		r, err := w.fleet.runner(id)
		if err != nil {
			t.Fatal(err)
		}
		w.device.last().say("label=old")
		pass(time.Second)
		saved, err := ask(t.Context(), r, func() ([]element.SavedValue, error) {
			r.saver.pending.add([]element.SavedValue{{Target: element.Target{Parameter: 50}, Value: element.Text("new")}, {Target: element.Target{Parameter: 60}, Value: element.Text("10.0.0.9")}})
			w.disk.fail(element.Errorf(element.Unavailable, "The disk is full."))
			return r.saver.savedValues()
		})
		if err != nil || len(saved) != 2 || saved[0].Value != element.Text("new") || saved[1].Value != element.Text("10.0.0.9") {
			t.Errorf("saved values are %+v, %v", saved, err)
		}
	})
}
