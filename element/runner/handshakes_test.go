package runner

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"fieldline/element"
	"fieldline/element/link"
)

// keptRecords are the records that were handed to the recorder, newest last.
func (w *world) keptRecords(which element.Which) []element.Handshake {
	w.stage.mu.Lock()
	defer w.stage.mu.Unlock()
	var all []element.Handshake
	for _, h := range w.stage.handshakes {
		if h.Which == which {
			all = append(all, h.Handshake)
		}
	}
	return all
}

// After a restart of the program there is something to compare with: the
// records of the run before, marked as such until there are newer ones.
func TestHandshakesOfAnEarlierRunAreShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.device.answer = func(int, link.Config) plan { return plan{failure: refusal("refused", "Nobody listens.")} }
		yesterday := element.At(time.Now().Add(-24 * time.Hour))
		w.disk.handshakes = []element.KeptHandshake{
			{Connection: 1, Which: element.WhichLastSuccess, Handshake: element.Handshake{At: yesterday, Status: 101}},
			{Connection: 1, Which: element.WhichLastFailure, Handshake: element.Handshake{At: yesterday, Status: 503}},
			{Connection: 9, Which: element.WhichLastFailure, Handshake: element.Handshake{At: yesterday, Status: 500}}, // of another version
		}
		w.start()
		id := w.create(manual)
		success, err := w.fleet.Handshake(t.Context(), id, 1, element.WhichLastSuccess)
		if err != nil || !success.Earlier || success.At != yesterday || success.Status != 101 {
			t.Errorf("last success is %+v, %v", success, err)
		}
		failure, err := w.fleet.Handshake(t.Context(), id, 1, element.WhichLastFailure)
		if err != nil || failure.Earlier || failure.Status != 0 {
			t.Errorf("last failure is %+v, %v; want that of this run", failure, err)
		}
		w.device.answer = nil
		w.do(id, element.Reconnect)
		if success, err = w.fleet.Handshake(t.Context(), id, 1, element.WhichLastSuccess); err != nil || success.Earlier {
			t.Errorf("last success is %+v, %v; want that of this run", success, err)
		}
		if got := w.keptRecords(element.WhichLastFailure); len(got) != 1 || got[0].Earlier {
			t.Errorf("kept failures: %+v", got)
		}
		if got := w.keptRecords(element.WhichLastSuccess); len(got) != 1 || got[0].Earlier {
			t.Errorf("kept successes: %+v", got)
		}
	})
}

// A try that we gave up ourselves says nothing of the device.
func TestAGivenUpTryIsNoFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.device.answer = first(plan{after: 3 * time.Second})
		w.start()
		id := w.create()
		w.do(id, element.Stop)
		if h, err := w.fleet.Handshake(t.Context(), id, 1, element.WhichLastFailure); element.CodeOf(err) != element.NotFound {
			t.Errorf("%+v, %v", h, err)
		}
		if got := w.keptRecords(element.WhichLastFailure); len(got) != 0 {
			t.Errorf("kept failures: %+v", got)
		}
	})
}

// What is kept of a device's endless words is bounded, whole characters only,
// and holds no secret.
func TestKeptRecordsAreBoundedAndMasked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *Options) {
			dial := o.Dial
			o.Dial = func(ctx context.Context, cfg link.Config) (session, link.Attempt) {
				s, a := dial(ctx, cfg)
				long := "hunter2hunter2 " + strings.Repeat("é", 100_000)
				a.Record.Request, a.Record.Response, a.Record.Body = long, long, long
				if a.Failure != nil {
					a.Record.Error = &a.Failure.Cause
				}
				return s, a
			}
		})
		w.device.answer = func(int, link.Config) plan {
			return plan{failure: refusal("refused", "hunter2hunter2 is not welcome."), status: 403}
		}
		w.start()
		id := w.create(manual)
		w.set(id, 91, "hunter2hunter2")
		w.do(id, element.Reconnect)
		all := w.keptRecords(element.WhichLastFailure)
		h := all[len(all)-1]
		for text, most := range map[string]int{h.Request: keptHead, h.Response: keptHead, h.Body: keptBody, h.Error.Message: keptBody} {
			if strings.Contains(text, "hunter2") || len(text) > most || !utf8.ValidString(text) {
				t.Errorf("kept %d bytes: %.40q", len(text), text)
			}
		}
		if !strings.HasSuffix(h.Body, "é…") {
			t.Errorf("the body ends with %q", h.Body[len(h.Body)-8:])
		}
	})
}

// A connection that is polled would write a record each time; only turns are
// kept.
func TestOfAPolledConnectionTurnsAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meter{answer: status200("1")}
		w, _ := meterWorld(t, m)
		pass(25 * time.Second)
		m.say(statusOf(500, ""))
		pass(30 * time.Second)
		m.say(status200("2"))
		pass(30 * time.Second)
		w.stage.mu.Lock()
		defer w.stage.mu.Unlock()
		var got []element.Which
		for _, h := range w.stage.handshakes {
			got = append(got, h.Which)
		}
		want := []element.Which{element.WhichLastSuccess, element.WhichLastFailure, element.WhichLastSuccess}
		if !slices.Equal(got, want) {
			t.Errorf("kept %v, want %v", got, want)
		}
	})
}
