package feed

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"

	"github.com/google/go-cmp/cmp"
)

// The updates of the tests.

func logLine(s string) element.Update {
	return element.Update{Event: &element.Event{Body: element.Log{Level: "info", Message: s}}}
}

func param(id int, display string) element.Update {
	return element.Update{Patch: &element.Patch{Parameter: &element.Parameter{ID: element.ParamID(id), Display: display}}}
}

func removed(id element.ID) element.Update {
	return element.Update{Patch: &element.Patch{Removed: id}}
}

func alive(id element.ID) element.Update {
	return element.Update{Patch: &element.Patch{Element: &element.Element{ID: id}}}
}

func publish(h *Hub, stream string, updates ...element.Update) element.Cursor {
	return h.Publish(stream, updates)
}

// now returns what Next has without waiting; ok is false when it would wait.
func now(t *testing.T, r *Reader) (b element.Batch, ok bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b, err := r.Next(ctx)
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatalf("Next: %v", err)
	}
	return b, err == nil
}

// lines writes a batch or a page as short texts: "12 text" for an event,
// "p5=text@12" for a parameter.
func lines(patches []element.Patch, events []element.Event) string {
	var out []string
	for _, p := range patches {
		s := p.Key()
		if p.Parameter != nil {
			s += "=" + p.Parameter.Display
		}
		out = append(out, fmt.Sprintf("%s@%d", s, p.Seq))
	}
	for _, e := range events {
		text := string(e.Body.Kind())
		switch b := e.Body.(type) {
		case element.Log:
			text = b.Message
		case element.ParameterChanged:
			text = b.Display
		}
		out = append(out, fmt.Sprintf("%d %s", e.Seq, text))
	}
	return strings.Join(out, ", ")
}

func TestPublishNumbersUpdates(t *testing.T) {
	h := New("e", Limits{})
	updates := []element.Update{logLine("a"), param(5, "x"), logLine("b")}
	got := h.Publish("1", updates)
	if want := (element.Cursor{Epoch: "e", Seq: 3}); got != want {
		t.Errorf("cursor = %v, want %v", got, want)
	}
	for i, u := range updates {
		if u.Seq != uint64(i+1) {
			t.Errorf("update %d has Seq %d", i, u.Seq)
		}
		if u.Event != nil && u.Event.Seq != u.Seq {
			t.Errorf("event %d has Seq %d, its update %d", i, u.Event.Seq, u.Seq)
		}
	}
	if again := h.Publish("1", nil); again != got {
		t.Errorf("publishing nothing moved the cursor to %v", again)
	}
	if other := h.Publish("2", nil); other.Seq != 0 {
		t.Errorf("a new stream starts at %d", other.Seq)
	}
}

func TestReaderGetsNewestStateAndAllEvents(t *testing.T) {
	h := New("e", Limits{})
	r := h.Open("1", h.Cursor("1"))
	defer r.Close()
	publish(h, "1", logLine("a"), param(5, "x"), param(6, "y"), param(5, "z"), logLine("b"))
	b, ok := now(t, r)
	if got, want := lines(b.Patches, b.Events), "p6=y@3, p5=z@4, 1 a, 5 b"; !ok || got != want {
		t.Errorf("batch = %q, want %q", got, want)
	}
	if b.Missed != 0 || b.Reset || b.Cursor.Seq != 5 {
		t.Errorf("batch = %+v", b)
	}
	if b, ok := now(t, r); ok {
		t.Errorf("the same news came twice: %+v", b)
	}
}

func TestReplacedEventIsNotMissed(t *testing.T) {
	h := New("e", Limits{})
	start := h.Cursor("1")
	publish(h, "1", logLine("first"), logLine("other"))
	late := h.Cursor("1")
	second := logLine("first, twice")
	second.Event.Replaces = 1
	publish(h, "1", second)
	for _, tc := range []struct {
		from element.Cursor
		want string
	}{
		{start, "2 other, 3 first, twice"},
		{late, "3 first, twice"},
	} {
		r := h.Open("1", tc.from)
		b, _ := now(t, r)
		r.Close()
		if got := lines(nil, b.Events); got != tc.want || b.Missed != 0 {
			t.Errorf("from %d: %q missed %d, want %q missed 0", tc.from.Seq, got, b.Missed, tc.want)
		}
	}
}

