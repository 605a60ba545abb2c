package web

import (
	"sync/atomic"
	"testing"

	"fieldline/element"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
)

// TestPagesHearOfFaults: a page that is open hears of a fault with the next
// beat, and that it is over.
func TestPagesHearOfFaults(t *testing.T) {
	full := []element.Fault{{Name: "disk-full", Message: "The disk is full."}}
	var now atomic.Pointer[[]element.Fault]
	now.Store(&full)
	s := newSite(t, func(o *Options) { o.Faults = func() []element.Fault { return *now.Load() } }).withElement(t)
	b := dial(t, websocket.Dialer{}, s.listen(t), nil)
	b.say("%s", helloOf("e1", s.service.hub.Cursor("e1"), true))
	want := func(kind string, faults []element.Fault) {
		t.Helper()
		if diff := cmp.Diff(faults, b.hear(kind).Faults); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
	}
	want("welcome", full)
	now.Store(new([]element.Fault))
	b.say(`{"type":"beat","at":1}`)
	want("beat", nil)
	now.Store(&full)
	b.say(`{"type":"beat","at":2}`)
	want("beat", full)
}
