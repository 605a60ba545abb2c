package feed

import (
	"testing"

	"fieldline/element"
)

func TestEvents(t *testing.T) {
	h := New("e", Limits{Events: 5})
	publish(h, "1", param(1, "x"), logLine("a"), logLine("b"), param(1, "y"),
		logLine("c"), logLine("d"), logLine("e"), logLine("f"), param(1, "z"))
	at := func(seq uint64) *element.Cursor { return &element.Cursor{Epoch: "e", Seq: seq} }
	for _, tc := range []struct {
		name   string
		stream string
		after  *element.Cursor
		limit  int
		want   string
		cursor uint64
		gap    bool
	}{
		{"the newest", "1", nil, 2, "7 e, 8 f", 9, false},
		{"the newest of few", "1", nil, 100, "3 b, 5 c, 6 d, 7 e, 8 f", 9, false},
		{"no limit", "1", nil, 0, "3 b, 5 c, 6 d, 7 e, 8 f", 9, false},
		{"all after", "1", at(5), 10, "6 d, 7 e, 8 f", 9, false},
		{"the oldest after", "1", at(4), 2, "5 c, 6 d", 6, false},
		{"exactly the rest", "1", at(6), 2, "7 e, 8 f", 9, false},
		{"the end", "1", at(9), 2, "", 9, false},
		{"just after the evicted", "1", at(2), 10, "3 b, 5 c, 6 d, 7 e, 8 f", 9, false},
		{"evicted", "1", at(1), 2, "7 e, 8 f", 9, true},
		{"the future", "1", at(10), 2, "7 e, 8 f", 9, true},
		{"another epoch", "1", &element.Cursor{Epoch: "old", Seq: 5}, 2, "7 e, 8 f", 9, true},
		{"no stream", "2", nil, 2, "", 0, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := h.Events(tc.stream, tc.after, tc.limit)
			if got := lines(nil, p.Events); got != tc.want || p.Gap != tc.gap {
				t.Errorf("page = %q gap %t, want %q gap %t", got, p.Gap, tc.want, tc.gap)
			}
			if want := (element.Cursor{Epoch: "e", Seq: tc.cursor}); p.Cursor != want {
				t.Errorf("cursor = %v, want %v", p.Cursor, want)
			}
			if p.Events == nil {
				t.Error("no events are nil; JSON would read null")
			}
		})
	}
}

func event(body element.EventBody) element.Update {
	return element.Update{Event: &element.Event{Body: body}}
}

// TestEventsByKind: what a device says pushes out nothing that people did; a
// reader of kinds gets these alone, and hears of a gap when one of these is
// lost.
func TestEventsByKind(t *testing.T) {
	h := New("e", Limits{Events: 5})
	write := func(id string) element.Update { return event(element.WriteMoved{ID: id}) }
	message, value := event(element.MessageIn{}), event(element.ParameterChanged{Display: "v"})
	publish(h, "1", write("1"), event(element.StateChanged{}), value) // 1, 2, 3
	for range 200 {
		publish(h, "1", message) // 4 to 203
	}
	publish(h, "1", event(element.Open{}), logLine("l"), write("2"), message) // 204 to 207
	at := func(seq uint64) *element.Cursor { return &element.Cursor{Epoch: "e", Seq: seq} }
	kinds := func(k ...element.EventKind) []element.EventKind { return k }
	people := kinds(element.KindWrite, element.KindState)
	const rest = "201 message-in, 202 message-in, 203 message-in, 204 open, 205 l, 206 write, 207 message-in"
	for _, tc := range []struct {
		name   string
		after  *element.Cursor
		limit  int
		kinds  []element.EventKind
		want   string
		cursor uint64
		gap    bool
	}{
		{"all", nil, 100, nil, "1 write, 2 state, 200 message-in, " + rest, 207, false},
		{"the newest of all", nil, 2, nil, "206 write, 207 message-in", 207, false},
		{"of people", nil, 100, people, "1 write, 2 state, 206 write", 207, false},
		{"the newest of people", nil, 2, people, "2 state, 206 write", 207, false},
		{"of people from the beginning", at(0), 100, people, "1 write, 2 state, 206 write", 207, false},
		{"page by page", at(0), 1, people, "1 write", 1, false},
		{"the second page", at(1), 1, people, "2 state", 2, false},
		{"the third page", at(2), 1, people, "206 write", 207, false},
		{"nothing of the kind", at(0), 10, kinds(element.KindClosed), "", 207, false},
		{"of what is lost", at(0), 10, kinds(element.KindParameter), "", 207, true},
		{"after what is lost", at(3), 10, kinds(element.KindParameter), "", 207, false},
		{"all, over what is lost", at(150), 3, nil, "205 l, 206 write, 207 message-in", 207, true},
		{"all, after what is lost", at(200), 100, nil, rest, 207, false},
		{"of people, of the future", at(300), 1, people, "206 write", 207, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := h.Events("1", tc.after, tc.limit, tc.kinds...)
			if got := lines(nil, p.Events); got != tc.want || p.Gap != tc.gap || p.Cursor.Seq != tc.cursor {
				t.Errorf("page = %q cursor %d gap %t, want %q cursor %d gap %t", got, p.Cursor.Seq, p.Gap, tc.want, tc.cursor, tc.gap)
			}
		})
	}
	r := h.Open("1", *at(0))
	defer r.Close()
	if b, _ := now(t, r); b.Missed != 197 || lines(nil, b.Events) != "1 write, 2 state, 200 message-in, "+rest {
		t.Errorf("missed %d, got %q", b.Missed, lines(nil, b.Events))
	}
}
