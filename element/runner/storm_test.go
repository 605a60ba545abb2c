package runner

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fieldline/element"
	"fieldline/element/link"
)

// storm is a Dial for very many elements at once. It knows an element by the
// path, which is its id.
type storm struct {
	mu       sync.Mutex
	takes    time.Duration // an opening handshake
	drops    bool          // sessions end as soon as they are open
	sessions map[string]*scripted
	dials    map[string][]time.Time // since the last clear
	now      int                    // handshakes under way
	most     int
}

func (s *storm) dial(ctx context.Context, cfg link.Config) (session, link.Attempt) {
	s.mu.Lock()
	s.dials[cfg.Path] = append(s.dials[cfg.Path], time.Now())
	s.now++
	s.most = max(s.most, s.now)
	takes, drops := s.takes, s.drops
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.now--
		s.mu.Unlock()
	}()
	if takes > 0 {
		select {
		case <-time.After(takes):
		case <-ctx.Done():
			return nil, link.Attempt{Failure: refusal("canceled", "The try was given up.")}
		}
	}
	x := newScripted()
	if drops {
		x.drop(1011, "overload")
	}
	s.mu.Lock()
	s.sessions[cfg.Path] = x
	s.mu.Unlock()
	return x, link.Attempt{Answered: true, StatusLine: "HTTP/1.1 101 Switching Protocols"}
}

// lose ends all sessions in one instant and forgets the dials so far; from now
// on handshakes take so long, and drops says what becomes of their sessions.
func (s *storm) lose(takes time.Duration, drops bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.takes, s.drops, s.most = takes, drops, 0
	clear(s.dials)
	for _, x := range s.sessions {
		x.drop(1001, "the switch went down")
	}
}

// TestStorm has 2,000 elements lose their connections in one instant, again and
// again: they do not come back together, and what does not stay open waits
// longer each time.
func TestStorm(t *testing.T) {
	const elements, dials = 2000, 64
	synctest.Test(t, func(t *testing.T) {
		s := &storm{takes: 100 * time.Millisecond, sessions: map[string]*scripted{}, dials: map[string][]time.Time{}}
		var mu sync.Mutex
		dice := rand.New(rand.NewPCG(1, 2))
		w := newWorld(t, func(o *Options) {
			o.Dial, o.Dials = s.dial, dials
			o.Jitter = func(d time.Duration) time.Duration { // as the program's own, with the same numbers each time
				mu.Lock()
				defer mu.Unlock()
				return time.Duration(dice.Int64N(int64(d) + 1))
			}
		})
		w.logic.forgetful = true
		for i := range elements {
			id := element.ID(fmt.Sprintf("e%04d", i))
			w.disk.records[id] = element.Record{ID: id, State: element.Active, Config: element.Config{
				Name: string(id), Connector: "Test", Version: "1.0.0.2", Reconnect: element.Automatic,
				Connections: []element.ConnectionConfig{{ID: 1, Host: "10.0.0.1"}},
			}}
		}
		w.start()
		s.wantOpen(t, w, elements, 10*time.Second)
		s.wantMost(t, "starting", dials)

		t.Log("a proven connection is lost: the first tries spread over a second")
		pass(livedWell)
		synctest.Wait()
		lost := time.Now()
		s.lose(0, false)
		s.wantOpen(t, w, elements, firstWait+time.Second)
		s.wantSpread(t, lost, elements)

		t.Log("slow handshakes: never more than the cap at once")
		pass(livedWell)
		synctest.Wait()
		s.lose(time.Second, false)
		s.wantOpen(t, w, elements, 2*time.Minute)
		s.wantMost(t, "coming back", dials)

		t.Log("open is not proven: each loss of a series waits longer")
		pass(livedWell)
		synctest.Wait()
		s.lose(0, true)
		pass(2 * time.Minute)
		synctest.Wait()
		s.wantGrowth(t, elements)

		t.Log("open for long enough ends the series: the first wait is short again")
		s.mu.Lock()
		s.drops = false
		s.mu.Unlock()
		s.wantOpen(t, w, elements, longestWait+time.Second)
		pass(livedWell)
		synctest.Wait()
		lost = time.Now()
		s.lose(0, false)
		s.wantOpen(t, w, elements, firstWait+time.Second)
		s.wantSpread(t, lost, elements)
	})
}

// wantOpen waits and wants every element to be open then.
func (s *storm) wantOpen(t *testing.T, w *world, elements int, within time.Duration) {
	t.Helper()
	pass(within)
	synctest.Wait()
	all, _, err := w.fleet.Elements(t.Context())
	if err != nil || len(all) != elements {
		t.Fatalf("%d elements, %v", len(all), err)
	}
	for _, e := range all {
		if c := e.Connections[0]; c.Status != element.ConnOpen {
			t.Fatalf("%s is %s after %s, attempt %d, next %s", e.ID, c.Status, within, c.Attempt, c.NextTry)
		}
	}
}

// wantMost wants the cap to be reached and never passed.
func (s *storm) wantMost(t *testing.T, when string, want int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.most != want {
		t.Errorf("%s: %d handshakes at once, want %d: the cap is used and kept", when, s.most, want)
	}
}

// wantSpread wants one dial of each element within the first wait, evenly: of
// 2,000 in ten equal parts 200 each are expected, with a deviation of 13.4;
// five deviations are allowed.
func (s *storm) wantSpread(t *testing.T, lost time.Time, elements int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	const parts = 10
	var tenth [parts]int
	for path, at := range s.dials {
		wait := at[0].Sub(lost)
		if len(at) != 1 || wait > firstWait {
			t.Fatalf("%s was dialled %d times, first after %s", path, len(at), wait)
		}
		tenth[min(int(wait*parts/firstWait), parts-1)]++
	}
	for i, n := range tenth {
		if mean := elements / parts; n < mean-67 || n > mean+67 {
			t.Errorf("%d elements came back in the %d. tenth of the first second, want about %d: %v", n, i+1, mean, tenth)
		}
	}
}

// wantGrowth wants the nth wait of every element to be within the nth back-off,
// and the longest of all elements to come near it.
func (s *storm) wantGrowth(t *testing.T, elements int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	const looked = 6 // waits that every element has within the two minutes: at most 1+2+4+8+16+32 s
	var longest [looked]time.Duration
	if len(s.dials) != elements {
		t.Fatalf("%d elements were dialled", len(s.dials))
	}
	for path, at := range s.dials {
		if len(at) <= looked {
			t.Fatalf("%s was dialled %d times only", path, len(at))
		}
		for n := range longest {
			// A dial that opened and was dropped is try n+1 of its series.
			wait := at[n+1].Sub(at[n])
			if most := usual.backoff(n + 1); wait > most {
				t.Errorf("%s: wait %d is %s, want at most %s", path, n+1, wait, most)
			}
			longest[n] = max(longest[n], wait)
		}
	}
	for n, wait := range longest {
		if most := usual.backoff(n + 1); wait < most*9/10 {
			t.Errorf("no element waited longer than %s before try %d, want nearly %s: opening alone ended the series", wait, n+2, most)
		}
	}
}
