package runner

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

func TestReconnectNowWinsOverAWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.device.answer = func(n int, _ link.Config) plan {
			if n == 1 {
				return plan{failure: refusal("refused", "Nobody listens.")}
			}
			return plan{after: 2 * time.Second}
		}
		w.start()
		id := w.create()
		w.wantStatus(id, element.ConnWaiting)
		for range 5 {
			w.do(id, element.Reconnect)
		}
		w.wantStatus(id, element.ConnConnecting)
		pass(2 * time.Second)
		w.wantStatus(id, element.ConnOpen)
		if n := w.device.count(); n != 2 {
			t.Errorf("%d tries, want 2: pressing again while it connects changes nothing", n)
		}
	})
}

// TestAChangeDuringADialIsNotLost: Reconnect carries out what was changed while
// the device was asked, and a refusal of what has been changed since is not
// waited for.
func TestAChangeDuringADialIsNotLost(t *testing.T) {
	for _, tt := range []struct {
		name   string
		order  bool
		status int
		within time.Duration
	}{
		{"Reconnect", true, 0, 2 * time.Second},
		{"Reconnect, then a refused login", true, 401, 2 * time.Second},
		{"a refused login", false, 401, 16 * time.Second},
		{"a forbidden one", false, 403, 16 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.device.answer = func(_ int, cfg link.Config) plan {
					if len(cfg.Headers) > 0 {
						return plan{}
					}
					return plan{after: 2 * time.Second, failure: refusal("http-status", "No."), status: tt.status}
				}
				w.start()
				id := w.create()
				pass(time.Second)
				w.set(id, 96, "new")
				if tt.order {
					w.do(id, element.Reconnect)
					w.do(id, element.Reconnect)
				}
				pass(time.Second + tt.within)
				w.wantStatus(id, element.ConnOpen)
				if n := w.device.count(); n != 2 {
					t.Errorf("%d tries, want 2", n)
				}
			})
		})
	}
}

func TestReconnectOfAnOpenConnectionClosesItFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		first := newScripted()
		first.lag = 300 * time.Millisecond
		w.device.answer = func(n int, _ link.Config) plan {
			if n == 1 {
				return plan{session: first}
			}
			return plan{}
		}
		w.start()
		id := w.create()
		began := time.Now()
		for range 3 {
			w.do(id, element.Reconnect)
		}
		w.wantStatus(id, element.ConnClosing)
		pass(time.Second)
		w.wantStatus(id, element.ConnOpen)
		if got := first.sentCloses(); !slices.Equal(got, []int{1000}) {
			t.Errorf("closes sent: %v, want one 1000", got)
		}
		if n := w.device.count(); n != 2 {
			t.Errorf("%d tries, want 2", n)
		}
		if waited := w.device.try(2).at.Sub(began); waited != first.lag {
			t.Errorf("dialled after %v, want %v: when the device had answered our Close", waited, first.lag)
		}
	})
}

func TestADeviceThatDoesNotAnswerACloseIsLeftAfterASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		deaf := newScripted()
		deaf.lag = time.Hour
		w.device.answer = func(n int, _ link.Config) plan {
			if n == 1 {
				return plan{session: deaf}
			}
			return plan{}
		}
		w.start()
		id := w.create()
		began := time.Now()
		w.set(id, 61, "10.0.0.2")
		pass(2 * time.Second)
		w.wantStatus(id, element.ConnOpen)
		if waited := w.device.try(2).at.Sub(began); waited > time.Second {
			t.Errorf("dialled after %v, want at most 1 s", waited)
		}
	})
}

func TestChangesOfTheAddressFold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.device.answer = func(int, link.Config) plan { return plan{after: 200 * time.Millisecond} }
		w.start()
		id := w.create()
		pass(time.Second)
		w.wantStatus(id, element.ConnOpen)
		for i := 1; i <= 10; i++ {
			w.set(id, 61, fmt.Sprintf("10.0.1.%d", i))
			pass(10 * time.Millisecond)
		}
		pass(2 * time.Second)
		w.wantStatus(id, element.ConnOpen)
		if n := w.device.count(); n > 3 {
			t.Errorf("%d tries, want at most 3: the first, the change, and one more", n)
		}
		if got := w.device.try(w.device.count()).cfg.Host; got != "10.0.1.10" {
			t.Errorf("connected to %s, want the last address", got)
		}
	})
}

func TestAChangeGivesUpAStalledTry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.device.answer = func(_ int, cfg link.Config) plan {
			if cfg.Host == "10.0.0.1" {
				return plan{after: time.Hour}
			}
			return plan{}
		}
		w.start()
		id := w.create()
		w.wantStatus(id, element.ConnConnecting)
		w.set(id, 61, "10.0.0.2")
		pass(time.Second)
		w.wantStatus(id, element.ConnOpen)
		if n := len(w.events(id, element.KindRefused)); n != 0 {
			t.Errorf("%d refusals; a try that we gave up is none", n)
		}
	})
}

func TestAnAddressThatLogicBrokeIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		id := w.create()
		w.set(id, 61, "10.0.0.2")
		w.device.last().say("address=not an address")
		synctest.Wait()
		w.do(id, element.Reconnect)
		w.wantStatus(id, element.ConnWaiting)
		if c := w.connection(id).LastCause; c == nil || c.Phase != "address" {
			t.Errorf("cause is %+v, want phase address", c)
		}
	})
}

func TestDialsAreCappedAcrossTheFleet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *Options) { o.Dials = 2 })
		w.device.answer = func(int, link.Config) plan { return plan{after: time.Second} }
		w.start()
		for i := range 6 {
			w.create(func(d *element.Draft) {
				d.Name = new(fmt.Sprintf("Studio %d", i))
				d.Connections[0].Host = new(fmt.Sprintf("10.0.0.%d", i))
			})
		}
		if n := w.device.count(); n != 2 {
			t.Errorf("%d tries at once, want 2", n)
		}
		pass(2500 * time.Millisecond)
		if n := w.device.count(); n != 6 {
			t.Errorf("%d tries after 2.5 s, want 6", n)
		}
	})
}
