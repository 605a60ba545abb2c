package runner

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"

	"fieldline/element"
	"fieldline/element/engine"
	"fieldline/element/link"

	"github.com/google/go-cmp/cmp"
)

// TestPayloadsStayInTheirBounds plays puts of (element, size) on small bounds
// and lists what is left.
func TestPayloadsStayInTheirBounds(t *testing.T) {
	type put struct {
		id   element.ID
		size int
	}
	for _, tt := range []struct {
		name string
		puts []put // their number is their place, from 1
		want map[element.ID][]uint64
	}{
		{"all fit", []put{{"a", 4}, {"b", 4}, {"a", 4}}, map[element.ID][]uint64{"a": {1, 3}, "b": {2}}},
		{"the oldest of one element go", []put{{"a", 6}, {"b", 1}, {"a", 3}, {"a", 4}}, map[element.ID][]uint64{"a": {3, 4}, "b": {2}}},
		{"the newest of an element stays, however large", []put{{"a", 3}, {"a", 15}}, map[element.ID][]uint64{"a": {2}}},
		{"the oldest of all go", []put{{"a", 8}, {"b", 8}, {"c", 8}}, map[element.ID][]uint64{"b": {2}, "c": {3}}},
		{"the newest of all stays, however large", []put{{"a", 8}, {"b", 8}, {"c", 50}}, map[element.ID][]uint64{"c": {3}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPayloads(10, 20)
			total := 0
			for i, x := range tt.puts {
				p.put(x.id, element.Payload{Seq: uint64(i + 1), Data: bytes.Repeat([]byte{byte(i)}, x.size)})
			}
			got := map[element.ID][]uint64{}
			for i, x := range tt.puts {
				if m, ok := p.get(x.id, uint64(i+1)); ok {
					got[x.id] = append(got[x.id], m.Seq)
					total += len(m.Data)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
			if p.size != total {
				t.Errorf("counts %d bytes, holds %d", p.size, total)
			}
			for id := range tt.want {
				p.drop(id)
			}
			if p.size != 0 || len(p.byID) != 0 || p.oldest.Len() != 0 {
				t.Errorf("after dropping all: %d bytes, %d elements, %d messages", p.size, len(p.byID), p.oldest.Len())
			}
		})
	}
}

// TestLargeMessagesAreKeptWhole receives and sends messages and asks for them
// by the number of their event.
func TestLargeMessagesAreKeptWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		large := strings.Repeat("é", element.MaxExcerpt)
		binary := bytes.Repeat([]byte{0, 1}, element.MaxExcerpt)
		w.device.last().in <- link.Message{Text: true, Data: []byte(large)}
		w.device.last().in <- link.Message{Data: binary}
		w.device.last().in <- link.Message{Text: true, Data: []byte("small")}
		synctest.Wait()

		events := w.events(id, element.KindMessageIn)
		if len(events) != 3 {
			t.Fatalf("%d messages are listed, want 3", len(events))
		}
		for i, want := range []element.Payload{
			{Text: true, Data: []byte(large)}, {Data: binary}, {Text: true, Data: []byte("small")},
		} {
			want.Seq, want.At, want.Connection = events[i].Seq, events[i].At, 1
			got, err := w.fleet.Message(t.Context(), id, element.Cursor{Epoch: "test", Seq: want.Seq})
			if err != nil {
				t.Fatalf("message %d: %v", i, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("message %d (-want +got):\n%s", i, diff)
			}
		}
		first := w.events(id)[0].Seq
		for name, at := range map[string]element.Cursor{
			"no message":         {Seq: first},
			"another start":      {Epoch: "older", Seq: events[0].Seq},
			"not yet":            {Seq: 1 << 40},
			"number of no event": {Seq: 0},
		} {
			if _, err := w.fleet.Message(t.Context(), id, at); element.CodeOf(err) != element.NotFound {
				t.Errorf("%s: %v, want not-found", name, err)
			}
		}
		if err := w.fleet.Delete(t.Context(), id, "tester"); err != nil {
			t.Fatal(err)
		}
		if n := w.fleet.payloads.size; n != 0 {
			t.Errorf("%d bytes are kept of a deleted element", n)
		}
	})
}

// TestSentMessagesAreKeptWhole has the logic send a large message.
func TestSentMessagesAreKeptWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		data := bytes.Repeat([]byte("x"), element.MaxExcerpt+1)
		w.logic.extra = func(_ *logic, in engine.Input) []engine.Effect {
			if _, ok := in.(engine.Opened); ok {
				return []engine.Effect{engine.Send{Connection: 1, Data: data, Token: 1}}
			}
			return nil
		}
		w.start()
		id := w.create()
		events := w.events(id, element.KindMessageOut)
		if len(events) != 1 {
			t.Fatalf("%d sent messages are listed, want 1", len(events))
		}
		got, err := w.fleet.Message(t.Context(), id, element.Cursor{Seq: events[0].Seq})
		if err != nil || !got.Sent || got.Text || !bytes.Equal(got.Data, data) {
			t.Errorf("got sent=%t text=%t %d bytes, %v", got.Sent, got.Text, len(got.Data), err)
		}
	})
}

// TestLargeValuesTravelCut holds that patches and events carry the beginning
// of a text and its size, and that what is asked for is whole.
func TestLargeValuesTravelCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		long := strings.Repeat("x", 3*element.MaxExcerpt)
		w.device.last().say("uptime=" + long)
		wr := w.set(id, 51, "/"+long)

		want := func(what string, v element.Value, truncated bool, size, whole int) {
			t.Helper()
			if n := len(v.String()); n != element.MaxExcerpt || !truncated || size != whole {
				t.Errorf("%s has %d bytes, truncated %t, size %d; want %d, true, %d", what, n, truncated, size, element.MaxExcerpt, whole)
			}
		}
		patches := 0
		for _, p := range w.stage.patches(string(id)) {
			if x := p.Parameter; x != nil && x.ID == 70 {
				want("the patch of the parameter", x.Value, x.Truncated, x.Size, len(long))
				patches++
			}
			if x := p.Write; x != nil {
				want("the patch of the write", x.Value, x.Truncated, x.Size, len(long)+1)
				patches++
			}
		}
		events := 0
		for _, e := range w.events(id, element.KindParameter, element.KindWrite) {
			switch b := e.Body.(type) {
			case element.ParameterChanged:
				if b.Parameter == 70 {
					want("the event of the parameter", b.Value, b.Truncated, b.Size, len(long))
					events++
				}
			case element.WriteMoved:
				want("the event of the write", b.Value, b.Truncated, b.Size, len(long)+1)
				events++
			}
		}
		if patches < 2 || events != 2 {
			t.Fatalf("%d patches and %d events were seen", patches, events)
		}

		view, err := w.fleet.View(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range view.Parameters {
			if p.ID == 70 && (p.Value != element.Text(long) || p.Truncated) {
				t.Errorf("the view holds %d bytes", len(p.Value.String()))
			}
		}
		again, err := w.fleet.Write(t.Context(), id, wr.ID)
		if err != nil || wr.Value != element.Text("/"+long) || again.Value != wr.Value {
			t.Errorf("the receipt holds %d bytes, later %d: %v", len(wr.Value.String()), len(again.Value.String()), err)
		}
	})
}