func TestCursorsThatCannotBeContinued(t *testing.T) {
	h := New("e", Limits{Tombstones: 1})
	publish(h, "1", logLine("a"), logLine("b"))
	publish(h, element.FleetStream, alive("x"), removed("x"), removed("y"), removed("z"))
	for _, tc := range []struct {
		name   string
		stream string
		from   element.Cursor
		reset  bool
	}{
		{"of the end", "1", element.Cursor{Epoch: "e", Seq: 1}, false},
		{"of another epoch", "1", element.Cursor{Epoch: "old", Seq: 1}, true},
		{"of another epoch, stream unknown", "9", element.Cursor{Epoch: "old", Seq: 1}, true},
		{"of the future", "1", element.Cursor{Epoch: "e", Seq: 100}, true},
		{"before a forgotten removal", element.FleetStream, element.Cursor{Epoch: "e", Seq: 2}, true},
		{"after it", element.FleetStream, element.Cursor{Epoch: "e", Seq: 3}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := h.Open(tc.stream, tc.from)
			defer r.Close()
			b, _ := now(t, r)
			if b.Reset != tc.reset || b.Cursor != h.Cursor(tc.stream) {
				t.Fatalf("batch = %+v", b)
			}
			publish(h, tc.stream, param(1, "later"))
			if b, _ := now(t, r); b.Reset || !strings.HasPrefix(lines(b.Patches, nil), "p1=later") {
				t.Errorf("after it: %+v", b)
			}
		})
	}
}

func TestRemovedElementTakesThePlaceOfItsState(t *testing.T) {
	h := New("e", Limits{})
	from := publish(h, element.FleetStream, alive("x"), alive("y"))
	from.Seq = 0
	publish(h, element.FleetStream, removed("x"))
	r := h.Open(element.FleetStream, from)
	defer r.Close()
	if b, _ := now(t, r); lines(b.Patches, nil) != "ey@2, ex@3" || b.Patches[1].Removed != "x" {
		t.Errorf("batch = %+v", b)
	}
}

func TestElementThatComesBackIsNoTombstone(t *testing.T) {
	h := New("e", Limits{Tombstones: 1})
	start := h.Cursor(element.FleetStream)
	publish(h, element.FleetStream, removed("x"), alive("x"), removed("y"))
	r := h.Open(element.FleetStream, start)
	defer r.Close()
	if b, _ := now(t, r); b.Reset || lines(b.Patches, nil) != "ex@2, ey@3" || b.Patches[0].Element == nil {
		t.Errorf("batch = %+v", b)
	}
}

// TestForgottenRemovalsAreNoGapOfEvents: a reader of events has all of them
// although the state of the stream cannot be continued.
func TestForgottenRemovalsAreNoGapOfEvents(t *testing.T) {
	h := New("e", Limits{Tombstones: 1})
	publish(h, "1", logLine("a"), removed("x"), removed("y"), removed("z"))
	if p := h.Events("1", &element.Cursor{Epoch: "e"}, 10); p.Gap || lines(nil, p.Events) != "1 a" {
		t.Errorf("page %+v", p)
	}
}

func TestNextWaits(t *testing.T) {
	for _, tc := range []struct {
		name string
		do   func(h *Hub, cancel func())
		want error
	}{
		{"for news", func(h *Hub, _ func()) { publish(h, "1", logLine("a")) }, nil},
		{"until the stream is dropped", func(h *Hub, _ func()) { h.Drop("1") }, ErrGone},
		{"until the hub closes", func(h *Hub, _ func()) { h.Close(); h.Close() }, ErrClosed},
		{"until its context ends", func(_ *Hub, cancel func()) { cancel() }, context.Canceled},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := New("e", Limits{})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				r := h.Open("1", h.Cursor("1"))
				defer r.Close()
				ended := make(chan error, 1)
				go func() {
					_, err := r.Next(ctx)
					ended <- err
				}()
				synctest.Wait()
				select {
				case err := <-ended:
					t.Fatalf("Next did not wait: %v", err)
				default:
				}
				tc.do(h, cancel)
				select {
				case err := <-ended:
					if !errors.Is(err, tc.want) {
						t.Errorf("Next = %v, want %v", err, tc.want)
					}
				case <-time.After(time.Second):
					t.Error("Next still waits")
				}
			})
		})
	}
}

