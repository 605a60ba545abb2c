package feed

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"sync"
	"testing"

	"fieldline/element"
)

// model is the feed written as slowly and plainly as can be.
type model struct {
	limits  Limits
	head    uint64
	patches map[string]element.Patch
	classes [element.EventClasses][]element.Event
	evicted []uint64
}

func (m *model) events() []element.Event {
	all := slices.Concat(m.classes[:]...)
	bySeq(all)
	return all
}

func (m *model) publish(updates []element.Update) {
	for _, u := range updates {
		m.head++
		if u.Patch != nil {
			p := *u.Patch
			p.Seq = m.head
			m.patches[p.Key()] = p
		}
		if u.Event == nil {
			continue
		}
		class := &m.classes[u.Event.Body.Kind().Class()]
		var kept []element.Event
		for _, e := range *class {
			if e.Seq != u.Event.Replaces {
				kept = append(kept, e)
			}
		}
		e := *u.Event
		e.Seq = m.head
		*class = append(kept, e)
		for len(*class) > 1 && (len(*class) > m.limits.Events || size(*class) > m.limits.EventBytes) {
			m.evicted = append(m.evicted, (*class)[0].Seq)
			*class = (*class)[1:]
		}
	}
}

func size(events []element.Event) (n int) {
	for _, e := range events {
		n += sizeOf(e)
	}
	return n
}

// check compares a batch with what a reader at the cursor has to get.
func (m *model) check(t *testing.T, from uint64, b element.Batch) {
	t.Helper()
	var events []element.Event
	for _, e := range m.events() {
		if e.Seq > from {
			events = append(events, e)
		}
	}
	if got, want := lines(nil, b.Events), lines(nil, events); got != want {
		t.Fatalf("events after %d: %q, want %q", from, got, want)
	}
	missed := uint64(0)
	for _, seq := range m.evicted {
		if seq > from {
			missed++
		}
	}
	if b.Missed != missed {
		t.Fatalf("missed after %d: %d, want %d", from, b.Missed, missed)
	}
	count, last := 0, from
	for _, p := range m.patches {
		if p.Seq > from {
			count++
		}
	}
	for _, p := range b.Patches {
		if p.Seq <= last {
			t.Fatalf("patch %s@%d came after @%d", p.Key(), p.Seq, last)
		}
		last = p.Seq
		if want := m.patches[p.Key()]; want != p {
			t.Fatalf("patch %s: %v, want %v", p.Key(), p, want)
		}
	}
	if len(b.Patches) != count || b.Cursor.Seq != m.head || b.Reset {
		t.Fatalf("%d patches, want %d; cursor %d, want %d; reset %t", len(b.Patches), count, b.Cursor.Seq, m.head, b.Reset)
	}
}

// TestAgainstModel publishes at random and reads at random: no hole, no
// duplicate, the order kept, the latest patch always there, Missed exact.
func TestAgainstModel(t *testing.T) {
	for seed := range int64(60) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			rnd := rand.New(rand.NewSource(seed))
			limits := Limits{Events: 1 + rnd.Intn(12), EventBytes: 400 + rnd.Intn(3000)}
			h, m := New("e", limits), &model{limits: limits, patches: map[string]element.Patch{}}
			readers := make([]*Reader, 4)
			for i := range readers {
				readers[i] = h.Open("1", h.Cursor("1"))
				defer readers[i].Close()
			}
			for range 400 {
				i := rnd.Intn(len(readers) * 3)
				if i >= len(readers) {
					updates := randomUpdates(rnd, m.head)
					m.publish(updates)
					h.Publish("1", updates)
					continue
				}
				from := readers[i].cursor.Seq
				b, ok := now(t, readers[i])
				if ok != (m.head > from) {
					t.Fatalf("news = %t at %d of %d", ok, from, m.head)
				}
				if ok {
					m.check(t, from, b)
				}
				// A reader comes back with any cursor it ever had.
				if rnd.Intn(4) == 0 && m.head > 0 {
					readers[i].cursor.Seq = uint64(rnd.Int63n(int64(m.head)))
				}
			}
			s := h.streams["1"]
			for class, r := range s.rings {
				if n := size(m.classes[class]); len(r.events) > limits.Events || len(r.events) > 1 && r.bytes > limits.EventBytes || r.bytes != n {
					t.Errorf("class %d: %d events of %d bytes kept with %+v; they are %d bytes", class, len(r.events), r.bytes, limits, n)
				}
			}
		})
	}
}

