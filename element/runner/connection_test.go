package runner

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
	"fieldline/element/link"
)

func TestAConnectionOpensAndCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		w.wantStatus(id, element.ConnOpen)
		c := w.connection(id)
		if c.URL != "ws://10.0.0.1:8050/"+string(id) || c.Attempt != 0 || c.Type != "websocket" {
			t.Errorf("connection is %+v", c)
		}
		if n := w.logic.seen(isOf[engine.Answered]); n != 1 {
			t.Errorf("the logic saw %d answers, want 1", n)
		}
		if n := w.logic.seen(isOf[engine.Opened]); n != 1 {
			t.Errorf("the logic saw %d openings, want 1", n)
		}
		w.do(id, element.Stop)
		w.wantStatus(id, element.ConnClosed)
		if got := w.device.last().sentCloses(); !slices.Equal(got, []int{1001}) {
			t.Errorf("closes sent: %v, want 1001 on stop", got)
		}
		if n := len(w.events(id, element.KindClosed)); n != 1 {
			t.Errorf("%d closed events, want 1", n)
		}
		if n := w.logic.seen(isOf[engine.Down]); n != 1 {
			t.Errorf("the logic saw %d downs, want 1", n)
		}
	})
}

func TestReconnectBacksOffUntilTheConnectionOpens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.device.answer = func(n int, _ link.Config) plan {
			if n <= 8 {
				return plan{failure: refusal("refused", "Nobody listens.")}
			}
			return plan{}
		}
		w.start()
		id := w.create()
		w.wantStatus(id, element.ConnWaiting)
		if c := w.connection(id); c.Attempt != 1 || time.Until(c.NextTry.Time) != time.Second || c.LastCause.Code != "refused" {
			t.Errorf("connection is %+v", c)
		}
		pass(4 * time.Minute)
		w.wantStatus(id, element.ConnOpen)
		var waits []time.Duration
		for n := 2; n <= 9; n++ {
			waits = append(waits, w.device.try(n).at.Sub(w.device.try(n-1).at))
		}
		s := time.Second
		want := []time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s, 32 * s, 60 * s, 60 * s}
		if !slices.Equal(waits, want) {
			t.Errorf("waits are %v, want %v", waits, want)
		}
		refused := w.events(id, element.KindRefused)
		if len(refused) != 1 || refused[0].Body.(element.Refused).Count != 8 {
			t.Errorf("refusals are %+v, want one line that counts 8", refused)
		}
		if n := len(w.events(id, element.KindConnecting)); n != 1 {
			t.Errorf("%d connecting lines, want 1 for the series", n)
		}
	})
}

func TestAConnectionThatDiesAtOnceDoesNotEndTheSeries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		w.device.last().drop(1011, "overload")
		w.wantStatus(id, element.ConnWaiting)
		pass(time.Second)
		w.wantStatus(id, element.ConnOpen)
		w.device.last().drop(1011, "overload")
		w.wantStatus(id, element.ConnWaiting)
		if wait := time.Until(w.connection(id).NextTry.Time); wait != 2*time.Second {
			t.Errorf("second wait is %v, want 2 s: neither session proved itself", wait)
		}
		pass(2 * time.Second)
		w.wantStatus(id, element.ConnOpen)
		w.device.last().say("hello")
		w.device.last().drop(1000, "bye")
		w.wantStatus(id, element.ConnWaiting)
		if wait := time.Until(w.connection(id).NextTry.Time); wait != 4*time.Second {
			t.Errorf("wait after a message is %v, want 4 s: a message proves nothing", wait)
		}
		pass(4*time.Second + livedWell)
		w.wantStatus(id, element.ConnOpen)
		w.device.last().drop(1000, "bye")
		w.wantStatus(id, element.ConnWaiting)
		if wait := time.Until(w.connection(id).NextTry.Time); wait != time.Second {
			t.Errorf("wait after two minutes open is %v, want 1 s", wait)
		}
	})
}

