package store

import (
	"sync"
	"sync/atomic"

	"fieldline/element"
)

// entry is an event that waits to be written.
type entry struct {
	element element.ID
	event   element.Event
}

// queue holds recorded events, a lane for each class, and records of handshakes.
type queue struct {
	kick    chan struct{} // holds one token when something was added
	dropped atomic.Uint64

	mu         sync.Mutex
	lanes      [element.EventClasses]lane
	batch      []entry // is being written
	lost       map[element.ID]map[element.EventKind]uint64
	handshakes map[handshakeKey]element.Handshake // the newest of each
}

// newQueue returns a queue that takes limit events of each class.
func newQueue(limit int) *queue {
	q := &queue{kick: make(chan struct{}, 1), lost: map[element.ID]map[element.EventKind]uint64{}}
	for i := range q.lanes {
		q.lanes[i] = lane{limit: limit, lines: map[element.ID][]element.Event{}}
	}
	return q
}

// add takes events in order and counts those it has no room for.
func (q *queue) add(id element.ID, events []element.Event) {
	q.mu.Lock()
	added := 0
	for _, e := range events {
		if e.IsMessage() {
			continue
		}
		added++
		lane := &q.lanes[e.Body.Kind().Class()]
		for _, lost := range lane.add(id, e) {
			q.lose(lost)
		}
	}
	q.mu.Unlock()
	if added == 0 {
		return
	}
	select {
	case q.kick <- struct{}{}:
	default:
	}
}

// lose counts an event that is not kept. The caller holds mu.
func (q *queue) lose(e entry) {
	q.dropped.Add(1)
	of := q.lost[e.element]
	if of == nil {
		of = map[element.EventKind]uint64{}
		q.lost[e.element] = of
	}
	of[e.event.Body.Kind()]++
}

// spoiled counts an event that cannot be written at all.
func (q *queue) spoiled(e entry) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.lose(e)
}

// takeLost returns what was lost of an element since it was asked last.
func (q *queue) takeLost(id element.ID) map[element.EventKind]uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	of := q.lost[id]
	delete(q.lost, id)
	return of
}

func (q *queue) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := len(q.batch)
	for i := range q.lanes {
		n += q.lanes[i].total
	}
	return n
}

// first returns what is to be written next, about n entries, the same again
// until done is called. Every class has its part, the rarer first. Only the
// writer calls it and done.
func (q *queue) first(n int) []entry {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.batch) > 0 {
		return q.batch
	}
	part := max(1, n/len(q.lanes))
	for i := len(q.lanes) - 1; i >= 0; i-- {
		q.batch = q.lanes[i].take(q.batch, part)
	}
	for i := len(q.lanes) - 1; i >= 0 && len(q.batch) < n; i-- {
		q.batch = q.lanes[i].take(q.batch, n-len(q.batch))
	}
	return q.batch
}

// done says that what first returned is written.
func (q *queue) done() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.batch = nil
}

// lane is what waits of one class: a line for each element, so that the storm
// of one takes the room of no other.
type lane struct {
	limit int
	total int
	lines map[element.ID][]element.Event
	turns []element.ID // of elements that have a line; the first is next
}

// add takes an event and returns those that are lost for it. When the lane is
// full an element that has its fair share loses what it brings; else the
// longest line loses its end.
func (l *lane) add(id element.ID, e element.Event) (lost []entry) {
	own, known := l.lines[id]
	if l.total >= l.limit {
		others := len(l.lines)
		if !known {
			others++
		}
		share := max(1, l.limit/others)
		if len(own) >= share {
			return []entry{{id, e}}
		}
		longest := l.longest()
		lost = l.cut(longest, max(1, len(l.lines[longest])-share))
	}
	if !known {
		l.turns = append(l.turns, id)
	}
	l.lines[id] = append(own, e)
	l.total++
	return lost
}

func (l *lane) longest() (id element.ID) {
	most := 0
	for of, line := range l.lines {
		if len(line) > most {
			id, most = of, len(line)
		}
	}
	return id
}

// cut takes the n newest events of a line out and returns them; one stays, so
// that the line keeps its turn.
func (l *lane) cut(id element.ID, n int) (lost []entry) {
	line := l.lines[id]
	keep := max(1, len(line)-n)
	for _, e := range line[keep:] {
		lost = append(lost, entry{id, e})
	}
	clear(line[keep:]) // frees their texts
	l.lines[id] = line[:keep]
	l.total -= len(lost)
	return lost
}

// take moves the oldest events to a batch, at most n, those of all elements in
// turn.
func (l *lane) take(to []entry, n int) []entry {
	for n > 0 && len(l.turns) > 0 {
		id := l.turns[0]
		l.turns = l.turns[1:]
		line := l.lines[id]
		k := min(len(line), max(1, n/(len(l.turns)+1)))
		for _, e := range line[:k] {
			to = append(to, entry{id, e})
		}
		n -= k
		l.total -= k
		if k == len(line) {
			delete(l.lines, id)
			continue
		}
		clear(line[:k]) // frees their texts before the slice moves on
		l.lines[id] = line[k:]
		l.turns = append(l.turns, id)
	}
	return to
}
