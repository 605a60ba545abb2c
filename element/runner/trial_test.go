package runner

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
	"fieldline/element/link"
)

// beside makes a world whose trials reach a device of their own: the first
// opening handshake after switched is set goes there.
func beside(t *testing.T, adjust ...func(*Options)) (w *world, second *device, switched *atomic.Bool) {
	t.Helper()
	second, switched = &device{}, &atomic.Bool{}
	w = newWorld(t, append(adjust, func(o *Options) {
		first := o.Dial
		o.Dial = func(ctx context.Context, cfg link.Config) (session, link.Attempt) {
			if switched.Load() {
				return second.dial(ctx, cfg)
			}
			return first(ctx, cfg)
		}
	})...)
	return w, second, switched
}

func (w *world) logLines(id element.ID) []string {
	var all []string
	for _, e := range w.events(id, element.KindLog) {
		all = append(all, e.Body.(element.Log).Message)
	}
	return all
}

// TestATrialLeavesTheLiveConnectionAlone: neither its session, its records, its
// state nor the connector's logic notice it.
func TestATrialLeavesTheLiveConnectionAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, second, switched := beside(t)
		w.start()
		id := w.create()
		live, state := w.device.last(), w.connection(id)
		kept, err := w.fleet.Handshake(t.Context(), id, 1, element.WhichLast)
		if err != nil {
			t.Fatal(err)
		}
		switched.Store(true)

		second.answer = first(plan{after: 40 * time.Millisecond})
		h, err := w.fleet.Try(t.Context(), id, 1, "tester")
		if err != nil || h.Status != 101 || h.Error != nil {
			t.Fatalf("%+v %v", h, err)
		}
		if got := second.last().sentCloses(); len(got) != 1 || got[0] != 1000 {
			t.Errorf("closed with %v, want 1000", got)
		}
		second.answer = func(int, link.Config) plan {
			f := refusal("http-status", "The device refused with 403 Forbidden.")
			return plan{failure: f, status: 403}
		}
		if h, err := w.fleet.Try(t.Context(), id, 1, "tester"); err != nil || h.Status != 403 {
			t.Errorf("%+v %v", h, err)
		}
		switched.Store(false)

		synctest.Wait()
		live.say("still here")
		synctest.Wait()
		if now := w.connection(id); now.Status != element.ConnOpen || now.Since != state.Since || now.LastCause != nil {
			t.Errorf("the connection was %+v and is %+v", state, now)
		}
		if again, err := w.fleet.Handshake(t.Context(), id, 1, element.WhichLast); err != nil || again.At != kept.At {
			t.Errorf("the record of the live handshake was replaced: %+v %v", again, err)
		}
		if n := w.logic.seen(isOf[engine.Answered]); n != 1 {
			t.Errorf("the logic saw %d answers, want that of the live connection alone", n)
		}
		if n := len(w.events(id, element.KindOpen, element.KindClosed, element.KindRefused)); n != 1 {
			t.Errorf("%d events of connections, want the live opening alone", n)
		}
		lines := strings.Join(w.logLines(id), "\n")
		for _, want := range []string{"tester tried the handshake: the device answered with status 101.", "tester tried the handshake: The device refused with 403 Forbidden."} {
			if !strings.Contains(lines, want) {
				t.Errorf("%q is not in the log:\n%s", want, lines)
			}
		}
	})
}

func TestOneTrialAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, second, switched := beside(t)
		w.start()
		id := w.create()
		switched.Store(true)
		second.answer = func(int, link.Config) plan { return plan{after: time.Second} }
		first := make(chan error, 1)
		go func() {
			_, err := w.fleet.Try(t.Context(), id, 1, "tester")
			first <- err
		}()
		synctest.Wait()
		if _, err := w.fleet.Try(t.Context(), id, 1, "tester"); element.CodeOf(err) != element.TooMany {
			t.Errorf("a second trial: %v", err)
		}
		if err := <-first; err != nil {
			t.Error(err)
		}
		if _, err := w.fleet.Try(t.Context(), id, 1, "tester"); err != nil {
			t.Errorf("a trial after the first: %v", err)
		}
	})
}

// TestATrialEndsWithItsElement: nothing outlives the owner, and who waits is
// answered.
func TestATrialEndsWithItsElement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, second, switched := beside(t)
		w.start()
		id := w.create()
		switched.Store(true)
		second.answer = func(int, link.Config) plan { return plan{after: time.Hour} }
		answer := make(chan element.Handshake, 1)
		go func() {
			h, err := w.fleet.Try(t.Context(), id, 1, "tester")
			if err != nil {
				t.Error(err)
			}
			answer <- h
		}()
		synctest.Wait()
		started := time.Now()
		if err := w.fleet.Delete(t.Context(), id, "tester"); err != nil {
			t.Fatal(err)
		}
		<-answer
		if waited := time.Since(started); waited > 2*closeWait {
			t.Errorf("the element waited %v for its trial", waited)
		}
	})
}

