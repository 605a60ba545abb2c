package runner

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/engine"
	"fieldline/element/link"
)

// insistent is a connector that orders a new connection whenever one is gone,
// as DataMiner's connectors do to reconnect.
func insistent(_ *logic, in engine.Input) []engine.Effect {
	if _, down := in.(engine.Down); down {
		return []engine.Effect{engine.Connect{Connection: 1}}
	}
	return nil
}

// TestLogicThatInsistsDoesNotHammerTheDevice: whatever the device does, the
// orders of the logic are paced like retries.
func TestLogicThatInsistsDoesNotHammerTheDevice(t *testing.T) {
	closing := func(say string) func(int, link.Config) plan {
		return func(int, link.Config) plan {
			s := newScripted()
			time.AfterFunc(time.Millisecond, func() {
				if say != "" {
					s.say(say)
				}
				s.drop(1011, "overload")
			})
			return plan{session: s}
		}
	}
	for name, answer := range map[string]func(int, link.Config) plan{
		"nobody listens":              func(int, link.Config) plan { return plan{failure: refusal("refused", "Nobody listens.")} },
		"a login is refused":          func(int, link.Config) plan { return plan{failure: &link.Failure{LoginRefused: true}, status: 401} },
		"the device closes at once":   closing(""),
		"the device says one message": closing("hello"),
	} {
		for _, mode := range []element.ReconnectMode{element.Automatic, element.Manual} {
			t.Run(fmt.Sprintf("%s, %s", name, mode), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t)
					w.device.answer, w.logic.extra = answer, insistent
					w.start()
					id := w.create(func(d *element.Draft) { d.Reconnect = &mode })
					pass(59*time.Second + 500*time.Millisecond) // between two tries
					synctest.Wait()
					least, most, status := 4, 7, element.ConnWaiting
					if strings.Contains(name, "login") { // nothing changed: no order of the logic tries it again
						least, most, status = 1, 1, element.ConnClosed
					}
					if n := w.device.count(); n < least || n > most {
						t.Errorf("%d tries in a minute, want %d to %d: never faster than a retry", n, least, most)
					}
					if c := w.connection(id); c.Status != status || c.NextTry.IsZero() == (status == element.ConnWaiting) {
						t.Errorf("connection is %+v, want it %s", c, status)
					}
					before := w.device.count()
					w.do(id, element.Reconnect)
					if n := w.device.count(); n < before+1 {
						t.Errorf("a person's order was not carried out at once")
					}
				})
			})
		}
	}
}

// TestLogicThatInsistsIsObeyed: where nothing failed, or long ago, its orders
// are carried out at once.
func TestLogicThatInsistsIsObeyed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.logic.extra = insistent
		w.start()
		id := w.create(manual)
		pass(livedWell)
		for n := 1; n <= 3; n++ {
			w.device.dropLast()
			synctest.Wait()
			w.wantStatus(id, element.ConnOpen)
			if got := w.device.count(); got != n+1 {
				t.Errorf("%d tries after %d losses", got, n)
			}
			pass(livedWell)
		}
	})
}

// TestAnotherTargetIsTriedSoon: what the logic changes is tried although the
// device before it refuses or is gone, at a pace.
func TestAnotherTargetIsTriedSoon(t *testing.T) {
	for name, f := range map[string]*link.Failure{
		"nobody listens": refusal("refused", "Nobody listens."), "a login is refused": {LoginRefused: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.device.answer = func(_ int, cfg link.Config) plan {
					if cfg.Host == "10.0.0.1" {
						return plan{failure: f}
					}
					return plan{}
				}
				w.logic.extra = func(l *logic, in engine.Input) []engine.Effect {
					if _, down := in.(engine.Down); down && w.device.count() == 9 || f.LoginRefused && down {
						return l.takesAddress("10.0.0.2")
					}
					return nil
				}
				w.start()
				id := w.create()
				for w.device.count() < 9 && !f.LoginRefused {
					pass(time.Second)
				}
				before := time.Now()
				pass(17 * time.Second)
				w.wantStatus(id, element.ConnOpen)
				if at := w.device.try(w.device.count()).at; at.Sub(before) > 16*time.Second {
					t.Errorf("tried after %v", at.Sub(before))
				}
			})
		})
	}
}

// TestAnOrderForTheDialThatIsUnderWay changes nothing: it is what was ordered.
func TestAnOrderForTheDialThatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.device.answer = func(int, link.Config) plan { return plan{after: 4 * time.Second} }
		w.logic.extra = func(_ *logic, in engine.Input) []engine.Effect {
			if _, tick := in.(engine.Tick); tick {
				return []engine.Effect{engine.Connect{Connection: 1}}
			}
			return nil
		}
		w.start()
		id := w.create()
		r, err := w.fleet.runner(id)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			pass(time.Second)
			if _, err := ask(t.Context(), r, func() (struct{}, error) {
				r.byPerson = false
				r.handle(engine.Tick{})
				return struct{}{}, nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		pass(2 * time.Second)
		w.wantStatus(id, element.ConnOpen)
		if n := w.device.count(); n != 1 {
			t.Errorf("%d tries, want 1", n)
		}
	})
}
