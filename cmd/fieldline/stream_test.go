package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"testing"
	"time"

	"fieldline/element"
	"fieldline/element/connector"
	"fieldline/element/feed"
	"fieldline/element/library"
	"fieldline/element/runner"
	"fieldline/element/script"
	"fieldline/element/simulator"
	"fieldline/element/store"
)

// page is what a reader of a stream knows who goes away and comes back.
type page struct {
	known  map[string]string // the newest patch by its key, as JSON
	events map[uint64]bool
	last   uint64
}

// follow reads a stream up to the cursor that until names, with a new reader
// after each batch or not, as the dice say.
func (p *page) follow(ctx context.Context, hub *feed.Hub, name string, from element.Cursor, until <-chan element.Cursor) error {
	dice := rand.New(rand.NewPCG(1, 2))
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var end element.Cursor
	r := hub.Open(name, from)
	defer func() { r.Close() }()
	for end.Epoch == "" || from.Seq < end.Seq {
		select {
		case end = <-until:
			continue
		default:
		}
		b, err := r.Next(ctx)
		switch {
		case err != nil:
			return err
		case b.Reset || b.Missed > 0:
			return fmt.Errorf("after %d the stream says reset: %t, missed: %d", from.Seq, b.Reset, b.Missed)
		}
		if err := p.take(b); err != nil {
			return err
		}
		from = b.Cursor
		if dice.IntN(3) == 0 {
			r.Close()
			r = hub.Open(name, from)
		}
	}
	return nil
}

func (p *page) take(b element.Batch) error {
	for _, e := range b.Events {
		if e.Seq <= p.last {
			return fmt.Errorf("event %d came after %d", e.Seq, p.last)
		}
		p.last, p.events[e.Seq] = e.Seq, true
	}
	for _, patch := range b.Patches {
		patch.Seq = 0
		text, err := json.Marshal(patch)
		if err != nil {
			return err
		}
		p.known[patch.Key()] = string(text)
	}
	return nil
}

// wantSame compares what the reader knows of a thing with what a page that is
// opened now shows of it.
func (p *page) wantSame(t *testing.T, patch element.Patch) {
	t.Helper()
	text, err := json.Marshal(patch)
	if err != nil {
		t.Fatal(err)
	}
	if known, ok := p.known[patch.Key()]; ok && known != string(text) {
		t.Errorf("a reader that came back knows\n%s\na page shows\n%s", known, text)
	}
}

// simulate starts a simulated device, which ends with the test, and returns its
// address.
func simulate(t *testing.T) (device *simulator.Device, host string) {
	t.Helper()
	device = simulator.New(simulator.Options{})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	served := make(chan error, 1)
	go func() { served <- device.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return device, "ws://" + listener.Addr().String() + simulator.DefaultPath
}

// A reader that goes away and comes back with its cursor misses no event, and
// knows in the end what a page shows that is opened then: with the real device,
// logic, disk and stream, whatever happens.
func TestAReaderThatComesBackKnowsAll(t *testing.T) {
	db, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	catalog, err := library.New(t.Context(), db, shipped())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := catalog.Upload(t.Context(), []byte(tabulating)); err != nil {
		t.Fatal(err)
	}
	hub := feed.New("epoch", feed.Limits{Events: 1 << 20, EventBytes: 1 << 30})
	defer hub.Close()
	scripts := script.New(script.Options{})
	fleet := runner.NewFleet(runner.Options{
		Storage: db, Recorder: db, Publisher: hub, Catalog: catalog,
		Scripts: func(d *connector.Definition) runner.Scripts { return scripts.Element(d) },
	})
	if err := fleet.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := fleet.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	}()
	device, host := simulate(t)
	e, err := fleet.Create(t.Context(), element.Draft{
		Name: new("Device"), Connector: new("Speed"), Connections: []element.ConnectionDraft{{ID: 0, Host: &host}},
	}, "tester")
	if err != nil {
		t.Fatal(err)
	}
	first, err := fleet.View(t.Context(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	p := &page{known: map[string]string{}, events: map[uint64]bool{}}
	until, read := make(chan element.Cursor, 1), make(chan error, 1)
	go func() { read <- p.follow(t.Context(), hub, string(e.ID), first.Cursor, until) }()
	stir(t, fleet, e.ID, device)
	v, err := fleet.View(t.Context(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	until <- v.Cursor
	hub.Publish(string(e.ID), []element.Update{{Event: &element.Event{Body: element.Log{Level: "info", Message: "the end"}}}}) // wakes a reader that waits
	if err := <-read; err != nil {
		t.Fatal(err)
	}
	p.wantAll(t, hub, first.Cursor, v)
	rows, err := fleet.Table(t.Context(), e.ID, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows.Rows {
		p.wantSame(t, element.Patch{Row: &element.TableRow{Table: 1000, Row: row}})
	}
	if len(p.events) < 50 || len(rows.Rows) == 0 {
		t.Errorf("%d events, %d rows: nothing was tried", len(p.events), len(rows.Rows))
	}
}

// stir has all kinds of things happen and leaves the element stopped and closed.
func stir(t *testing.T, fleet *runner.Fleet, id element.ID, device *simulator.Device) {
	t.Helper()
	dice := rand.New(rand.NewPCG(3, 4))
	orders := []element.Order{element.Start, element.Start, element.Start, element.Stop, element.Pause, element.Restart, element.Reconnect}
	for range 300 {
		switch dice.IntN(12) {
		case 0:
			_, _ = fleet.Do(t.Context(), id, orders[dice.IntN(len(orders))], nil, "tester") // may be refused
		case 1:
			device.Close(1011, "enough")
		case 2:
			_, _ = fleet.Update(t.Context(), id, element.Draft{Name: new("Device " + strconv.Itoa(dice.IntN(9)))}, "tester")
		default:
			device.Send(string(state(strconv.Itoa(dice.IntN(5)))))
			_, _ = fleet.View(t.Context(), id) // the owner has had its turn
		}
	}
	e, err := fleet.Do(t.Context(), id, element.Stop, nil, "tester")
	for deadline := time.Now().Add(patience); err == nil && e.Connections[0].Status != element.ConnClosed; {
		if e, err = fleet.Element(t.Context(), id); time.Now().After(deadline) {
			t.Fatal("the connection does not close")
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// wantAll wants the reader to have seen every event, and to know what the page shows.
func (p *page) wantAll(t *testing.T, hub *feed.Hub, from element.Cursor, v element.View) {
	t.Helper()
	for {
		all := hub.Events(string(v.Element.ID), &from, feed.MaxPage)
		if all.Gap || len(all.Events) == 0 {
			if all.Gap {
				t.Error("the list of events has a gap")
			}
			break
		}
		for _, e := range all.Events {
			if !p.events[e.Seq] && e.Seq <= v.Cursor.Seq {
				t.Errorf("event %d was not read", e.Seq)
			}
		}
		from = all.Cursor
	}
	for _, x := range v.Parameters {
		x = x.Excerpt()
		p.wantSame(t, element.Patch{Parameter: &x})
	}
	p.wantSame(t, element.Patch{Element: &v.Element})
}