func TestReaderOfDroppedStream(t *testing.T) {
	h := New("e", Limits{})
	seen := publish(h, "1", logLine("a"))
	h.Drop("1")
	h.Drop("1")
	r := h.Open("1", seen)
	defer r.Close()
	if _, err := r.Next(t.Context()); !errors.Is(err, ErrGone) {
		t.Errorf("Next = %v, want ErrGone", err)
	}
	// A publisher that was late makes a stream that no old cursor fits.
	publish(h, "1", logLine("b"))
	late := h.Open("1", seen)
	defer late.Close()
	if b, ok := now(t, late); !ok || !b.Reset {
		t.Errorf("batch = %+v, want a reset", b)
	}
}

func TestStreamsOfReadersAreBounded(t *testing.T) {
	h := New("e", Limits{Waiting: 2})
	a, b := h.Open("a", h.Cursor("a")), h.Open("b", h.Cursor("b"))
	defer b.Close()
	c := h.Open("c", h.Cursor("c"))
	if _, err := c.Next(t.Context()); element.CodeOf(err) != element.TooMany {
		t.Errorf("the third: %v", err)
	}
	c.Close()
	a.Close()
	a.Close()
	if _, err := a.Next(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("Next of a closed reader: %v", err)
	}
	d := h.Open("d", h.Cursor("d"))
	defer d.Close()
	if _, ok := now(t, d); ok {
		t.Error("a stream without news had some")
	}
	publish(h, "b")
	if want := map[string]bool{element.FleetStream: true, "b": true, "d": true}; len(h.streams) != len(want) || h.waiting != 1 {
		t.Errorf("streams = %v, %d waiting", h.streams, h.waiting)
	}
}

func TestKeysAreThoseOfTheVocabulary(t *testing.T) {
	patches := []element.Patch{
		*param(1, "").Patch, *param(2, "").Patch, *alive("1").Patch, *removed("1").Patch, *alive("2").Patch,
		{Write: &element.Write{Parameter: 1}},
		{Write: &element.Write{ID: "x", Parameter: 1}},
		{Write: &element.Write{Parameter: 2}},
		{Write: &element.Write{Parameter: 2, Row: "a"}},
		{Row: &element.TableRow{Table: 1, Row: element.Row{Key: "a"}}},
		{RowRemoved: &element.RowKey{Table: 1, Key: "a"}},
		{RowRemoved: &element.RowKey{Table: 1, Key: "b"}},
		{Script: &element.Script{ID: 1}},
		{Script: &element.Script{ID: 2}},
	}
	for _, a := range patches {
		for _, b := range patches {
			if got, want := keyOf(a) == keyOf(b), a.Key() == b.Key(); got != want {
				t.Errorf("%s and %s: same = %t, want %t", a.Key(), b.Key(), got, want)
			}
		}
	}
}

func TestSizeCountsTexts(t *testing.T) {
	text := strings.Repeat("x", 1000)
	for _, body := range []element.EventBody{
		element.MessageIn{Text: text},
		element.MessageOut{Base64: []byte(text)},
		element.ParameterChanged{Value: element.Text(text)},
		element.WriteMoved{Value: element.Text(text)},
		element.Refused{Body: text},
		element.Closed{Reason: text},
		element.Connecting{URL: text},
		element.Open{URL: text},
		element.Log{Message: text},
	} {
		if got := sizeOf(element.Event{Body: body}); got != eventOverhead+1000 {
			t.Errorf("%s: %d bytes", body.Kind(), got)
		}
	}
	number := element.Event{Body: element.ParameterChanged{Value: element.Number(1.5)}}
	if diff := cmp.Diff(eventOverhead, sizeOf(number)); diff != "" {
		t.Error(diff)
	}
}
