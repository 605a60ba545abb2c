package feed

import (
	"sync"
	"sync/atomic"

	"fieldline/element"
)

// stream is the news of one element or of the fleet.
type stream struct {
	// published says that the stream is more than a reader's hope; set once,
	// under the hub's lock.
	published atomic.Bool
	readers   int // guarded by the hub's lock

	mu   sync.Mutex
	gone bool
	wake chan struct{} // what waiting readers sleep on; nil when none waits
	head uint64        // number of the last update
	// start is the oldest cursor that can be continued: older ones belong to a
	// dropped stream or miss a removal that is forgotten.
	start uint64

	// origin is the oldest cursor of this stream: older ones belong to a dropped
	// one.
	origin uint64

	states states
	rings  [element.EventClasses]ring
}

func newStream(start uint64) *stream {
	return &stream{head: start, start: start, origin: start, states: newStates()}
}

func (s *stream) publish(updates []element.Update, limits Limits) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range updates {
		u := &updates[i]
		s.head++
		u.Seq = s.head
		if u.Patch != nil {
			s.states.put(*u.Patch, s.head)
		}
		if u.Event != nil {
			u.Event.Seq = s.head
			s.rings[u.Event.Body.Kind().Class()].add(*u.Event, limits)
		}
	}
	s.start = max(s.start, s.states.forget(limits.Tombstones))
	if len(updates) > 0 && s.wake != nil {
		close(s.wake)
		s.wake = nil
	}
	return s.head
}

// continues reports whether a cursor of this epoch can be continued.
func (s *stream) continues(seq uint64) bool { return seq >= s.start && seq <= s.head }

func (s *stream) end() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.head
}

// drop ends the stream and returns its last number.
func (s *stream) drop() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone = true
	if s.wake != nil {
		close(s.wake)
		s.wake = nil
	}
	return s.head
}

// page returns the events of the kinds, of all when there are none.
func (s *stream) page(after *element.Cursor, foreign bool, limit int, kinds []element.EventKind) element.EventPage {
	s.mu.Lock()
	defer s.mu.Unlock()
	page := element.EventPage{Events: []element.Event{}, Cursor: element.Cursor{Seq: s.head}}
	page.Gap = after != nil && (foreign || after.Seq < s.origin || after.Seq > s.head || s.lostAfter(after.Seq, kinds))
	if after == nil || page.Gap {
		for i := range s.rings {
			page.Events = s.rings[i].newest(page.Events, limit, kinds)
		}
		bySeq(page.Events)
		page.Events = page.Events[max(0, len(page.Events)-limit):]
		return page
	}
	for i := range s.rings { // one more than is asked for tells whether there are more
		page.Events = s.rings[i].oldest(page.Events, after.Seq, limit+1, kinds)
	}
	bySeq(page.Events)
	if len(page.Events) > limit {
		page.Events = page.Events[:limit]
		page.Cursor.Seq = page.Events[limit-1].Seq
	}
	return page
}

// lostAfter reports whether an event of the kinds was evicted that comes after
// a number.
func (s *stream) lostAfter(seq uint64, kinds []element.EventKind) bool {
	for i := range s.rings {
		for kind, last := range s.rings[i].lost {
			if last > seq && isOf(kind, kinds) {
				return true
			}
		}
	}
	return false
}

// next returns what is after the cursor. When there is nothing, wake is the
// channel that the next Publish or Drop closes.
func (s *stream) next(c element.Cursor, epoch string) (b element.Batch, wake chan struct{}, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b.Cursor = element.Cursor{Epoch: epoch, Seq: s.head}
	switch {
	case s.gone:
		return b, nil, ErrGone
	case c.Epoch != epoch || !s.continues(c.Seq):
		b.Reset = true
		return b, nil, nil
	case c.Seq == s.head:
		if s.wake == nil {
			s.wake = make(chan struct{})
		}
		return b, s.wake, nil
	}
	b.Patches = s.states.after(c.Seq)
	for i := range s.rings {
		r := &s.rings[i]
		b.Events = append(b.Events, r.events[r.after(c.Seq):]...)
		b.Missed += r.evicted.after(c.Seq)
	}
	bySeq(b.Events)
	return b, nil, nil
}