func TestHowLongARefusalIsWaitedOut(t *testing.T) {
	for _, tt := range []struct {
		name    string
		failure link.Failure
		status  int
		want    time.Duration // 0: not by itself
	}{
		{"login refused", link.Failure{LoginRefused: true}, 401, 0},
		{"401", link.Failure{}, 401, 5 * time.Minute},
		{"403", link.Failure{}, 403, 5 * time.Minute},
		{"503 with Retry-After", link.Failure{RetryAfter: 90 * time.Second}, 503, 90 * time.Second},
		{"503 with an absurd Retry-After", link.Failure{RetryAfter: 1000 * time.Hour}, 503, time.Hour},
		{"404", link.Failure{}, 404, time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.device.answer = func(int, link.Config) plan {
					f := tt.failure
					f.Cause = element.Cause{Phase: "http", Code: "http-status", Message: fmt.Sprintf("The device answered %d.", tt.status)}
					return plan{failure: &f, status: tt.status, body: "no"}
				}
				w.start()
				id := w.create()
				c := w.connection(id)
				if tt.want == 0 {
					w.wantStatus(id, element.ConnClosed)
					pass(24 * time.Hour)
					if n := w.device.count(); n != 1 {
						t.Errorf("%d tries, want 1", n)
					}
					return
				}
				w.wantStatus(id, element.ConnWaiting)
				if got := time.Until(c.NextTry.Time); got != tt.want {
					t.Errorf("next try in %v, want %v", got, tt.want)
				}
				h, err := w.fleet.Handshake(t.Context(), id, 1, element.WhichLastFailure)
				if err != nil || h.Status != tt.status {
					t.Errorf("handshake %+v, %v", h, err)
				}
			})
		})
	}
}

func TestARefusedLoginIsTriedAgainWhenSomethingChanges(t *testing.T) {
	for _, change := range []struct {
		name string
		do   func(*world, element.ID)
	}{
		{"Reconnect", func(w *world, id element.ID) { w.do(id, element.Reconnect) }},
		{"address", func(w *world, id element.ID) { w.set(id, 61, "10.0.0.2") }},
		{"header", func(w *world, id element.ID) { w.set(id, 96, "Bearer x") }},
		{"settings", func(w *world, id element.ID) {
			if _, err := w.fleet.Update(w.t.Context(), id, element.Draft{Name: new("Studio 2")}, "tester"); err != nil {
				w.t.Fatal(err)
			}
		}},
	} {
		t.Run(change.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.device.answer = func(n int, _ link.Config) plan {
					if n == 1 {
						return plan{failure: &link.Failure{Cause: element.Cause{Phase: "http", Code: "http-status", Message: "401"}, LoginRefused: true}, status: 401}
					}
					return plan{}
				}
				w.start()
				id := w.create()
				w.wantStatus(id, element.ConnClosed)
				change.do(w, id)
				w.wantStatus(id, element.ConnOpen)
			})
		})
	}
}

func TestManualModeWaitsForAPerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.device.answer = func(n int, _ link.Config) plan {
			if n == 2 {
				return plan{failure: refusal("refused", "Nobody listens.")}
			}
			return plan{}
		}
		w.start()
		id := w.create(manual)
		w.wantStatus(id, element.ConnOpen)
		w.device.last().drop(1001, "")
		w.wantStatus(id, element.ConnClosed)
		pass(time.Hour)
		w.do(id, element.Reconnect)
		w.wantStatus(id, element.ConnClosed)
		pass(time.Hour)
		if n := w.device.count(); n != 2 {
			t.Fatalf("%d tries, want 2", n)
		}
		automatic := element.Automatic
		if _, err := w.fleet.Update(t.Context(), id, element.Draft{Reconnect: &automatic}, "tester"); err != nil {
			t.Fatal(err)
		}
		w.wantStatus(id, element.ConnOpen)
	})
}
