package runner

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"fieldline/element"
)

// stage is a Publisher and a Recorder that remembers everything.
type stage struct {
	mu         sync.Mutex
	streams    map[string]*stream
	recorded   []element.Event
	lost       map[element.EventKind]uint64
	handshakes []element.KeptHandshake
}

type stream struct {
	seq     uint64
	events  []element.Event
	patches []element.Patch
	dropped bool
}

func (s *stage) stream(name string) *stream {
	if s.streams[name] == nil {
		s.streams[name] = &stream{}
	}
	return s.streams[name]
}

func (s *stage) Publish(name string, updates []element.Update) element.Cursor {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stream(name)
	for i := range updates {
		st.seq++
		updates[i].Seq = st.seq
		if e := updates[i].Event; e != nil {
			if e.Seq != 0 {
				panic(fmt.Sprintf("event %d is published twice", e.Seq))
			}
			e.Seq = st.seq
			st.events = append(st.events, *e)
		}
		if p := updates[i].Patch; p != nil {
			st.patches = append(st.patches, *p)
		}
	}
	return element.Cursor{Epoch: "test", Seq: st.seq}
}

func (s *stage) Events(name string, after *element.Cursor, limit int, _ ...element.EventKind) element.EventPage {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stream(name)
	if after != nil {
		at, _ := slices.BinarySearchFunc(st.events, after.Seq+1, func(e element.Event, seq uint64) int { return cmp.Compare(e.Seq, seq) })
		found := st.events[at:min(at+limit, len(st.events))]
		return element.EventPage{Events: slices.Clone(found), Cursor: element.Cursor{Epoch: "test", Seq: st.seq}}
	}
	return element.EventPage{Events: slices.Clone(st.events[max(0, len(st.events)-limit):]), Cursor: element.Cursor{Epoch: "test", Seq: st.seq}}
}

func (s *stage) Drop(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stream(name).dropped = true
}

func (s *stage) Record(_ element.ID, events []element.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recorded = append(s.recorded, events...)
}

func (s *stage) Lost(element.ID) map[element.EventKind]uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	lost := s.lost
	s.lost = nil
	return lost
}

func (s *stage) RecordHandshake(_ element.ID, h element.KeptHandshake) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handshakes = append(s.handshakes, h)
}

func (s *stage) patches(name string) []element.Patch {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.stream(name).patches)
}