// TestATrialIsGivenUpWithItsCaller frees the element for the next one.
func TestATrialIsGivenUpWithItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, second, switched := beside(t)
		w.start()
		id := w.create()
		switched.Store(true)
		second.answer = first(plan{after: time.Hour})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := w.fleet.Try(ctx, id, 1, "tester"); element.CodeOf(err) != element.Unavailable {
			t.Errorf("given up: %v", err)
		}
		synctest.Wait()
		if _, err := w.fleet.Try(t.Context(), id, 1, "tester"); err != nil {
			t.Errorf("the next one: %v", err)
		}
	})
}

// TestATrialWaitsForItsTurn no longer than a handshake may take.
func TestATrialWaitsForItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *Options) { o.Dials = 1 })
		w.device.answer = func(int, link.Config) plan { return plan{after: time.Minute} }
		w.start()
		id := w.create()
		started := time.Now()
		_, err := w.fleet.Try(t.Context(), id, 1, "tester")
		if waited := time.Since(started); element.CodeOf(err) != element.TooMany || waited != 5*time.Second {
			t.Errorf("after %v: %v", waited, err)
		}
	})
}

func TestTrialsThatCannotBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create(func(d *element.Draft) { d.Start = new(false) })
		for _, tt := range []struct {
			connection int
			want       element.Code
		}{{9, element.NotFound}, {2, element.Conflict}} {
			if _, err := w.fleet.Try(t.Context(), id, tt.connection, "tester"); element.CodeOf(err) != tt.want {
				t.Errorf("connection %d: %v", tt.connection, err)
			}
			if _, err := w.fleet.DryRun(t.Context(), id, tt.connection); element.CodeOf(err) != tt.want {
				t.Errorf("dry run of connection %d: %v", tt.connection, err)
			}
		}
		if err := w.disk.SaveValues(t.Context(), id, []element.SavedValue{{Target: element.Target{Parameter: 60}, Value: element.Text("a b")}}); err != nil {
			t.Fatal(err)
		}
		w.do(id, element.Start)
		h, err := w.fleet.Try(t.Context(), id, 1, "tester")
		if err != nil || h.Error == nil || h.Error.Phase != "address" {
			t.Errorf("an address that is none: %+v %v", h, err)
		}
		if n := w.device.count(); n != 0 {
			t.Errorf("%d handshakes were made", n)
		}
	})
}

// TestADryRunNamesAProxyThatIsIdle.
func TestADryRunNamesAProxyThatIsIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create(func(d *element.Draft) {
			d.Start, d.Connections[0].Proxy, d.Connections[0].BusAddress = new(false), new("http://proxy:3128"), new("BYPASSPROXY")
		})
		r, err := w.fleet.DryRun(t.Context(), id, 1)
		if want := "The proxy of the element's settings is not used: the bus address is " + element.BypassProxy + "."; err != nil || r.Proxy != "" || !slices.Contains(r.Notes, want) {
			t.Errorf("through %q, notes %q, %v", r.Proxy, r.Notes, err)
		}
	})
}

// TestADryRunConnectsNowhere and says what would be sent, of a stopped element
// too: the path is that of the settings where the connector names no handshake.
func TestADryRunConnectsNowhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		definition := testConnector(t, "1.0.0.2")
		definition.Connections[0].HasHandshake = false
		w := newWorld(t, func(o *Options) { o.Catalog = catalog{definition} })
		w.start()
		id := w.create(func(d *element.Draft) {
			d.Start = new(false)
			d.Connections[0].Host, d.Connections[0].Proxy = new("wss://device.lan/base?token=abcdefgh"), new("http://ruth:hunter22@proxy:3128")
			d.Connections[0].SkipVerify = new(true)
		})
		r, err := w.fleet.DryRun(t.Context(), id, 1)
		if err != nil || r.Error != nil {
			t.Fatalf("%+v %v", r, err)
		}
		if want := "GET /base?token=••• HTTP/1.1\r\nHost: device.lan:8050\r\n"; !strings.HasPrefix(r.Request, want) {
			t.Errorf("the request is\n%s\nwant it to begin with\n%s", r.Request, want)
		}
		if r.URL != "wss://device.lan:8050/base?token=•••" || r.Proxy != "http://ruth:•••@proxy:3128" {
			t.Errorf("%s through %s", r.URL, r.Proxy)
		}
		notes := strings.Join(r.Notes, "\n")
		for _, want := range []string{"The proxy is that of the element's settings.", "The device's certificate is not checked."} {
			if !strings.Contains(notes, want) {
				t.Errorf("%q is not in the notes:\n%s", want, notes)
			}
		}
		change := element.Draft{Connections: []element.ConnectionDraft{{ID: 1, CAFile: new("missing.pem")}}}
		if _, err := w.fleet.Update(t.Context(), id, change, "tester"); err != nil {
			t.Fatal(err)
		}
		if r, err = w.fleet.DryRun(t.Context(), id, 1); err != nil || r.Error == nil || !strings.Contains(r.Error.Message, "missing.pem") {
			t.Errorf("%+v %v", r, err)
		}
		if n := w.device.count(); n != 0 {
			t.Errorf("%d handshakes were made", n)
		}
	})
}
