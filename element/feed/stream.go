package feed

import (
	"slices"
	"sort"
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

	states  states
	events  []element.Event // by Seq, oldest first
	bytes   int             // sum of sizeOf
	evicted evictions
}

func newStream(start uint64) *stream {
	return &stream{head: start, start: start, states: newStates()}
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
			s.add(*u.Event, limits)
		}
	}
	s.start = max(s.start, s.states.forget(limits.Tombstones))
	if len(updates) > 0 && s.wake != nil {
		close(s.wake)
		s.wake = nil
	}
	return s.head
}

// add appends an event, takes out the one it replaces and evicts the oldest
// while there are too many. The newest event always stays.
func (s *stream) add(e element.Event, limits Limits) {
	if e.Replaces != 0 {
		if i := s.after(e.Replaces - 1); i < len(s.events) && s.events[i].Seq == e.Replaces {
			s.bytes -= sizeOf(s.events[i])
			s.events = slices.Delete(s.events, i, i+1)
		}
	}
	s.events = append(s.events, e)
	s.bytes += sizeOf(e)
	for len(s.events) > 1 && (len(s.events) > limits.Events || s.bytes > limits.EventBytes) {
		s.bytes -= sizeOf(s.events[0])
		s.evicted.add(s.events[0].Seq)
		s.events[0] = element.Event{} // frees its texts before the slice moves on
		s.events = s.events[1:]
	}
}

// after returns the index of the first event with a number above seq.
func (s *stream) after(seq uint64) int {
	return sort.Search(len(s.events), func(i int) bool { return s.events[i].Seq > seq })
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

func (s *stream) page(after *element.Cursor, foreign bool, limit int) element.EventPage {
	s.mu.Lock()
	defer s.mu.Unlock()
	page := element.EventPage{Events: []element.Event{}, Cursor: element.Cursor{Seq: s.head}}
	page.Gap = after != nil && (foreign || !s.continues(after.Seq) || s.evicted.after(after.Seq) > 0)
	if after == nil || page.Gap {
		page.Events = append(page.Events, s.events[max(0, len(s.events)-limit):]...)
		return page
	}
	from := s.after(after.Seq)
	to := min(from+limit, len(s.events))
	page.Events = append(page.Events, s.events[from:to]...)
	if to < len(s.events) {
		page.Cursor.Seq = s.events[to-1].Seq
	}
	return page
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
	b.Events = slices.Clone(s.events[s.after(c.Seq):])
	b.Missed = s.evicted.after(c.Seq)
	return b, nil, nil
}