func randomUpdates(rnd *rand.Rand, head uint64) []element.Update {
	updates := make([]element.Update, rnd.Intn(5))
	for i := range updates {
		if rnd.Intn(3) == 0 {
			updates[i] = param(rnd.Intn(6), fmt.Sprint(rnd.Int()))
			continue
		}
		text := strings.Repeat("x", rnd.Intn(200))
		updates[i] = logLine(text)
		if rnd.Intn(2) == 0 {
			updates[i] = event(element.ParameterChanged{Display: text})
		}
		if head > 0 && rnd.Intn(4) == 0 {
			updates[i].Event.Replaces = 1 + uint64(rnd.Int63n(int64(head)))
		}
	}
	return updates
}

// TestConcurrentReaders lets readers race a publisher: each adds up to all.
func TestConcurrentReaders(t *testing.T) {
	const rounds = 3000
	h := New("e", Limits{Events: 20})
	var wg sync.WaitGroup
	for range 8 {
		r := h.Open("1", h.Cursor("1"))
		wg.Go(func() {
			defer r.Close()
			got, last, display := uint64(0), uint64(0), ""
			for display != fmt.Sprint(rounds) {
				b, err := r.Next(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				got += b.Missed + uint64(len(b.Events))
				for _, e := range b.Events {
					if e.Seq <= last {
						t.Errorf("event %d came after %d", e.Seq, last)
					}
					last = e.Seq
				}
				for _, p := range b.Patches {
					display = p.Parameter.Display
				}
			}
			if got != rounds {
				t.Errorf("%d events seen or missed, want %d", got, rounds)
			}
		})
	}
	for i := range rounds {
		publish(h, "1", logLine("a"), param(1, fmt.Sprint(i+1)))
	}
	wg.Wait()
}

// TestMemoryIsBounded publishes far more than the limits and looks at what is
// kept; the record of evictions is merged and stays an upper bound.
func TestMemoryIsBounded(t *testing.T) {
	limits := Limits{Events: 100, EventBytes: 1 << 20, Tombstones: 10}
	h := New("e", limits)
	const rounds = 20_000
	for i := range rounds {
		publish(h, "1", logLine("x"), param(i%50, "y"), removed(element.ID(fmt.Sprint(i))))
	}
	s := h.streams["1"]
	r := &s.rings[element.ClassLog]
	if len(r.events) != 100 || cap(r.events) > 400 {
		t.Errorf("%d events, room for %d", len(r.events), cap(r.events))
	}
	if s.states.order.Len() != 60 || len(s.states.byKey) != 60 || len(s.states.graves) != 10 {
		t.Errorf("%d patches, %d keys, %d tombstones", s.states.order.Len(), len(s.states.byKey), len(s.states.graves))
	}
	if len(r.evicted.runs) != maxRuns || cap(r.evicted.runs) > 4*maxRuns {
		t.Errorf("%d runs, room for %d", len(r.evicted.runs), cap(r.evicted.runs))
	}
	if got := r.evicted.after(0); got != rounds-100 {
		t.Errorf("%d evicted since the beginning, want %d", got, rounds-100)
	}
	for seq := uint64(0); seq < 3*rounds; seq += 997 {
		exact := uint64(0)
		if done := (seq + 2) / 3; done < rounds-100 {
			exact = rounds - 100 - done
		}
		got := r.evicted.after(seq)
		if got < exact || seq > r.evicted.runs[1].first && got != exact {
			t.Errorf("evicted after %d: %d, exactly %d", seq, got, exact)
		}
	}
}
