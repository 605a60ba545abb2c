package store

import (
	"testing"
	"time"

	"fieldline/element"

	"github.com/google/go-cmp/cmp"
)

func kept(connection int, which element.Which, status int) element.KeptHandshake {
	return element.KeptHandshake{Connection: connection, Which: which, Handshake: element.Handshake{
		At: element.At(day.Truncate(time.Millisecond)), Request: "GET / HTTP/1.1\r\n\r\n", Response: "HTTP/1.1 101 \xe2\x82\xac\r\n\r\n", Status: status,
		Error:    &element.Cause{Phase: "http", Code: "login", Message: "No."},
		PhasesMs: map[string]int64{"tcp": 3, "http": 40},
	}}
}

func TestTheNewestHandshakesSurviveARestart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	for _, id := range []element.ID{"a", "b"} {
		must(t, s.CreateElement(t.Context(), record(id, string(id))))
	}
	for _, status := range []int{401, 404} { // the later one wins, in one batch
		s.RecordHandshake("a", kept(1, element.WhichLastFailure, status))
	}
	s.RecordHandshake("a", kept(1, element.WhichLastSuccess, 101))
	s.RecordHandshake("a", kept(2, element.WhichLastSuccess, 101))
	s.RecordHandshake("b", kept(1, element.WhichLastSuccess, 102))
	s.RecordHandshake("gone", kept(1, element.WhichLastSuccess, 101))
	must(t, s.Flush(t.Context()))
	s.RecordHandshake("b", kept(1, element.WhichLastSuccess, 101)) // in a batch of its own, and Close does not wait for more
	s = reopen(t, s, dir, Options{})

	want := map[element.ID][]element.KeptHandshake{
		"a":    {kept(1, element.WhichLastFailure, 404), kept(1, element.WhichLastSuccess, 101), kept(2, element.WhichLastSuccess, 101)},
		"b":    {kept(1, element.WhichLastSuccess, 101)},
		"gone": {},
	}
	for id, all := range want {
		got, err := s.Handshakes(t.Context(), id)
		must(t, err)
		if diff := cmp.Diff(all, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}

	must(t, s.DeleteElement(t.Context(), "a"))
	s.RecordHandshake("a", kept(1, element.WhichLastSuccess, 101))
	must(t, s.Flush(t.Context()))
	if got, err := s.Handshakes(t.Context(), "a"); err != nil || len(got) != 0 {
		t.Errorf("of a deleted element there are %v, %v", got, err)
	}
}

// What cannot be written waits; a newer record is not replaced by it.
func TestHandshakesThatWaitAreReplacedByNewerOnes(t *testing.T) {
	q := newQueue(10)
	a, b := handshakeKey{"a", 1, element.WhichLastSuccess}, handshakeKey{"a", 2, element.WhichLastSuccess}
	q.keep(a, element.Handshake{Status: 1})
	q.keep(b, element.Handshake{Status: 2})
	old := q.takeHandshakes()
	q.keep(a, element.Handshake{Status: 3})
	q.keepAgain(old)
	if got := q.takeHandshakes(); got[a].Status != 3 || got[b].Status != 2 || len(got) != 2 {
		t.Errorf("%+v", got)
	}
	if got := q.takeHandshakes(); got != nil {
		t.Errorf("%+v", got)
	}
}

// A batch without records fails while one comes in.
func TestAHandshakeThatCameWhileEventsFailedWaits(t *testing.T) {
	q := newQueue(10)
	none := q.takeHandshakes()
	key := handshakeKey{"a", 1, element.WhichLastSuccess}
	q.keep(key, element.Handshake{Status: 101})
	q.keepAgain(none)
	if got := q.takeHandshakes(); got[key].Status != 101 || len(got) != 1 {
		t.Errorf("%+v", got)
	}
}
