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

// queue holds recorded events, at most limit of them, and records of handshakes.
type queue struct {
	limit   int
	kick    chan struct{} // holds one token when something was added
	dropped atomic.Uint64

	mu         sync.Mutex
	entries    []entry
	handshakes map[handshakeKey]element.Handshake // the newest of each
}

func newQueue(limit int) *queue {
	return &queue{limit: limit, kick: make(chan struct{}, 1)}
}

// add takes events in order and counts those it has no room for.
func (q *queue) add(id element.ID, events []element.Event) {
	q.mu.Lock()
	added := 0
	for _, e := range events {
		switch {
		case e.IsMessage():
		case len(q.entries) >= q.limit:
			q.dropped.Add(1)
		default:
			q.entries = append(q.entries, entry{id, e})
			added++
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

func (q *queue) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.entries)
}

// first returns the oldest entries, at most n, and leaves them in the queue.
// Only the writer calls it and done.
func (q *queue) first(n int) []entry {
	q.mu.Lock()
	defer q.mu.Unlock()
	n = min(n, len(q.entries))
	return q.entries[:n:n]
}

// done takes the n oldest entries out.
func (q *queue) done(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n == len(q.entries) {
		q.entries = nil
		return
	}
	clear(q.entries[:n]) // frees their texts before the slice moves on
	q.entries = q.entries[n:]
}
